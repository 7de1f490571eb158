//! HTTP: who may call, how requests are read, how answers look. What is decided is decided elsewhere.

mod answer;
pub(crate) mod assets;
mod body;
mod caller;
mod checkouts;
mod errors;
mod headers;
mod hosted_widget;
mod hosts;
mod idempotency_key;
mod invoice;
mod merchant;
mod origins;
mod pay_page;
mod query;
mod quiet_log;
pub(crate) mod router;
mod wrong_keys;
