//! The seam's part about deliveries of the gateway's webhooks.

use async_trait::async_trait;
use checkout::Timestamp;

use crate::checkouts::delivery::{Delivery, DeliveryOutcome, EventName};
use crate::checkouts::shop_id::ShopId;
use crate::store::error::StoreError;

/// What the gateway has told by webhooks: one row for each event of a shop, and for each form in which it came.
#[async_trait]
pub(crate) trait Deliveries: Send + Sync {
    /// What became of an event that came as these very bytes; `None` when it did not come before.
    async fn told_before(&self, name: EventName) -> Result<Option<DeliveryOutcome>, StoreError>;

    /// Keeps a delivery, beside those of the same event that came as other bytes. One that is settled stays as it is.
    async fn keep_delivery(&self, delivery: Delivery) -> Result<(), StoreError>;

    /// When a shop was told something last that [`is_of_ours`](DeliveryOutcome::is_of_ours).
    async fn last_delivery(&self, shop: ShopId) -> Result<Option<Timestamp>, StoreError>;

    /// Whether a shop was told something about one of these, by the names that deliveries have for it, at `since` or later.
    async fn was_told(
        &self,
        shop: ShopId,
        names: [String; 2],
        since: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Open deliveries to a shop whose turn it is, the longest overdue first. One that was put off to a moment that no pause leads to, by a
    /// clock that was wrong then, has its turn at once.
    async fn due_deliveries(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Takes the turn of an open delivery, so that nobody else on this database does until `until`; `false` when it is not due any more.
    async fn claim_delivery(
        &self,
        name: EventName,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Says what became of an open delivery.
    async fn settle_delivery(
        &self,
        name: EventName,
        outcome: DeliveryOutcome,
    ) -> Result<(), StoreError>;

    /// Says when an open delivery has its next turn.
    async fn put_off_delivery(&self, name: EventName, due_at: Timestamp) -> Result<(), StoreError>;

    /// Forgets settled deliveries that came before a moment. Answers with their number.
    async fn forget_deliveries(&self, before: Timestamp) -> Result<usize, StoreError>;
}
