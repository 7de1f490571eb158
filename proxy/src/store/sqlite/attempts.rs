//! Requests to the gateway on disk: written before it is called, settled after it has answered.

use checkout::Timestamp;
use rusqlite::{Connection, named_params};
use uuid::Uuid;

use super::{Store, StoreError, alarms, customers, invoices, row, watching};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::{AttemptState, InvoiceAttempt};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;

/// What became of the invoice of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finished {
    /// It is on disk.
    Kept,
    /// Another invoice has its gateway id.
    SharedId,
    /// Another invoice that is watched, or a customer, has its address.
    SharedAddress,
}

impl Store {
    /// The latest request of a checkout in one currency.
    pub(crate) async fn latest_request(
        &self,
        checkout: CheckoutId,
        currency: &'static str,
    ) -> Result<Option<InvoiceAttempt>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT * FROM invoice_requests WHERE checkout_id = ?1 AND currency = ?2 ORDER BY attempt DESC LIMIT 1",
            )?;
            let mut rows = statement.query((checkout.to_string(), currency))?;
            rows.next()?.map(row::request).transpose()
        })
        .await
    }

    /// Requests whose outcome is not known, oldest first.
    pub(crate) async fn started_requests(
        &self,
        most: u32,
    ) -> Result<Vec<InvoiceAttempt>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection
                .prepare_cached("SELECT * FROM invoice_requests WHERE state = 'started' ORDER BY started_at LIMIT ?1")?;
            let mut rows = statement.query([most])?;
            let mut requests = Vec::new();
            while let Some(found) = rows.next()? {
                requests.push(row::request(found)?);
            }
            Ok(requests)
        })
        .await
    }

    /// Writes a request down before the gateway hears of it. Another proxy on the same file may have been quicker: then its
    /// request comes back, which has the same key.
    pub(crate) async fn start_request(
        &self,
        request: InvoiceAttempt,
    ) -> Result<InvoiceAttempt, StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO invoice_requests (idempotency_key, checkout_id, currency, attempt, expiration, state, started_at)
                     VALUES (:key, :checkout, :currency, :attempt, :expiration, 'started', :started_at)
                     ON CONFLICT (idempotency_key) DO NOTHING",
                )?
                .execute(named_params! {
                    ":key": request.key.to_string(),
                    ":checkout": request.checkout.to_string(),
                    ":currency": request.currency,
                    ":attempt": request.attempt,
                    ":expiration": request.expiration.map(Timestamp::millis),
                    ":started_at": request.started_at.millis(),
                })?;
            let mut statement = connection.prepare_cached("SELECT * FROM invoice_requests WHERE idempotency_key = ?1")?;
            let mut rows = statement.query([request.key.to_string()])?;
            let found = rows.next()?.ok_or_else(|| StoreError::Unreadable("a request is gone that was just written".to_owned()))?;
            row::request(found)
        })
        .await
    }

    /// Keeps the invoice a request has made, as the one chosen last, and settles the request: all of it or nothing. If the invoice is
    /// there already, nothing changes. Nothing is kept either when its gateway id or its address serves somebody else, for as long as
    /// that one is watched at `now`.
    pub(crate) async fn finish_request(
        &self,
        invoice: Invoice,
        alarms: Vec<Alarm>,
        now: Timestamp,
    ) -> Result<Finished, StoreError> {
        self.write(move |connection| {
            let key = invoice.key.to_string();
            let same_id: bool = connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM invoices WHERE gateway_id = ?1 AND idempotency_key <> ?2)")?
                .query_row((&invoice.gateway_id, &key), |row| row.get(0))?;
            if same_id {
                return Ok(Finished::SharedId);
            }
            // `keep_purse` is the other half: one address never serves an invoice and a customer either.
            if watching::is_watched(connection, &invoice.address, Some(invoice.key), now)?
                || customers::has_purse(connection, &invoice.address, None)?
            {
                return Ok(Finished::SharedAddress);
            }
            set_state(connection, invoice.key, AttemptState::Made)?;
            invoices::insert(connection, &invoice)?;
            for alarm in &alarms {
                alarms::insert(connection, invoice.checkout, alarm)?;
            }
            Ok(Finished::Kept)
        })
        .await
    }

    /// Notes that a request has made no invoice and will make none.
    pub(crate) async fn refuse_request(&self, key: Uuid) -> Result<(), StoreError> {
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
