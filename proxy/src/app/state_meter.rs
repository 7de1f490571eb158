//! The meters of what is only known when it is looked up: how far the readings are behind, how many streams are open.

use prometheus::{IntGauge, IntGaugeVec, Registry};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::meters::made::{gauge, gauges, show};

/// What is only known when it is looked up.
pub(crate) struct StateMeter {
    pub(super) push: IntGauge,
    pub(super) tasks: IntGauge,
    pub(super) overdue: IntGaugeVec,
    pub(super) oldest: IntGaugeVec,
    pub(super) looked: Mutex<Option<Instant>>,
}

impl Default for StateMeter {
    fn default() -> Self {
        Self {
            push: gauge("push_connections", "Event streams that are open."),
            tasks: gauge("tasks", "Tasks that the program has under way."),
            overdue: gauges(
                "readings_overdue",
                "Invoices that are to be read now and were not yet, by store.",
                &["store"],
            ),
            oldest: gauges(
                "readings_oldest_overdue_seconds",
                "For how long the invoice that waits longest should have been read, by store; 0 where none waits.",
                &["store"],
            ),
            looked: Mutex::default(),
        }
    }
}

impl StateMeter {
    /// Puts them on the page.
    pub(crate) fn show(&self, registry: &Registry) {
        show(registry, &self.push);
        show(registry, &self.tasks);
        show(registry, &self.overdue);
        show(registry, &self.oldest);
    }
}
