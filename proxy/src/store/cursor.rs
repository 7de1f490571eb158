//! A place in the history of everything, at which nothing is skipped that is committed late.
//!
//! An entry gets its number when it is written, and is seen when its transaction is committed. So one with a lower number may come after one
//! with a higher number. A number that is left out is remembered, and asked for again, until it has come or is so old that its
//! transaction must have ended without it.

use std::collections::BTreeMap;
use std::time::Duration;

/// How long a number that was left out is asked for: far longer than any transaction lasts.
const LATE: Duration = Duration::from_secs(10 * 60);
/// How many are remembered. The oldest go first, should there ever be more.
const MOST: usize = 4096;

/// How far the history was read.
#[derive(Debug)]
pub(super) struct Cursor {
    highest: i64,
    /// Numbers below the highest that were not there yet, with the time at which that was noticed.
    missing: BTreeMap<i64, Duration>,
}

impl Cursor {
    /// Begins behind the latest entries, given by their numbers. What is missing among them may still come.
    pub(super) fn behind(latest: &[i64], now: Duration) -> Self {
        let lowest = latest.iter().min().copied().unwrap_or(0);
        let mut cursor = Self {
            highest: lowest,
            missing: BTreeMap::new(),
        };
        cursor.take(latest.iter().copied(), now);
        cursor
    }

    /// The number above which nothing was read yet.
    pub(super) fn highest(&self) -> i64 {
        self.highest
    }

    /// The numbers below it that may still come.
    pub(super) fn missing(&self) -> Vec<i64> {
        self.missing.keys().copied().collect()
    }

    /// Notes which numbers were read now.
    pub(super) fn take(&mut self, seen: impl IntoIterator<Item = i64>, now: Duration) {
        let mut seen: Vec<i64> = seen.into_iter().collect();
        seen.sort_unstable();
        for seq in seen {
            if seq <= self.highest {
                self.missing.remove(&seq);
                continue;
            }
            let room = i64::try_from(MOST).unwrap_or(i64::MAX);
            let first = seq.saturating_sub(room).max(self.highest.saturating_add(1));
            self.missing.extend((first..seq).map(|late| (late, now)));
            self.highest = seq;
        }
        self.missing
            .retain(|_, since| now.saturating_sub(*since) < LATE);
        while self.missing.len() > MOST {
            self.missing.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Duration, LATE, MOST};

    const NOW: Duration = Duration::from_secs(1000);

    #[test]
    fn what_comes_late_is_asked_for_until_it_comes() {
        let mut cursor = Cursor::behind(&[], NOW);
        cursor.take([1, 2, 5], NOW);
        assert_eq!((cursor.highest(), cursor.missing()), (5, vec![3, 4]));
        cursor.take([4, 6], NOW);
        assert_eq!((cursor.highest(), cursor.missing()), (6, vec![3]));
        cursor.take([3], NOW);
        assert_eq!((cursor.highest(), cursor.missing()), (6, vec![]));
    }

    #[test]
    fn it_begins_behind_what_is_there_and_before_what_is_under_way() {
        let cursor = Cursor::behind(&[107, 103, 104], NOW);
        assert_eq!((cursor.highest(), cursor.missing()), (107, vec![105, 106]));
    }

    #[test]
    fn a_number_that_never_comes_is_given_up_after_any_transaction_has_ended() {
        let mut cursor = Cursor::behind(&[1], NOW);
        cursor.take([3], NOW);
        cursor.take([], NOW + LATE - Duration::from_millis(1));
        assert_eq!(cursor.missing(), [2]);
        cursor.take([], NOW + LATE);
        assert_eq!(cursor.missing(), [0; 0]);
    }

    #[test]
    fn a_leap_of_the_numbers_fills_no_memory() {
        let mut cursor = Cursor::behind(&[1], NOW);
        cursor.take([i64::MAX - 1], NOW);
        assert_eq!(cursor.missing().len(), MOST);
        cursor.take([i64::MAX], NOW);
        assert_eq!(cursor.highest(), i64::MAX);
    }
}
