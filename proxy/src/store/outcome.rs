//! What became of things that only the store can decide, because only it sees all checkouts.

use checkout::Timestamp;
use uuid::Uuid;

use crate::checkouts::shop_id::ShopId;
use crate::limits::turns::Waiting;

/// What became of the invoice of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finished {
    /// It is stored.
    Kept,
    /// Another invoice has its gateway id.
    SharedId,
    /// Another invoice that is watched, or a customer, has its address.
    SharedAddress,
}

/// What became of an address that the gateway has named for a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeptPurse {
    /// It is stored now, as named at this moment.
    Kept,
    /// It was stored, as named not long ago.
    Known,
    /// Another customer has it, or an invoice that is watched. Nothing is stored.
    Taken,
}

/// An invoice whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Due {
    pub(crate) key: Uuid,
    /// Since when.
    pub(crate) since: Timestamp,
}

/// How far the readings of a shop are behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Overdue {
    pub(crate) shop: ShopId,
    /// How many invoices are to be read.
    pub(crate) many: u32,
    /// Since when the first of them is.
    pub(crate) since: Timestamp,
}

/// The invoices of a shop that are to be read now.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct WatchOrder {
    /// Those made for a checkout of the merchant's server, and those on which money was seen; the one looked at last comes first.
    pub(crate) expected: Vec<Due>,
    /// Those that pages made and nobody has paid yet; the one looked at last comes first.
    pub(crate) waiting: Vec<Waiting>,
}
