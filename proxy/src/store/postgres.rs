//! The PostgreSQL database, which several proxies may share.
//!
//! Changes that decide about money are SERIALIZABLE transactions, repeated when the database breaks them off; the few that one key or one row
//! decides are READ COMMITTED, and say so ([decision record 0035]). Nothing here needs more than a distributed SQL engine that speaks
//! PostgreSQL's protocol has: no advisory locks, no triggers, no `LISTEN` for correctness.
//!
//! [decision record 0035]: ../../../docs/decisions/0035-postgresql.md

mod alarms;
mod attempts;
mod books;
mod checkouts;
mod columns;
mod customers;
mod decision_rows;
mod decisions;
mod deliveries;
mod deposit_rows;
mod deposits;
mod failure;
mod handle;
mod history;
mod idempotency;
mod inspect;
mod invoices;
mod isolation;
mod leases;
mod ledger;
mod lists;
mod load;
mod open;
mod outbox;
mod patience;
mod pool;
mod readings;
mod refunds;
mod retention;
mod schema;
mod subscriptions;
mod tls;
mod told;
mod transaction;
mod turns;
mod unsaid;
mod wake;
mod watching;

pub(super) use handle::Postgres;
pub(super) use inspect::inspect;
pub(super) use load::Load;
pub(super) use wake::{give_hints, take_hints};

#[cfg(test)]
mod tests;
