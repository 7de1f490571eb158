//! The key under which a checkout is asked for, so that a retry finds the first one.

use super::id::CheckoutId;
use super::shop_id::ShopId;

/// SHA-256 of a request's body.
pub(crate) type Fingerprint = [u8; 32];

/// A key, whose it is, and what it was sent with.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyKey {
    /// The shop that is asked.
    pub(crate) shop: ShopId,
    /// Whose key it is within the shop: keys of different scopes do not meet.
    pub(crate) scope: String,
    pub(crate) key: String,
    pub(crate) fingerprint: Fingerprint,
}

/// What a known key says about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answered {
    /// The same request has made this checkout.
    Same(CheckoutId),
    /// The key belongs to a request with another body.
    Other,
}
