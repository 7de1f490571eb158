//! How long answers took.

use std::fmt;
use std::time::Duration;

/// Times of many requests.
#[derive(Default, Clone)]
pub(crate) struct Latency(Vec<Duration>);

impl Latency {
    pub(crate) fn note(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub(crate) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// The time that `percent` of the requests did not exceed; nought when there were none.
    pub(crate) fn at(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(rank.min(last)).copied().unwrap_or_default()
    }

    pub(crate) fn max(&self) -> Duration {
        self.at(100)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

/// Milliseconds with one decimal.
pub(crate) struct Millis(pub(crate) Duration);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.as_micros() / 100;
        f.pad(&format!("{}.{}", tenths / 10, tenths % 10))
    }
}
