//! Counting the tests of a run from the lines its runner prints.

use anyhow::{Result, bail};

/// How many checks passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Count {
    /// One step that is one check.
    pub(crate) const ONE_PASSED: Count = Count {
        passed: 1,
        failed: 0,
    };
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Reads the summaries of `cargo test`, of wasm-bindgen's runner and of `node --test`.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    count: Count,
    skipped: usize,
}

impl Tally {
    /// Takes one line of output.
    pub(crate) fn see(&mut self, line: &str) {
        let line = line.trim();
        if let Some(summary) = line.strip_prefix("test result: ") {
            let summary = summary
                .split_once(". ")
                .map_or(summary, |(_, counts)| counts);
            for part in summary.split(';') {
                let mut words = part.split_whitespace();
                let (number, what) = (words.next(), words.next());
                self.add(number, what.unwrap_or_default());
            }
        } else if let Some(summary) = line.strip_prefix("ℹ ") {
            let mut words = summary.split_whitespace();
            let (what, number) = (words.next(), words.next());
            self.add(number, what.unwrap_or_default());
        }
    }

    fn add(&mut self, number: Option<&str>, what: &str) {
        let number: usize = number.and_then(|number| number.parse().ok()).unwrap_or(0);
        match what {
            "passed" | "pass" => self.count.passed += number,
            "failed" | "fail" | "cancelled" => self.count.failed += number,
            "ignored" | "skipped" | "todo" => self.skipped += number,
            _ => {}
        }
    }

    /// The count of a finished run. A run without tests, or with skipped ones, proves nothing and is an error.
    pub(crate) fn finish(self, succeeded: bool) -> Result<Count> {
        let mut count = self.count;
        if count.failed == 0 && !succeeded {
            count.failed = 1;
        }
        if count.failed == 0 {
            if count.passed == 0 {
                bail!("no test ran");
            }
            if self.skipped > 0 {
                bail!(
                    "{} tests were skipped; no check may be skipped",
                    self.skipped
                );
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, Tally};

    fn tally(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.see(line));
        tally
    }

    #[test]
    fn summaries_of_all_runners_are_added_up() {
        let tally = tally(&[
            "test tests::one ... ok",
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.02s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 filtered out",
            "ℹ tests 5",
            "ℹ pass 4",
            "ℹ fail 1",
            "ℹ skipped 0",
        ]);
        assert_eq!(
            tally.finish(false).unwrap(),
            Count {
                passed: 17,
                failed: 3
            }
        );
    }

    #[test]
    fn no_tests_and_skipped_tests_are_errors_and_a_crash_is_a_failure() {
        assert!(
            tally(&["test result: ok. 0 passed; 0 failed; 0 ignored"])
                .finish(true)
                .is_err()
        );
        assert!(
            tally(&["ℹ pass 4", "ℹ fail 0", "ℹ skipped 1"])
                .finish(true)
                .is_err()
        );
        assert!(
            tally(&["test result: ok. 3 passed; 0 failed; 1 ignored"])
                .finish(true)
                .is_err()
        );
        assert_eq!(
            tally(&[]).finish(false).unwrap(),
            Count {
                passed: 0,
                failed: 1
            }
        );
    }
}
