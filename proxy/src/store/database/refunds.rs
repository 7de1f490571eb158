//! The seam's part about refunds.

use async_trait::async_trait;

use crate::checkouts::refund::{
    Refund, RefundError, RefundId, RefundKey, RefundOrder, RefundPlace, RefundSearch, RefundStep,
    StepError,
};
use crate::checkouts::shop_id::ShopId;
use crate::reading::history::Cause;
use crate::store::error::StoreError;

/// What became of a refund that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refunded {
    /// It is kept, now or since the same request was made before.
    Kept(Refund),
    /// The key belongs to a request with another body.
    OtherRequest,
    /// The rules say no.
    Refused(RefundError),
    /// The shop has no such checkout.
    NoCheckout,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stepped {
    /// The refund stands where the step leads, now or since before.
    Stands(Box<Refund>),
    /// No such step leads from where it stands.
    Refused(StepError),
    /// The shop has no such refund.
    NoRefund,
}

/// Refunds. However many are asked for at once, those that are not cancelled never sum up to more than was received.
#[async_trait]
pub(crate) trait Refunds: Send + Sync {
    /// Keeps a new refund with its key, if [`RefundOrder::decide`] makes one on what is stored.
    async fn ask_refund(
        &self,
        order: RefundOrder,
        id: RefundId,
        key: RefundKey,
        cause: Cause,
    ) -> Result<Refunded, StoreError>;

    /// Takes a step with a refund of a shop, by [`Refund::step`].
    async fn step_refund(
        &self,
        shop: ShopId,
        id: RefundId,
        step: RefundStep,
        cause: Cause,
    ) -> Result<Stepped, StoreError>;

    /// A refund of a shop.
    async fn refund(&self, shop: ShopId, id: RefundId) -> Result<Option<Refund>, StoreError>;

    /// A shop's refunds that are looked for, the newest first, at most so many after a place in the list; and the place of the last one, if
    /// there are more.
    async fn refunds(
        &self,
        shop: ShopId,
        search: RefundSearch,
        after: Option<RefundPlace>,
        most: u32,
    ) -> Result<(Vec<Refund>, Option<RefundPlace>), StoreError>;
}
