//! Attempts to make an invoice, in `invoice_requests`: written before the gateway is called, settled after it has answered.

use async_trait::async_trait;
use checkout::{Currency, Timestamp};
use rusqlite::{Connection, named_params};
use uuid::Uuid;

use super::checkouts::snapshot;
use super::handle::Sqlite;
use super::{alarms, customers, decisions, history, invoices, told, watching};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::{AttemptState, InvoiceAttempt};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::reading::events::facts;
use crate::reading::events::teller::Teller;
use crate::reading::history::{self as entries, Cause};
use crate::store::database::Attempts;
use crate::store::error::StoreError;
use crate::store::outcome::Finished;
use crate::store::row;

#[async_trait]
impl Attempts for Sqlite {
    async fn latest_attempt(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
    ) -> Result<Option<InvoiceAttempt>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT * FROM invoice_requests WHERE checkout_id = ?1 AND currency = ?2 ORDER BY attempt DESC LIMIT 1",
            )?;
            let mut rows = statement.query((checkout.to_string(), currency.code))?;
            rows.next()?.map(row::attempt).transpose()
        })
        .await
    }

    async fn started_attempts(
        &self,
        shop: ShopId,
        most: u32,
    ) -> Result<Vec<InvoiceAttempt>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection
                .prepare_cached("SELECT * FROM invoice_requests WHERE store = ?1 AND state = 'started' ORDER BY started_at LIMIT ?2")?;
            let mut rows = statement.query((shop.as_str(), most))?;
            let mut attempts = Vec::new();
            while let Some(found) = rows.next()? {
                attempts.push(row::attempt(found)?);
            }
            Ok(attempts)
        })
        .await
    }

    async fn start_attempt(
        &self,
        attempt: InvoiceAttempt,
    ) -> Result<Option<InvoiceAttempt>, StoreError> {
        self.write(move |connection| {
            if decisions::is_closed(connection, attempt.checkout_id)? {
                return Ok(None);
            }
            connection
                .prepare_cached(
                    "INSERT INTO invoice_requests (idempotency_key, store, checkout_id, currency, attempt, expiration, state, started_at)
                     VALUES (:key, :store, :checkout, :currency, :attempt, :expiration, 'started', :started_at)
                     ON CONFLICT (idempotency_key) DO NOTHING",
                )?
                .execute(named_params! {
                    ":key": attempt.key.to_string(),
                    ":store": attempt.shop.as_str(),
                    ":checkout": attempt.checkout_id.to_string(),
                    ":currency": attempt.currency.code,
                    ":attempt": attempt.number,
                    ":expiration": attempt.expiration.map(Timestamp::millis),
                    ":started_at": attempt.started_at.millis(),
                })?;
            let mut statement = connection.prepare_cached("SELECT * FROM invoice_requests WHERE idempotency_key = ?1")?;
            let mut rows = statement.query([attempt.key.to_string()])?;
            let found = rows.next()?.ok_or_else(|| StoreError::Unreadable("an attempt is gone that was just written".to_owned()))?;
            row::attempt(found).map(Some)
        })
        .await
    }

    async fn finish_attempt(
        &self,
        invoice: Invoice,
        alarms: Vec<Alarm>,
        cause: Cause,
        teller: Teller,
    ) -> Result<Finished, StoreError> {
        self.write(move |connection| {
            let key = invoice.key.to_string();
            let same_id: bool = connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM invoices WHERE store = ?1 AND gateway_id = ?2 AND idempotency_key <> ?3)")?
                .query_row((invoice.shop.as_str(), &invoice.gateway_id, &key), |row| row.get(0))?;
            if same_id {
                return Ok(Finished::SharedId);
            }
            // `keep_purse` is the other half: one address never serves an invoice and a customer either.
            if watching::is_watched(connection, &invoice.address, Some(invoice.key), cause.at)?
                || customers::has_purse(connection, &invoice.address, None)?
            {
                return Ok(Finished::SharedAddress);
            }
            set_state(connection, invoice.key, AttemptState::Made)?;
            let before = if facts::is_news(&invoice) {
                snapshot(connection, invoice.checkout_id)?
            } else {
                None
            };
            if invoices::insert(connection, &invoice)? {
                history::put(connection, &invoice.shop, &entries::invoice::made(&invoice, cause))?;
                if let Some(before) = before {
                    let facts = facts::made(&before, &invoice, cause.at);
                    told::put(connection, before.with(&invoice), &facts, &teller)?;
                }
            }
            for alarm in &alarms {
                alarms::raise(connection, invoice.checkout_id, alarm, cause.source)?;
            }
            Ok(Finished::Kept)
        })
        .await
    }

    async fn refuse_attempt(&self, key: Uuid) -> Result<(), StoreError> {
        self.write(move |connection| set_state(connection, key, AttemptState::Refused))
            .await
    }
}

fn set_state(connection: &Connection, key: Uuid, state: AttemptState) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE invoice_requests SET state = ?2 WHERE idempotency_key = ?1 AND state = 'started'")?
        .execute((key.to_string(), state.as_str()))?;
    Ok(())
}
