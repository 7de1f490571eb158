//! The seam's part about events for the merchants' servers.

use async_trait::async_trait;
use checkout::Timestamp;

use crate::checkouts::event::{Ended, Event, EventFilter, EventId};
use crate::checkouts::shop_id::ShopId;
use crate::reading::events::teller::Teller;
use crate::store::error::StoreError;
use crate::store::leases::Lease;

/// Events: each is kept in the transaction of the change it tells of, once, by its id. Those of one checkout have rising numbers in the order of
/// their commits, and one is due only when no earlier one of its checkout is pending.
#[async_trait]
pub(crate) trait Outbox: Send + Sync {
    /// Looks at checkouts of a shop whose time has come, at most so many, and tells what time has brought to each; each once, whoever does it.
    /// Answers with how many it has looked at.
    async fn close_checkouts(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
        teller: Teller,
    ) -> Result<u32, StoreError>;

    /// Takes pending events of a shop that are due, at most so many, the longest overdue first; none if its target, given by its mark, has said
    /// that it wants no more. Nobody else is given one of them until the lease
    /// ends, or its attempt has been noted.
    async fn claim_events(
        &self,
        shop: ShopId,
        target: String,
        lease: Lease,
        most: u32,
    ) -> Result<Vec<Event>, StoreError>;

    /// Notes how an attempt has ended, and what follows: [`Event::after`]. The next event of the checkout is due then, if this one is pending
    /// no more. Answers with the event as it is now; `None` when it is gone, or was not pending any more.
    async fn end_attempt(&self, ended: Ended, now: Timestamp) -> Result<Option<Event>, StoreError>;

    /// An event of a shop.
    async fn event(&self, shop: ShopId, id: EventId) -> Result<Option<Event>, StoreError>;

    /// Events of a shop with a number below `before`, the newest first, at most so many.
    async fn events(
        &self,
        shop: ShopId,
        filter: EventFilter,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<Event>, StoreError>;

    /// Has an event sent again from the beginning of the schedule, whatever became of it, and forgets that its shop's target wanted no more.
    /// An attempt that is under way is not disturbed. `None` when the shop has no such event.
    async fn replay_event(
        &self,
        shop: ShopId,
        id: EventId,
        now: Timestamp,
    ) -> Result<Option<Event>, StoreError>;

    /// Forgets events that were written down, or last asked for, before `any`; delivered ones before `delivered`. Answers with their number.
    async fn forget_events(
        &self,
        delivered: Timestamp,
        any: Timestamp,
    ) -> Result<usize, StoreError>;

    /// Puts right when pending events are due that no rule gives: put off by a clock that was wrong, or waiting for one that is not there.
    /// Answers with their number.
    async fn mend_events(&self, now: Timestamp) -> Result<usize, StoreError>;
}
