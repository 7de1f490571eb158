//! The spans that numbers are counted over, and how much of a number may come at once.

use std::time::Duration;

/// How long one is, and which part of its number may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    seconds: u32,
    parts: u32,
}

impl Span {
    /// Everything of a minute may come at once: pages ask in bursts.
    pub(crate) const MINUTE: Self = Self {
        seconds: 60,
        parts: 1,
    };
    /// A tenth of an hour's number may come at once.
    pub(crate) const HOUR: Self = Self {
        seconds: 60 * 60,
        parts: 10,
    };
    /// A quarter of a day's number may come at once: shops sell in the evening.
    pub(crate) const DAY: Self = Self {
        seconds: 24 * 60 * 60,
        parts: 4,
    };

    /// How many of `most` may come at once; one at least.
    pub(crate) fn at_once(self, most: u32) -> u32 {
        (most / self.parts).max(1)
    }

    /// Which part of a number may come at once.
    pub(crate) fn parts(self) -> u64 {
        u64::from(self.parts)
    }

    pub(crate) fn seconds(self) -> u64 {
        u64::from(self.seconds)
    }

    pub(crate) fn length(self) -> Duration {
        Duration::from_secs(self.seconds())
    }
}
