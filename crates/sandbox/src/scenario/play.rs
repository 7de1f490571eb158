//! A scenario while it is played: which steps were taken, which are still to come.

use std::collections::HashMap;

use checkout::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{Action, Payee, PlannedAmount, PlannedDeposit, Scenario, Step};
use crate::clock::{MAX_OFFSET_SECONDS, VirtualClock};
use crate::faults::Faults;
use crate::ledger::{Ledger, Sending};

/// A scenario and how far it has come.
#[derive(Debug)]
pub(crate) struct Play {
    scenario: Scenario,
    seed: u64,
    started: Timestamp,
    /// How each step stands, in the order of the steps.
    progress: Vec<Progress>,
    /// The deposits that were sent under a label.
    labels: HashMap<String, Uuid>,
}

/// How a step stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Progress {
    /// Its time has not come.
    Planned,
    /// Its time has come, but what it is about does not exist yet.
    Waiting(String),
    Done,
    /// It cannot be done any more.
    Failed(String),
}

/// A scenario as the control side shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScenarioView {
    name: Option<String>,
    seed: u64,
    started_at: Timestamp,
    steps: Vec<StepView>,
}

#[derive(Debug, Serialize)]
struct StepView {
    step: usize,
    at: u64,
    does: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// What a step works on.
pub(crate) struct Scene<'a> {
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) clock: &'a VirtualClock,
    pub(crate) faults: &'a Faults,
}

impl Play {
    /// A scenario that begins now. Without a seed of its own it draws by `seed`.
    pub(crate) fn new(scenario: Scenario, seed: u64, started: Timestamp) -> Self {
        Self {
            seed: scenario.seed.unwrap_or(seed),
            started,
            progress: vec![Progress::Planned; scenario.steps.len()],
            labels: HashMap::new(),
            scenario,
        }
    }

    /// The place of the next step whose time has come, and that time.
    pub(crate) fn due(&self, now: Timestamp) -> Option<(usize, Timestamp)> {
        let place = self
            .progress
            .iter()
            .position(|state| *state == Progress::Planned)?;
        let seconds = i64::try_from(self.scenario.steps[place].at).expect("times are bounded");
        let at = self.started.plus_seconds(seconds);
        (at <= now).then_some((place, at))
    }

    /// The places of the steps that wait for something.
    pub(crate) fn waiting(&self) -> Vec<usize> {
        let waits = |place: &usize| matches!(self.progress[*place], Progress::Waiting(_));
        (0..self.progress.len()).filter(waits).collect()
    }

    /// Takes a step. Tells whether it was done.
    pub(crate) fn take(&mut self, place: usize, at: Timestamp, scene: &mut Scene<'_>) -> bool {
        let Step { number, action, .. } = self.scenario.steps[place].clone();
        let progress = match action {
            Action::Fault(fault) => {
                scene
                    .faults
                    .add(fault, self.seed.wrapping_add(number as u64));
                Progress::Done
            }
            Action::ClearFaults => {
                scene.faults.clear();
                Progress::Done
            }
            Action::Rate { from, to, rate } => match scene.ledger.rates.fix(&from, &to, rate) {
                Ok(()) => Progress::Done,
                Err(refusal) => Progress::Failed(refusal.to_string()),
            },
            Action::Clock { advance_seconds } => {
                if scene.clock.offset_seconds() + advance_seconds > MAX_OFFSET_SECONDS {
                    Progress::Failed(format!(
                        "expected to stay within {MAX_OFFSET_SECONDS} seconds of the wall clock"
                    ))
                } else {
                    scene.clock.advance_seconds(advance_seconds);
                    Progress::Done
                }
            }
            Action::Deposit(deposit) => self.send(deposit, at, scene.ledger),
            Action::Move { label, stage } => match self.labels.get(&label) {
                None => Progress::Waiting(format!("the deposit {label:?} was not sent yet")),
                Some(id) => match scene.ledger.move_deposit(at, &id.to_string(), stage) {
                    Ok(_) => Progress::Done,
                    Err(refusal) => Progress::Failed(refusal.to_string()),
                },
            },
        };
        let done = progress == Progress::Done;
        self.progress[place] = progress;
        done
    }

    fn send(&mut self, deposit: PlannedDeposit, at: Timestamp, ledger: &mut Ledger) -> Progress {
        let PlannedDeposit {
            to,
            amount,
            currency,
            stage,
            from,
            label,
        } = deposit;
        let (address, missing) = match to {
            Payee::Address(address) => (address, None),
            Payee::Invoice { external_id } => {
                let invoice = ledger.invoices().iter().rev().find(|invoice| {
                    let id = &invoice.order.external_id;
                    external_id
                        .as_ref()
                        .is_none_or(|wanted| id.as_ref() == Some(wanted))
                        && currency
                            .as_ref()
                            .is_none_or(|code| invoice.order.currency.code == code)
                });
                let Some(invoice) = invoice else {
                    return Progress::Waiting("there is no such invoice yet".to_owned());
                };
                let missing = invoice
                    .amount
                    .map(|amount| amount.checked_sub(invoice.received));
                (invoice.address.clone(), missing)
            }
        };
        let amount = match amount {
            PlannedAmount::Exactly(amount) => amount,
            PlannedAmount::Due => match missing {
                Some(Ok(missing)) if !missing.is_zero() => missing,
                Some(_) => return Progress::Failed("nothing is due any more".to_owned()),
                None => {
                    return Progress::Failed(
                        "the invoice takes any amount, so none is due".to_owned(),
                    );
                }
            },
        };
        let sending = Sending {
            address,
            amount,
            currency,
            stage,
            from,
        };
        match ledger.deposit(at, sending) {
            Ok(index) => {
                let id = ledger.deposit_at(index).id;
                self.labels.extend(label.map(|label| (label, id)));
                Progress::Done
            }
            Err(refusal) => Progress::Failed(refusal.to_string()),
        }
    }

    pub(crate) fn view(&self) -> ScenarioView {
        let steps = self
            .scenario
            .steps
            .iter()
            .zip(&self.progress)
            .map(|(step, progress)| {
                let (state, reason) = match progress {
                    Progress::Planned => ("planned", None),
                    Progress::Waiting(reason) => ("waiting", Some(reason.clone())),
                    Progress::Done => ("done", None),
                    Progress::Failed(reason) => ("failed", Some(reason.clone())),
                };
                StepView {
                    step: step.number,
                    at: step.at,
                    does: step.action.as_str(),
                    state,
                    reason,
                }
            });
        ScenarioView {
            name: self.scenario.name.clone(),
            seed: self.seed,
            started_at: self.started,
            steps: steps.collect(),
        }
    }
}
