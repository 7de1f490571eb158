//! How much of the proxy one stranger may use, so that enough is left for everybody else.

pub(crate) mod allowance;
pub(crate) mod bounds;
pub(crate) mod budget;
mod failed_choices;
pub(crate) mod page_checkouts;
pub(crate) mod parts;
pub(crate) mod places;
pub(crate) mod push_places;
pub(crate) mod rush;
pub(crate) mod shared_budget;
pub(crate) mod shares;
pub(crate) mod span;
pub(crate) mod throttle;
pub(crate) mod turns;
