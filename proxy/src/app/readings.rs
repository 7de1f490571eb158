//! Reading the gateway: whose turn it is, what is asked, and how the answer is taken in.

pub(super) mod apply;
pub(super) mod read;
pub(super) mod receive;
pub(super) mod refresh;
pub(super) mod turns;
