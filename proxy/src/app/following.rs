//! Following checkouts: whoever follows one is told of each change.

pub(super) mod follow;
pub(super) mod hub;
pub(super) mod look;
pub(super) mod topic;
