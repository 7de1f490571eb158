//! Scenarios: what is to happen at which second, written down beforehand.

mod play;
mod read;

use checkout::Amount;

use crate::deposit::Stage;
use crate::faults::Fault;

pub(crate) use play::{Play, ScenarioView, Scene};
pub use read::ScenarioError;

/// A checked scenario; the grammar is that of [`scenarios`](crate::scenarios).
///
/// ```
/// use calypso_sandbox::{Sandbox, Scenario, Settings};
/// let text = r#"{"steps": [{"at": 10, "fault": {"kind": "error503", "times": 3}}]}"#;
/// let sandbox = Sandbox::new(Settings::default());
/// sandbox.play(Scenario::parse(text).unwrap());
/// let error = Scenario::parse(r#"{"steps": [{"at": 10, "fault": {"kind": "earthquake"}}]}"#).unwrap_err();
/// assert!(error.to_string().starts_with("step 1, fault.kind: expected one of error500, "));
/// ```
#[derive(Clone, Debug)]
pub struct Scenario {
    name: Option<String>,
    seed: Option<u64>,
    /// By time; those of one second in the order of the file.
    steps: Vec<Step>,
}

/// One thing that is to happen.
#[derive(Clone, Debug)]
struct Step {
    /// Its number in the file, from 1.
    number: usize,
    /// Virtual seconds after the beginning.
    at: u64,
    action: Action,
}

#[derive(Clone, Debug)]
enum Action {
    Fault(Fault),
    ClearFaults,
    Rate {
        from: String,
        to: String,
        rate: Amount,
    },
    Clock {
        advance_seconds: u64,
    },
    Deposit(PlannedDeposit),
    Move {
        label: String,
        stage: Stage,
    },
}

impl Action {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Fault(_) => "fault",
            Self::ClearFaults => "clearFaults",
            Self::Rate { .. } => "rate",
            Self::Clock { .. } => "clock",
            Self::Deposit(_) => "deposit",
            Self::Move { .. } => "move",
        }
    }
}

/// Money that will be sent.
#[derive(Clone, Debug)]
struct PlannedDeposit {
    to: Payee,
    amount: PlannedAmount,
    currency: Option<String>,
    stage: Stage,
    from: Option<String>,
    label: Option<String>,
}

/// Who the money is sent to.
#[derive(Clone, Debug)]
enum Payee {
    /// Whoever has this address.
    Address(String),
    /// The newest invoice of this external id; any, if it is none.
    Invoice { external_id: Option<String> },
}

#[derive(Clone, Copy, Debug)]
enum PlannedAmount {
    Exactly(Amount),
    /// What is still missing.
    Due,
}
