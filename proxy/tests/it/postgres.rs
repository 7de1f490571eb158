//! What concerns PostgreSQL itself, and the databases that tests have on it.

mod commands;
mod database;
mod hands;
mod tls;

pub(crate) use database::TestDatabase;
pub(crate) use hands::{Writes, meddle};
