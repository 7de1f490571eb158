//! The sandbox over real HTTP: one file a behaviour. Time is virtual; nothing here sleeps.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod addresses;
mod amount_rules;
mod clock;
mod compliance;
mod control;
mod customers;
mod deposit_lists;
mod desk;
mod expiry;
mod fault_choice;
mod fault_kinds;
mod faults;
mod hosted;
mod idempotency;
mod interventions;
mod invoice_types;
mod panel;
mod persistence;
mod rates;
mod repricing;
mod requests;
mod scenario;
mod signing;
mod single_fiat;
mod strangers;
mod switches;
mod validation;
mod webhook_faults;
mod webhooks;
mod widgets;
mod window;
