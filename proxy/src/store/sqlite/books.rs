//! How many rows there are.

use async_trait::async_trait;
use checkout::{Phase, Timestamp};
use rusqlite::Connection;

use super::handle::Sqlite;
use super::{schema, watching};
use crate::checkouts::attempt::AttemptState;
use crate::store::books::Books;
use crate::store::database::Counts;
use crate::store::error::StoreError;
use crate::store::meter::DatabaseMeter;
use crate::store::outcome::Overdue;
use crate::store::row;

#[async_trait]
impl Counts for Sqlite {
    async fn books(&self) -> Result<Books, StoreError> {
        self.read(|connection| {
            let count = |what: &str| one(connection, &format!("SELECT count(*) FROM {what}"));
            let attempts = |state: AttemptState| {
                count(&format!(
                    "invoice_requests WHERE state = '{}'",
                    state.as_str()
                ))
            };
            Ok(Books {
                checkouts: count("checkouts")?,
                idempotency_keys: count("idempotency_keys")?,
                attempts_started: attempts(AttemptState::Started)?,
                attempts_made: attempts(AttemptState::Made)?,
                attempts_refused: attempts(AttemptState::Refused)?,
                invoices: invoices(connection)?,
                deposits: count("deposits")?,
                flags: count("deposit_flags")?,
                alarms: count("alarms")?,
                customers: count("customers WHERE gateway_id IS NOT NULL")?,
                deliveries: count("deliveries")?,
                deliveries_open: count("deliveries WHERE outcome = 'open'")?,
                subscriptions: count("subscriptions")?,
                customer_calls: one(
                    connection,
                    "SELECT coalesce(sum(open_calls), 0) FROM customers",
                )?,
            })
        })
        .await
    }

    async fn overdue(&self, now: Timestamp) -> Result<Vec<Overdue>, StoreError> {
        self.read(move |connection| watching::overdue(connection, now))
            .await
    }

    async fn is_fit(&self) -> Result<(), StoreError> {
        self.read(|connection| {
            let found = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            StoreError::unless_known(found, schema::VERSION)
        })
        .await
    }

    fn meter(&self) -> &DatabaseMeter {
        &self.meter
    }
}

fn one(connection: &Connection, query: &str) -> Result<u32, StoreError> {
    Ok(connection.query_row(query, [], |row| row.get(0))?)
}

fn invoices(connection: &Connection) -> Result<Vec<(Phase, u32)>, StoreError> {
    let mut statement =
        connection.prepare("SELECT phase, count(*) AS many FROM invoices GROUP BY phase")?;
    let mut rows = statement.query([])?;
    let mut invoices = Vec::new();
    while let Some(found) = rows.next()? {
        invoices.push((row::phase(found)?, found.get("many")?));
    }
    let place = |phase| Phase::ALL.iter().position(|known| *known == phase);
    invoices.sort_by_key(|(phase, _)| place(*phase));
    Ok(invoices)
}
