//! Orders that a merchant's server has signed, and a buyer's page shows.

mod claims;
mod compact;
pub(super) mod make;
pub(super) mod token;
