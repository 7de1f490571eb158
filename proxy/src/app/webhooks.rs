//! The gateway's webhooks: registered, taken in, and missed.

pub(super) mod deliver;
pub(super) mod keys;
pub(super) mod missed;
pub(super) mod open_deliveries;
pub(super) mod subscribe;
pub(super) mod take_in;
pub(super) mod telling;
