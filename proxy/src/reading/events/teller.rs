//! From facts to events: whoever writes facts down has them put into words here, so that what is sent is written once and kept.

use std::fmt;
use std::sync::Arc;

use super::facts::Fact;
use crate::checkouts::decision::Decision;
use crate::checkouts::deposit::Known;
use crate::checkouts::event::{EventId, NewEvent};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::ledger::Posting;

/// A checkout with all that its merchant is told of it, as it is once the change is stored.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) snapshot: Snapshot,
    /// Deposits and flags of everything its checkout is paid to.
    pub(crate) known: Known,
    /// The ledger's rows of these.
    pub(crate) booked: Vec<Posting>,
    /// What its merchant has decided.
    pub(crate) decisions: Vec<Decision>,
}

impl Subject {
    /// The checkout, with what was paid to it by now.
    pub(crate) fn new(
        mut snapshot: Snapshot,
        known: Known,
        booked: Vec<Posting>,
        decisions: Vec<Decision>,
    ) -> Self {
        snapshot.deposits.clone_from(&known.deposits);
        Self {
            snapshot,
            known,
            booked,
            decisions,
        }
    }
}

/// Who puts facts into words. It asks nobody, and always has some.
pub(crate) trait Words: Send + Sync {
    /// Whether a shop's events are sent anywhere.
    fn has_target(&self, shop: &ShopId) -> bool;

    /// What is sent of a fact, at most [`MOST_BYTES`](super::dead::MOST_BYTES).
    fn body(&self, fact: &Fact, subject: &Subject) -> String;
}

/// The one who does so here.
#[derive(Clone)]
pub(crate) struct Teller(Arc<dyn Words>);

impl Teller {
    pub(crate) fn new(words: Arc<dyn Words>) -> Self {
        Self(words)
    }

    /// The events that tell these facts, in their order.
    pub(crate) fn events(&self, facts: &[Fact], subject: &Subject) -> Vec<NewEvent> {
        let checkout = &subject.snapshot.checkout;
        let has_target = self.0.has_target(&checkout.shop);
        let event = |fact: &Fact| NewEvent {
            id: EventId::of(&checkout.shop, &fact.cause),
            shop: checkout.shop.clone(),
            checkout: checkout.id,
            kind: fact.kind,
            at: fact.at,
            body: self.0.body(fact, subject),
            has_target,
        };
        facts.iter().map(event).collect()
    }
}

impl fmt::Debug for Teller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Teller")
    }
}
