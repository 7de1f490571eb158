//! The gateway as the rest of the proxy sees it: a few questions, how fresh their answers are, and what a failure means.

mod connection;
pub(crate) mod deposit_name;
pub(crate) mod failure;
pub(crate) mod freshness;
mod listing;
pub(crate) mod meter;
mod probe;
pub(crate) mod rates;
pub(crate) mod source;
mod subscriptions;

pub(crate) use connection::Gateway;
pub(crate) use listing::{Listing, ListingError};
