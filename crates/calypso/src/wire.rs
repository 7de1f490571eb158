//! Tolerant reading of single values, and exact writing of amounts: what the gateway sends varies, what it means does not.

pub(crate) mod currency;
pub(crate) mod date;
pub(crate) mod id;
pub(crate) mod number;
