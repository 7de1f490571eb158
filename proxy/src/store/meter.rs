//! How the work in the database goes, and how often it is spared.

use std::time::Instant;

use prometheus::{Histogram, IntCounter, IntCounterVec, Registry};

use super::error::StoreError;
use crate::meters::made::{counters, seconds, show, took};

/// What is done in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// A look at one consistent view.
    Read,
    /// A transaction that changes something.
    Write,
}

impl Deed {
    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// The meters of one database.
pub(crate) struct DatabaseMeter {
    all: prometheus::HistogramVec,
    read: Histogram,
    write: Histogram,
    failures: IntCounterVec,
}

impl Default for DatabaseMeter {
    fn default() -> Self {
        let all = seconds(
            "database_seconds",
            "How long reads and writes in the database take, with their waiting for a connection and for the disk.",
            &["work"],
            None,
        );
        let failures = counters(
            "database_failures_total",
            "Reads and writes that the database has not done, by how they failed.",
            &["work", "failure"],
            None,
        );
        for work in [Deed::Read, Deed::Write] {
            // There from the beginning, so that an alert sees the first one come.
            failures.with_label_values(&[work.word(), "unavailable"]);
        }
        Self {
            read: all.with_label_values(&[Deed::Read.word()]),
            write: all.with_label_values(&[Deed::Write.word()]),
            all,
            failures,
        }
    }
}

impl DatabaseMeter {
    /// Puts them on the page.
    pub(crate) fn show(&self, registry: &Registry) {
        show(registry, &self.all);
        show(registry, &self.failures);
    }

    /// Measures a piece of work that began at `begun`.
    pub(super) fn ended<T>(&self, work: Deed, begun: Instant, outcome: &Result<T, StoreError>) {
        let seconds = match work {
            Deed::Read => &self.read,
            Deed::Write => &self.write,
        };
        took(seconds, begun.elapsed());
        if let Err(error) = outcome {
            self.failures
                .with_label_values(&[work.word(), failure(error)])
                .inc();
        }
    }
}

/// The word for a failure.
fn failure(error: &StoreError) -> &'static str {
    match error {
        StoreError::Unavailable(_) | StoreError::Unreachable { .. } => "unavailable",
        StoreError::Unreadable(_) => "unreadable",
        StoreError::NotDone | StoreError::Stopped => "not_done",
        StoreError::Unsure(_) => "unsure",
        StoreError::Newer { .. } | StoreError::Refused(_) => "refused",
    }
}

/// How often a checkout is shown from memory.
pub(crate) struct KeptMeter {
    all: IntCounterVec,
    pub(super) hits: IntCounter,
    pub(super) misses: IntCounter,
}

impl Default for KeptMeter {
    fn default() -> Self {
        let all = counters(
            "kept_checkouts_total",
            "Checkouts that were to be shown: from memory (`hit`), or read from the database (`miss`).",
            &["outcome"],
            None,
        );
        Self {
            hits: all.with_label_values(&["hit"]),
            misses: all.with_label_values(&["miss"]),
            all,
        }
    }
}

impl KeptMeter {
    /// Puts it on the page.
    pub(crate) fn show(&self, registry: &Registry) {
        show(registry, &self.all);
    }
}
