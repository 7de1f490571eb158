//! The SQLite database: one file, one writer, readers beside it.
//!
//! Everything that is acknowledged is on disk first (`synchronous=FULL`). One thread writes, so that all changes have one
//! order; it commits what has queued up together, which costs one flush instead of many. Reading uses connections of its own
//! and never waits for the writer (WAL).

mod alarms;
mod attempts;
mod backup;
mod books;
mod checkouts;
mod columns;
mod customers;
mod decision_rows;
mod decisions;
mod deliveries;
mod deposit_rows;
mod deposits;
mod derived;
mod dump;
mod file;
mod handle;
mod history;
mod idempotency;
mod inspect;
mod invoices;
mod leases;
mod ledger;
mod left;
mod lists;
mod outbox;
mod readers;
mod refunds;
mod retention;
mod schema;
mod subscriptions;
mod told;
mod watching;
mod writer;

pub(super) use backup::backup;
pub(super) use dump::Dump;
pub(super) use handle::Sqlite;
pub(super) use inspect::{inspect, shops_in};
#[cfg(test)]
pub(super) use schema::VERSION;

#[cfg(test)]
mod tests;
