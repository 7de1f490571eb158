//! What counts of several rounds: the value in the middle.

use std::fmt;

/// The value in the middle; the least there is when there are none.
pub(super) fn median<T: Ord + Copy + Default>(values: impl IntoIterator<Item = T>) -> T {
    let mut all: Vec<T> = values.into_iter().collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// A ratio, counted in hundredths.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ratio(pub(super) u64);

impl Ratio {
    pub(super) fn of(part: u64, whole: u64) -> Self {
        Self(part * 100 / whole.max(1))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}
