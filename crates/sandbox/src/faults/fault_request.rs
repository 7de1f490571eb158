//! A fault as somebody asks for it, and what is wrong with it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Fault, FaultKind};
use crate::event::EventName;

/// How late a late answer is when nobody says, in milliseconds.
const DELAY_MS: u64 = 2_000;
/// Between two bytes of an answer that drips.
const DRIP_MS: u64 = 20;
/// The longest delay of an answer, in milliseconds.
const MOST_DELAY_MS: u64 = 600_000;
/// How late a delivery is when nobody says, in virtual seconds.
const DELAY_SECONDS: u32 = 60;
/// The longest delay of a delivery: a week.
const MOST_DELAY_SECONDS: u32 = 7 * 24 * 60 * 60;

/// What [`FaultRequest`] may hold, for refusals.
pub(crate) const EXPECTED: &str = "{path?, event?, kind or weights, times?, every?, percent?, seed?, delayMs?, \
    delaySeconds?, afterBytes?}";

/// The body of `POST /sandbox/v1/faults`, and the `fault` of a scenario's step.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FaultRequest {
    pub(crate) path: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) weights: Option<BTreeMap<String, u32>>,
    pub(crate) times: Option<u32>,
    pub(crate) every: Option<u32>,
    pub(crate) percent: Option<u32>,
    pub(crate) seed: Option<u64>,
    pub(crate) delay_ms: Option<u64>,
    pub(crate) delay_seconds: Option<u32>,
    pub(crate) after_bytes: Option<usize>,
}

/// A field of the request that cannot be as it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FaultRequestRefusal {
    pub(crate) field: &'static str,
    pub(crate) reason: String,
}

fn wrong<T>(field: &'static str, reason: impl Into<String>) -> Result<T, FaultRequestRefusal> {
    let reason = reason.into();
    Err(FaultRequestRefusal { field, reason })
}

/// A number within bounds.
fn within<N: Copy + PartialOrd + std::fmt::Display>(
    field: &'static str,
    number: N,
    bounds: std::ops::RangeInclusive<N>,
) -> Result<N, FaultRequestRefusal> {
    if bounds.contains(&number) {
        Ok(number)
    } else {
        let (least, most) = bounds.into_inner();
        wrong(field, format!("expected {least} to {most}, got {number}"))
    }
}

impl FaultRequest {
    /// The fault, if it makes sense.
    pub(crate) fn check(self) -> Result<Fault, FaultRequestRefusal> {
        let weights = self.kinds()?;
        let deliveries = weights[0].0.strikes_deliveries();
        if weights
            .iter()
            .any(|(kind, _)| kind.strikes_deliveries() != deliveries)
        {
            return wrong(
                "weights",
                "expected kinds for calls or kinds for deliveries, got both",
            );
        }
        match &self.path {
            Some(_) if deliveries => {
                return wrong(
                    "path",
                    "expected none for a fault of deliveries; event chooses among them",
                );
            }
            Some(path) if !path.starts_with('/') => {
                return wrong(
                    "path",
                    format!("expected a path such as /api/v1/invoice, got {path:?}"),
                );
            }
            _ => {}
        }
        let event = match &self.event {
            Some(_) if !deliveries => {
                return wrong(
                    "event",
                    "expected none for a fault of calls; path chooses among them",
                );
            }
            Some(name) => match EventName::find(name) {
                Some(event) => Some(event),
                None => {
                    return wrong(
                        "event",
                        format!("expected an event such as INVOICE_PAID, got {name:?}"),
                    );
                }
            },
            None => None,
        };
        let drips = weights.iter().all(|(kind, _)| *kind == FaultKind::Drip);
        let delay_ms = self
            .delay_ms
            .unwrap_or(if drips { DRIP_MS } else { DELAY_MS });
        if delay_ms > MOST_DELAY_MS {
            return wrong(
                "delayMs",
                format!("expected at most {MOST_DELAY_MS}, got {delay_ms}"),
            );
        }
        // A fault that strikes only now and then goes on until it is ended, one that always strikes strikes once.
        let chance = self.every.is_some() || self.percent.is_some();
        let times = self.times.or((!chance).then_some(1));
        if times == Some(0) {
            return wrong("times", "expected at least 1");
        }
        let every = self
            .every
            .map(|every| within("every", every, 1..=1_000_000))
            .transpose()?;
        let percent = self
            .percent
            .map(|percent| within("percent", percent, 1..=100))
            .transpose()?;
        let delay_seconds = within(
            "delaySeconds",
            self.delay_seconds.unwrap_or(DELAY_SECONDS),
            1..=MOST_DELAY_SECONDS,
        )?;
        Ok(Fault {
            path: self.path,
            event,
            weights,
            times,
            every,
            percent,
            seed: self.seed,
            delay_ms,
            delay_seconds,
            after_bytes: self.after_bytes,
            met: 0,
        })
    }

    /// The kinds among which it chooses; always at least one.
    fn kinds(&self) -> Result<Vec<(FaultKind, u32)>, FaultRequestRefusal> {
        let known = || {
            FaultKind::ALL
                .iter()
                .map(|kind| kind.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let find = |field, name: &str| match FaultKind::find(name) {
            Some(kind) => Ok(kind),
            None => wrong(field, format!("expected one of {}, got {name:?}", known())),
        };
        match (&self.kind, &self.weights) {
            (Some(name), None) => Ok(vec![(find("kind", name)?, 1)]),
            (Some(_), Some(_)) => wrong("weights", "expected either kind or weights, got both"),
            (None, None) => wrong("kind", format!("expected one of {}, or weights", known())),
            (None, Some(weights)) if weights.is_empty() => {
                wrong("weights", "expected at least one kind")
            }
            (None, Some(weights)) => weights
                .iter()
                .map(|(name, weight)| {
                    Ok((
                        find("weights", name)?,
                        within("weights", *weight, 1..=1_000_000)?,
                    ))
                })
                .collect(),
        }
    }
}
