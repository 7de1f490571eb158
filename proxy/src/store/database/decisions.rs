//! The seam's part about what merchants have decided.

use async_trait::async_trait;
use checkout::Timestamp;

use crate::checkouts::decision::{Decision, DecisionName, DecisionState, Objection, Said};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::reading::events::teller::Teller;
use crate::reading::history::Cause;
use crate::store::error::StoreError;

/// What became of a decision that was to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decided {
    /// It is written down now, for the first time or anew.
    Begun(Decision),
    /// It was, and is open or done.
    Known(Decision),
    /// Something stands against it.
    Objected(Objection),
    /// There is no such checkout.
    Gone,
}

/// Decisions: written down before the gateway is told, settled by what is read afterwards.
#[async_trait]
pub(crate) trait Decisions: Send + Sync {
    /// Writes a decision down, unless [`DecisionName::objection`] finds something against it in what is stored. From then on a checkout that
    /// is archived is closed: no attempt to make an invoice begins. `due_at` is when somebody else may carry it out.
    /// What it tells the merchant's server is kept with it.
    async fn decide(
        &self,
        name: DecisionName,
        cause: Cause,
        due_at: Timestamp,
        teller: Teller,
    ) -> Result<Decided, StoreError>;

    /// Says what has become of an open decision, by [`Decision::settled`] on what is stored. A checkout whose archiving is withdrawn is closed
    /// no more. `None` when there is no such decision.
    async fn settle_decision(
        &self,
        name: DecisionName,
        said: Said,
        cause: Cause,
    ) -> Result<Option<Decision>, StoreError>;

    /// The decisions about a checkout, the oldest first.
    async fn decisions_of(&self, checkout: CheckoutId) -> Result<Vec<Decision>, StoreError>;

    /// Open decisions of a shop whose turn it is, the longest overdue first. One that was put off to a moment that no pause leads to, by a
    /// clock that was wrong then, has its turn at once.
    async fn due_decisions(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<Decision>, StoreError>;

    /// Takes the turn of an open decision, so that nobody else on this database does until `until`; `false` when it is not due any more.
    async fn claim_decision(
        &self,
        name: DecisionName,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Says when an open decision has its next turn.
    async fn put_off_decision(
        &self,
        name: DecisionName,
        due_at: Timestamp,
    ) -> Result<(), StoreError>;
}

impl Decided {
    /// What is written of a decision before it is decided anew: nothing where it is open or done.
    pub(in crate::store) fn known(found: Option<Decision>) -> Option<Self> {
        let found = found?;
        match found.state {
            DecisionState::Open | DecisionState::Done => Some(Self::Known(found)),
            DecisionState::Withdrawn | DecisionState::Refused => None,
        }
    }
}
