//! Refunds: asked for, approved, said to be sent. The proxy moves no money.

use checkout::RefusalCode;
use checkout::wire::{RefundListView, RefundView};

use super::state::App;
use crate::checkouts::refund::{
    Refund, RefundError, RefundId, RefundKey, RefundOrder, RefundPlace, RefundSearch, RefundStep,
};
use crate::checkouts::shop_id::ShopId;
use crate::gateway::source::Source;
use crate::reading::history::Cause;
use crate::refusal::Refusal;
use crate::store::{Refunded, Stepped};

impl App {
    /// Keeps a refund, once for each key.
    ///
    /// # Errors
    /// `checkout_not_found`, `refund_too_large`, `field_invalid`, `idempotency_key_reused`, `store_unavailable`.
    pub(crate) async fn ask_refund(
        &self,
        order: RefundOrder,
        key: RefundKey,
    ) -> Result<RefundView, Refusal> {
        let (id, cause) = (RefundId::random(), self.by_merchant());
        match self.store.ask_refund(order, id, key, cause).await? {
            Refunded::Kept(refund) => {
                tracing::info!(
                    checkout = refund.order.checkout.short(),
                    refund = %refund.id,
                    amount = %refund.order.amount,
                    currency = refund.order.currency.code,
                    state = refund.state.as_str(),
                    "a refund was asked for"
                );
                Ok(view(refund))
            }
            Refunded::OtherRequest => Err(Refusal::new(
                RefusalCode::IdempotencyKeyReused,
                "this Idempotency-Key belongs to a request with another body; use a new key for a new refund",
            )),
            Refunded::Refused(error) => Err(refused(&error)),
            Refunded::NoCheckout => Err(Refusal::no_checkout()),
        }
    }

    /// Takes a step with a refund of a shop.
    ///
    /// # Errors
    /// `refund_not_found`, `refund_state_wrong`, `store_unavailable`.
    pub(crate) async fn step_refund(
        &self,
        shop: ShopId,
        id: RefundId,
        step: RefundStep,
    ) -> Result<RefundView, Refusal> {
        match self
            .store
            .step_refund(shop, id, step, self.by_merchant())
            .await?
        {
            Stepped::Stands(refund) => {
                tracing::info!(
                    checkout = refund.order.checkout.short(),
                    refund = %refund.id,
                    state = refund.state.as_str(),
                    "a refund stands where it was asked to"
                );
                Ok(view(*refund))
            }
            Stepped::Refused(error) => Err(Refusal::new(
                RefusalCode::RefundStateWrong,
                error.to_string(),
            )),
            Stepped::NoRefund => Err(Refusal::no_refund()),
        }
    }

    /// A refund of a shop.
    ///
    /// # Errors
    /// `refund_not_found`, `store_unavailable`.
    pub(crate) async fn refund(&self, shop: ShopId, id: RefundId) -> Result<RefundView, Refusal> {
        let found = self.store.refund(shop, id).await?;
        found.map(view).ok_or_else(Refusal::no_refund)
    }

    /// A shop's refunds that are looked for.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(crate) async fn refunds(
        &self,
        shop: ShopId,
        search: RefundSearch,
        after: Option<RefundPlace>,
        most: u32,
    ) -> Result<RefundListView, Refusal> {
        let (found, more) = self.store.refunds(shop, search, after, most).await?;
        Ok(RefundListView {
            refunds: found.into_iter().map(view).collect(),
            cursor: more.map(|place| place.to_string()),
        })
    }

    fn by_merchant(&self) -> Cause {
        Cause {
            source: Source::Merchant,
            at: self.clock.now(),
        }
    }
}

fn refused(error: &RefundError) -> Refusal {
    match error {
        RefundError::TooLarge { .. } => {
            Refusal::new(RefusalCode::RefundTooLarge, error.to_string())
        }
        RefundError::Unknown(_) => Refusal::new(RefusalCode::FieldInvalid, error.to_string()),
        RefundError::Sum(_) => Refusal::internal(error),
    }
}

fn view(refund: Refund) -> RefundView {
    let order = refund.order;
    RefundView {
        id: refund.id.to_string(),
        checkout: order.checkout.to_string(),
        invoice: order.invoice.map(|key| key.to_string()),
        deposit: order.deposit,
        currency: order.currency.code.to_owned(),
        amount: order.amount,
        address: order.address.as_str().to_owned(),
        reason: order.reason,
        state: refund.state,
        requested_at: refund.requested_at,
        approved_at: refund.approved_at,
        sent_at: refund.sent_at,
        transaction: refund.transaction,
        cancelled_at: refund.cancelled_at,
    }
}
