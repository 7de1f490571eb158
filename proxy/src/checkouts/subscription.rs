//! A subscription to the gateway's webhooks, with the pair of keys its deliveries are signed with.

use std::fmt;

use checkout::Timestamp;
use secrecy::SecretString;
use uuid::Uuid;

use super::shop_id::ShopId;

/// A subscription that this proxy takes deliveries of. Several at a time may be to one address, so that keys can be changed without losing
/// anything: the new one is made, both are taken, the old one is ended.
#[derive(Clone)]
pub(crate) struct Subscription {
    pub(crate) shop: ShopId,
    /// The gateway's name of it, which this proxy has chosen.
    pub(crate) id: Uuid,
    /// Where its deliveries go.
    pub(crate) url: String,
    /// What a delivery names it by.
    pub(crate) public_key: String,
    /// What its deliveries are signed with. It signs nothing else: whoever has it can make this proxy read, and nothing more.
    pub(crate) secret: SecretString,
    /// When it was kept.
    pub(crate) kept_at: Timestamp,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("shop", &self.shop)
            .field("id", &self.id)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
