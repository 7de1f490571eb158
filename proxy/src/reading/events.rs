//! What the merchant's server is told: which events follow from which change, and in which order.
//!
//! What follows is decided here, as a value; a database writes it in the transaction of the change. Each fact has a cause, which is the same for
//! whoever finds it, and from which the event's id is made. So a poll, a webhook, the reconciler and another proxy cannot tell it twice.

pub(crate) mod dead;
pub(crate) mod facts;
pub(crate) mod money;
pub(crate) mod teller;

#[cfg(test)]
pub(crate) mod tests;
