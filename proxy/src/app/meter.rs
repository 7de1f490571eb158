//! What the acts count.

use checkout::Phase;
use prometheus::{IntCounter, IntCounterVec, Registry};

use super::outcome::ReadOutcome;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::unsound::Unsound;
use crate::gateway::source::Source;
use crate::meters::made::{counter, counters, show};

/// The meters of the acts. Labels have values of closed lists only, and names of configured stores.
pub(crate) struct AppMeter {
    phases: IntCounterVec,
    readings: IntCounterVec,
    webhooks: IntCounterVec,
    unsound: IntCounterVec,
    replays: IntCounter,
}

impl Default for AppMeter {
    fn default() -> Self {
        Self {
            phases: counters(
                "phases_entered_total",
                "Checkouts made (`choosing`), and invoices that have entered a phase, by store.",
                &["store", "phase"],
                None,
            ),
            readings: counters(
                "readings_total",
                "Readings that were wanted, by why and by what came of them. `not_now`: the account's budget was used up.",
                &["source", "outcome"],
                None,
            ),
            webhooks: counters(
                "gateway_webhooks_total",
                "Webhooks from the gateway, by kind of event and by what came of them.",
                &["event", "outcome"],
                None,
            ),
            unsound: counters(
                "gateway_contradictions_total",
                "Answers of the gateway that contradict what was asked or known, once for each invoice and kind.",
                &["kind"],
                None,
            ),
            replays: counter(
                "idempotency_replays_total",
                "Requests answered with what the same request has made before.",
            ),
        }
    }
}

impl AppMeter {
    /// Puts them on the page; those of these stores are there from the beginning.
    pub(crate) fn show<'a>(&self, registry: &Registry, stores: impl Iterator<Item = &'a ShopId>) {
        for store in stores {
            for phase in Phase::ALL {
                self.phases
                    .with_label_values(&[store.as_str(), phase.as_str()]);
            }
        }
        for source in Source::ALL {
            for outcome in ["fresh", "unchanged", "changed", "not_now", "failed"] {
                self.readings.with_label_values(&[source.as_str(), outcome]);
            }
        }
        for kind in Unsound::NAMES {
            self.unsound.with_label_values(&[kind]);
        }
        self.webhooks.with_label_values(&["unknown", "not_signed"]);
        show(registry, &self.phases);
        show(registry, &self.readings);
        show(registry, &self.webhooks);
        show(registry, &self.unsound);
        show(registry, &self.replays);
    }

    /// A checkout was made, or an invoice has entered a phase.
    pub(crate) fn entered(&self, store: &ShopId, phase: Phase) {
        self.phases
            .with_label_values(&[store.as_str(), phase.as_str()])
            .inc();
    }

    /// A reading that was wanted has come to this.
    pub(crate) fn read(&self, source: Source, outcome: ReadOutcome) {
        let outcome = match outcome {
            ReadOutcome::Fresh => "fresh",
            ReadOutcome::Unchanged => "unchanged",
            ReadOutcome::Changed => "changed",
            ReadOutcome::NotNow => "not_now",
            ReadOutcome::Failed => "failed",
        };
        self.readings
            .with_label_values(&[source.as_str(), outcome])
            .inc();
    }

    /// A webhook came that nobody known has signed.
    pub(crate) fn told_by_nobody(&self) {
        self.told("unknown", "not_signed");
    }

    /// A webhook has come to this. `event` is a kind that is known, whatever the gateway calls it.
    pub(crate) fn told(&self, event: &str, outcome: &'static str) {
        self.webhooks.with_label_values(&[event, outcome]).inc();
    }

    /// The gateway has contradicted itself.
    pub(crate) fn contradicted(&self, alarm: &Alarm) {
        // One of the names of `Unsound`.
        self.unsound.with_label_values(&[&alarm.kind]).inc();
    }

    /// A request was answered with what it has made before.
    pub(crate) fn replayed(&self) {
        self.replays.inc();
    }
}
