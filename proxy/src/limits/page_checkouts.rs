//! What is remembered of the checkouts that pages made, so that they cannot fill the disk.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;

/// When the proxy last tidied up, and which pages it has noted lately.
#[derive(Default)]
pub(crate) struct PageCheckouts {
    pub(crate) last: Mutex<Option<Duration>>,
    pub(crate) looks: Mutex<HashMap<CheckoutId, Duration>>,
    /// How many checkouts of each shop's pages are open at most; none while nobody has counted. Held while room is made.
    pub(crate) open: tokio::sync::Mutex<Option<HashMap<ShopId, u32>>>,
}
