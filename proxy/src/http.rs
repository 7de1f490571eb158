//! HTTP: who may call, how requests are read, how answers look. What is decided is decided elsewhere.

mod answer;
mod app_state;
mod assets;
mod body;
mod caller;
mod checkout_list;
mod checkouts;
mod errors;
mod events;
mod extract;
mod headers;
mod hosted_widget;
mod hosts;
mod html;
mod idempotency_key;
mod invoice;
mod json;
mod merchant;
mod order;
mod origins;
mod pay_page;
mod query;
mod quiet_log;
pub(crate) mod router;
pub(crate) mod serve;
mod webhooks;
mod wrong_keys;
