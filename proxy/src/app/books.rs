//! The books: what has happened, and whether it agrees with itself and with the gateway.

pub(super) mod audit;
pub(super) mod compare;
pub(super) mod history;
pub(super) mod reconcile;
pub(super) mod reconciled;
