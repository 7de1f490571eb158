//! The proxy as its callers meet it: a real listener, a real SQLite file, and the sandbox in the gateway's place.
//!
//! One binary with a module per behaviour, because linking is the slowest part.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod deposits;
mod dice;
mod support;

mod api_reference;
mod archive;
mod assets;
mod attacks;
mod attestation;
mod bad_input;
mod checkouts;
mod config;
mod connections;
mod contract;
mod crowds;
mod customers;
mod events;
mod every_deposit;
mod expiry;
mod fair_shares;
mod fair_turns;
mod flood;
mod following;
mod gateway_faults;
mod hands;
mod history;
mod hosted_widget;
mod hostile_gateway;
mod hosts;
mod idempotency;
mod inconsistent_deposits;
mod inspection;
mod interventions;
mod known_mistakes;
mod ledger;
mod limits;
#[cfg(target_os = "linux")]
mod memory;
mod merchant_view;
mod news;
mod one_invoice;
mod one_port;
mod operating;
mod orders;
mod origins;
mod outbox;
mod pay_page;
mod phases;
mod polling;
mod postgres;
mod program;
mod reconcile;
mod reconciler;
mod refunds;
mod repricing;
mod retention;
mod rotation;
mod running;
mod scopes;
mod second_payments;
mod secrets;
mod shared_clock;
mod shops;
mod sqlite;
mod store_configurations;
mod switching;
mod telling;
mod top_ups;
mod trials;
mod trusted_proxies;
mod unseen_deposits;
mod unsound;
mod watcher;
mod webhooks;
mod wrong_configurations;
mod wrong_keys;
