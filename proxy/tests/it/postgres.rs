//! What concerns PostgreSQL itself, and the databases that tests have on it.

mod blocking;
pub(crate) mod certificates;
mod commands;
mod database;
mod hands;
mod rights;
mod tls;
mod upgrades;

pub(crate) use database::TestDatabase;
pub(crate) use hands::{Writes, meddle, readings_under_way};
