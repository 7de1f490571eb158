//! Reads a scenario from JSON or TOML, and says which field of which step is wrong.

use std::collections::BTreeSet;

use checkout::{Amount, Currency};
use serde::{Deserialize, Deserializer};
use serde_path_to_error::Segment;

use super::{Action, Payee, PlannedAmount, PlannedDeposit, Scenario, Step};
use crate::clock::MAX_OFFSET_SECONDS;
use crate::deposit::Stage;
use crate::faults::{FaultRequest, FaultRequestRefusal};
use crate::rates::Rates;
use crate::seed::Seed;

/// The most steps a scenario may have.
const MOST_STEPS: usize = 10_000;

/// Why a text is no scenario.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ScenarioError {
    /// It is neither JSON nor TOML.
    #[error("expected JSON or TOML: {0}")]
    Malformed(String),
    /// A field of the whole scenario is wrong.
    #[error("{field}: {reason}")]
    Field {
        /// The field.
        field: String,
        /// What was expected and what came.
        reason: String,
    },
    /// A step is wrong.
    #[error("step {step}, {field}: {reason}")]
    Step {
        /// Its number in the file, from 1.
        step: usize,
        /// The field within the step, such as `fault.kind`.
        field: String,
        /// What was expected and what came.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioText {
    name: Option<String>,
    seed: Option<u64>,
    steps: Vec<StepText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StepText {
    at: u64,
    fault: Option<FaultRequest>,
    clear_faults: Option<bool>,
    rate: Option<RateText>,
    clock: Option<ClockText>,
    deposit: Option<DepositText>,
    r#move: Option<MoveText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RateText {
    from_currency: String,
    to_currency: String,
    rate: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockText {
    advance_seconds: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DepositText {
    external_id: Option<String>,
    currency: Option<String>,
    address: Option<String>,
    amount: String,
    stage: Option<Stage>,
    from: Option<String>,
    label: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveText {
    deposit: String,
    stage: Stage,
}

impl Scenario {
    /// Reads a scenario: JSON if the text begins with a brace, else TOML.
    ///
    /// # Errors
    ///
    /// [`ScenarioError`] with the step and the field that is wrong.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let text: ScenarioText = if text.trim_start().starts_with('{') {
            let mut json = serde_json::Deserializer::from_str(text);
            let read = fields(&mut json, |error| error.is_data())?;
            json.end()
                .map_err(|error| ScenarioError::Malformed(error.to_string()))?;
            read
        } else {
            let toml = toml::Deserializer::parse(text).map_err(|error| {
                let before = error.span().and_then(|span| text.get(..span.start));
                let line = before.map_or(1, |before| before.matches('\n').count() + 1);
                let message = error.message().replace('\n', ", ");
                ScenarioError::Malformed(format!("line {line}: {message}"))
            })?;
            fields(toml, |_| true)?
        };
        let ScenarioText { name, seed, steps } = text;
        if steps.len() > MOST_STEPS {
            let reason = format!("expected at most {MOST_STEPS}, got {}", steps.len());
            let field = "steps".to_owned();
            return Err(ScenarioError::Field { field, reason });
        }
        let mut checked = Vec::with_capacity(steps.len());
        for (place, text) in steps.into_iter().enumerate() {
            let (number, at) = (place + 1, text.at);
            let wrong = |(field, reason): Wrong| ScenarioError::Step {
                step: number,
                field,
                reason,
            };
            if at > MAX_OFFSET_SECONDS {
                let reason = format!("expected at most {MAX_OFFSET_SECONDS} seconds, got {at}");
                return Err(wrong(("at".to_owned(), reason)));
            }
            let action = text.action().map_err(wrong)?;
            checked.push(Step { number, at, action });
        }
        checked.sort_by_key(|step| step.at);
        let mut labels = BTreeSet::new();
        for Step { number, action, .. } in &checked {
            let (field, reason) = match action {
                Action::Deposit(PlannedDeposit {
                    label: Some(label), ..
                }) if !labels.insert(label) => (
                    "deposit.label",
                    format!("expected another label than an earlier step's, got {label:?}"),
                ),
                Action::Move { label, .. } if !labels.contains(label) => (
                    "move.deposit",
                    format!("expected the label of a deposit before this step, got {label:?}"),
                ),
                _ => continue,
            };
            let (step, field) = (*number, field.to_owned());
            return Err(ScenarioError::Step {
                step,
                field,
                reason,
            });
        }
        Ok(Self {
            name,
            seed,
            steps: checked,
        })
    }
}

/// Reads a value, and names the field that cannot be read; an error for which `is_data` does not hold is one of the text.
fn fields<'de, D: Deserializer<'de>>(
    from: D,
    is_data: impl FnOnce(&D::Error) -> bool,
) -> Result<ScenarioText, ScenarioError> {
    serde_path_to_error::deserialize(from).map_err(|error| {
        let path: Vec<Segment> = error.path().iter().map(copy).collect();
        let error = error.into_inner();
        // Of an error of several lines the last says what is wrong, the others show where.
        let text = error.to_string();
        let reason = text.lines().last().unwrap_or_default().to_owned();
        if !is_data(&error) {
            return ScenarioError::Malformed(reason);
        }
        let name = |segments: &[Segment]| {
            let names: Vec<String> = segments.iter().map(ToString::to_string).collect();
            names.join(".")
        };
        match &path[..] {
            [Segment::Map { key }, Segment::Seq { index }, field @ ..] if key == "steps" => {
                ScenarioError::Step {
                    step: index + 1,
                    field: if field.is_empty() {
                        "step".to_owned()
                    } else {
                        name(field)
                    },
                    reason,
                }
            }
            [] => ScenarioError::Field {
                field: "scenario".to_owned(),
                reason,
            },
            field => ScenarioError::Field {
                field: name(field),
                reason,
            },
        }
    })
}

fn copy(segment: &Segment) -> Segment {
    match segment {
        Segment::Seq { index } => Segment::Seq { index: *index },
        Segment::Map { key } => Segment::Map { key: key.clone() },
        Segment::Enum { variant } => Segment::Enum {
            variant: variant.clone(),
        },
        Segment::Unknown => Segment::Unknown,
    }
}

/// A field and what is wrong with it.
type Wrong = (String, String);

fn wrong<T>(field: &str, reason: impl Into<String>) -> Result<T, Wrong> {
    Err((field.to_owned(), reason.into()))
}

impl StepText {
    fn action(self) -> Result<Action, Wrong> {
        let mut actions = Vec::new();
        if let Some(request) = self.fault {
            let fault = request.check();
            actions.push(Action::Fault(fault.map_err(
                |FaultRequestRefusal { field, reason }| (format!("fault.{field}"), reason),
            )?));
        }
        if let Some(clear) = self.clear_faults {
            if !clear {
                return wrong("clearFaults", "expected true, got false");
            }
            actions.push(Action::ClearFaults);
        }
        if let Some(rate) = self.rate {
            actions.push(rate.action()?);
        }
        if let Some(ClockText { advance_seconds }) = self.clock {
            if advance_seconds > MAX_OFFSET_SECONDS {
                return wrong(
                    "clock.advanceSeconds",
                    format!("expected at most {MAX_OFFSET_SECONDS}, got {advance_seconds}"),
                );
            }
            actions.push(Action::Clock { advance_seconds });
        }
        if let Some(deposit) = self.deposit {
            actions.push(Action::Deposit(deposit.check()?));
        }
        if let Some(MoveText { deposit, stage }) = self.r#move {
            actions.push(Action::Move {
                label: deposit,
                stage,
            });
        }
        let names: Vec<_> = actions.iter().map(Action::as_str).collect();
        let got = if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(" and ")
        };
        match <[Action; 1]>::try_from(actions) {
            Ok([action]) => Ok(action),
            Err(_) => wrong(
                "clearFaults|clock|deposit|fault|move|rate",
                format!("expected exactly one of these, got {got}"),
            ),
        }
    }
}

