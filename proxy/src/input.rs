//! What strangers send, made fit before anything is decided by it: who asks, texts, and how a foreign text is shown.

pub(crate) mod address_space;
pub(crate) mod client;
pub(crate) mod forwarded;
pub(crate) mod merchant_text;
pub(crate) mod network_mark;
pub(crate) mod printable;
pub(crate) mod redacted;
pub(crate) mod visible;
