//! Environment variables that other files name in their messages.

/// Variables that hold secrets.
pub(super) const GATEWAY_SECRET: &str = "CALYPSO_PROXY_GATEWAY__SECRET";
pub(super) const MERCHANT_KEY: &str = "CALYPSO_PROXY_MERCHANT_KEY";