impl RateText {
    fn action(self) -> Result<Action, Wrong> {
        let Self {
            from_currency: from,
            to_currency: to,
            rate,
        } = self;
        let rate =
            Amount::parse(&rate).map_err(|error| ("rate.rate".to_owned(), error.to_string()))?;
        // A table of its own tells beforehand what the ledger's would refuse.
        let refusal = Rates::new(Seed(0)).fix(&from, &to, rate);
        refusal.map_err(|error| ("rate".to_owned(), error.to_string()))?;
        Ok(Action::Rate { from, to, rate })
    }
}

impl DepositText {
    fn check(self) -> Result<PlannedDeposit, Wrong> {
        let to = match (self.address, self.external_id) {
            (Some(_), Some(_)) => {
                return wrong(
                    "deposit.address",
                    "expected either address or externalId, got both",
                );
            }
            (Some(address), None) => Payee::Address(address),
            (None, None) if self.currency.is_none() => {
                return wrong(
                    "deposit.externalId",
                    "expected at least one of externalId, currency and address",
                );
            }
            (None, external_id) => Payee::Invoice { external_id },
        };
        if let Some(code) = self
            .currency
            .as_ref()
            .filter(|code| Currency::find(code).is_none())
        {
            return wrong(
                "deposit.currency",
                format!("expected a currency such as USDT_TRX, got {code:?}"),
            );
        }
        let stage = self.stage.unwrap_or(Stage::Confirmed);
        if !matches!(stage, Stage::Mempool | Stage::Confirmed) {
            return wrong(
                "deposit.stage",
                format!("expected mempool or confirmed, got {}", stage.as_str()),
            );
        }
        let amount = match self.amount.as_str() {
            "due" if matches!(to, Payee::Address(_)) => {
                return wrong(
                    "deposit.amount",
                    "expected digits for an address, since \"due\" needs externalId or currency",
                );
            }
            "due" => PlannedAmount::Due,
            digits => match Amount::parse(digits) {
                Ok(amount) if amount.is_zero() => {
                    return wrong("deposit.amount", "expected an amount above zero");
                }
                Ok(amount) => PlannedAmount::Exactly(amount),
                Err(error) => {
                    return wrong(
                        "deposit.amount",
                        format!("expected an amount or \"due\": {error}"),
                    );
                }
            },
        };
        if self
            .from
            .as_ref()
            .is_some_and(|from| from.trim().is_empty())
        {
            return wrong("deposit.from", "expected an address, or no such field");
        }
        Ok(PlannedDeposit {
            to,
            amount,
            currency: self.currency,
            stage,
            from: self.from,
            label: self.label,
        })
    }
}
