//! Faults that were asked for: the next calls and deliveries fail in the named way.

mod fault_request;
mod kind;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard};

use serde::{Serialize, Serializer};

use crate::event::EventName;
use crate::seed::Seed;

pub(crate) use fault_request::{EXPECTED, FaultRequest, FaultRequestRefusal};
pub use kind::FaultKind;

/// A fault somebody has asked for.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Strikes only calls of this path; a `*` at the end stands for any rest. None: any call.
    path: Option<String>,
    /// Strikes only deliveries of this event. None: any delivery.
    event: Option<EventName>,
    /// The kinds it may have, each with its weight in the draw.
    weights: Vec<(FaultKind, u32)>,
    /// How often it will still strike; none: until it is ended.
    times: Option<u32>,
    /// With `n`, strikes only every n-th of those it could strike.
    every: Option<u32>,
    /// The chance of striking, in percent.
    percent: Option<u32>,
    /// The number that chances and choices are drawn from.
    seed: Option<u64>,
    /// For `latency`: by how many real milliseconds the answer is late; for `drip`: how many lie between two bytes.
    delay_ms: u64,
    /// For `webhook_delay` and `webhook_reorder`: by how many virtual seconds the delivery is late at most.
    delay_seconds: u32,
    /// For `truncated` and `reset`: where the answer ends; the middle if it is not said.
    after_bytes: Option<usize>,
    /// How often it was asked, whether it struck or not.
    met: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FaultView<'a> {
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<EventName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<FaultKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weights: Option<BTreeMap<&'static str, u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    delay_ms: u64,
    delay_seconds: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_bytes: Option<usize>,
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let one = match self.weights[..] {
            [(kind, _)] => Some(kind),
            _ => None,
        };
        let weights = self
            .weights
            .iter()
            .map(|(kind, weight)| (kind.as_str(), *weight));
        let drawn = self.percent.is_some() || one.is_none();
        FaultView {
            path: self.path.as_deref(),
            event: self.event,
            kind: one,
            weights: one.is_none().then(|| weights.collect()),
            times: self.times,
            every: self.every,
            percent: self.percent,
            seed: self.seed.filter(|_| drawn),
            delay_ms: self.delay_ms,
            delay_seconds: self.delay_seconds,
            after_bytes: self.after_bytes,
        }
        .serialize(to)
    }
}

/// What could be struck.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    /// A call of this path.
    Call(&'a str),
    /// The first attempt of a delivery of this event.
    Delivery(EventName),
}

/// What happens to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaultHit {
    pub(crate) kind: FaultKind,
    pub(crate) delay_ms: u64,
    pub(crate) delay_seconds: u32,
    pub(crate) after_bytes: Option<usize>,
}

impl Fault {
    fn concerns(&self, target: Target<'_>) -> bool {
        let deliveries = self.weights[0].0.strikes_deliveries();
        match target {
            Target::Delivery(event) => {
                deliveries && self.event.is_none_or(|wanted| wanted == event)
            }
            Target::Call(path) => {
                let fits = |pattern: &str| match pattern.strip_suffix('*') {
                    Some(start) => path.starts_with(start),
                    None => path == pattern,
                };
                !deliveries && self.path.as_deref().is_none_or(fits)
            }
        }
    }

    /// Decides whether it strikes something it could strike. What it decides depends on its seed and on how often it was asked.
    fn meet(&mut self) -> Option<FaultHit> {
        self.met += 1;
        let seed = Seed(self.seed.unwrap_or(0));
        let turn = self
            .every
            .is_none_or(|every| self.met.is_multiple_of(u64::from(every)));
        let luck = |percent: u32| seed.below("fault strikes", self.met, 100) < u64::from(percent);
        if !turn || !self.percent.is_none_or(luck) {
            return None;
        }
        let sum = self
            .weights
            .iter()
            .map(|(_, weight)| u64::from(*weight))
            .sum();
        let mut left = seed.below("fault kind", self.met, sum);
        let chosen = self.weights.iter().find(|(_, weight)| {
            let hit = left < u64::from(*weight);
            left = left.saturating_sub(u64::from(*weight));
            hit
        });
        let (kind, _) = chosen.expect("a number below the sum of the weights lies in one of them");
        Some(FaultHit {
            kind: *kind,
            delay_ms: self.delay_ms,
            delay_seconds: self.delay_seconds,
            after_bytes: self.after_bytes,
        })
    }
}

/// The faults that are still to strike, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<VecDeque<Fault>>);

impl Faults {
    fn pending(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.0
            .lock()
            .expect("nothing panics while it holds the faults")
    }

    /// Adds a fault, which draws by `seed` unless it brings its own, and returns it as it is now.
    pub(crate) fn add(&self, mut fault: Fault, seed: u64) -> Fault {
        fault.seed = fault.seed.or(Some(seed));
        self.pending().push_back(fault.clone());
        fault
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.pending().iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.pending().clear();
    }

    /// Takes the fault that strikes this, if one does: the first that concerns it and chooses to.
    pub(crate) fn take(&self, target: Target<'_>) -> Option<FaultHit> {
        let mut pending = self.pending();
        let mut found = None;
        for (place, fault) in pending.iter_mut().enumerate() {
            if fault.concerns(target)
                && let Some(strike) = fault.meet()
            {
                found = Some((place, strike));
                break;
            }
        }
        let (place, strike) = found?;
        if let Some(times) = &mut pending[place].times {
            *times -= 1;
            if *times == 0 {
                pending.remove(place);
            }
        }
        Some(strike)
    }
}
