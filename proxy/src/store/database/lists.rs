//! The seam's part about lists of checkouts.

use async_trait::async_trait;
use checkout::Timestamp;

use crate::checkouts::list_cursor::ListCursor;
use crate::checkouts::search::{Found, Reach, Search};
use crate::checkouts::shop_id::ShopId;
use crate::store::error::StoreError;

/// Finding checkouts of a shop.
#[async_trait]
pub(crate) trait Lists: Send + Sync {
    /// A shop's checkouts that are looked for, the newest first, after a place in the list, as far as one look goes; from one consistent
    /// view. A checkout has the state that [`Snapshot::standing`](crate::checkouts::snapshot::Snapshot::standing) gives it at `now`.
    ///
    /// Whatever is made while somebody goes through the pages stands before all of them: no page repeats or leaves out what was there.
    async fn checkouts(
        &self,
        shop: ShopId,
        search: Search,
        now: Timestamp,
        after: Option<ListCursor>,
        reach: Reach,
    ) -> Result<Found, StoreError>;
}
