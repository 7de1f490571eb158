//! Attempts to make an invoice, in `invoice_requests`: written before the gateway is called, settled after it has answered.

use async_trait::async_trait;
use checkout::{Currency, Timestamp};
use uuid::Uuid;

use super::checkouts::snapshot;
use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::{Transaction, Values};
use super::{alarms, customers, history, invoices, told, watching};
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
impl Attempts for Postgres {
    async fn latest_attempt(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
    ) -> Result<Option<InvoiceAttempt>, StoreError> {
        self.read((checkout, currency), |view, (checkout, currency)| {
            Box::pin(async move {
                let query =
                    "SELECT * FROM invoice_requests WHERE checkout_id = $1 AND currency = $2 ORDER BY attempt DESC LIMIT 1";
                let found = view.row(query, &[&checkout.to_string(), &currency.code]).await?;
                Ok(found.as_ref().map(row::attempt).transpose()?)
            })
        })
        .await
    }

    async fn started_attempts(
        &self,
        shop: ShopId,
        most: u32,
    ) -> Result<Vec<InvoiceAttempt>, StoreError> {
        self.read((shop, i64::from(most)), |view, (shop, most)| {
            Box::pin(async move {
                let query =
                    "SELECT * FROM invoice_requests WHERE store = $1 AND state = 'started' ORDER BY started_at LIMIT $2";
                let rows = view.rows(query, &[&shop.as_str(), most]).await?;
                Ok(rows.iter().map(row::attempt).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// Decided by the key's own row, which is unique, and by that of the checkout: whoever closes it waits for the commit of those that begin.
    async fn start_attempt(
        &self,
        attempt: InvoiceAttempt,
    ) -> Result<Option<InvoiceAttempt>, StoreError> {
        self.write_keyed(attempt, |transaction, attempt| {
            Box::pin(start(transaction, attempt))
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
        self.write(
            (invoice, alarms, cause, teller),
            |transaction, (invoice, alarms, cause, teller)| {
                Box::pin(finish(transaction, invoice, alarms, *cause, teller))
            },
        )
        .await
    }

    /// Decided by the attempt's own row.
    async fn refuse_attempt(&self, key: Uuid) -> Result<(), StoreError> {
        self.write_keyed(key, |transaction, key| {
            Box::pin(set_state(transaction, *key, AttemptState::Refused))
        })
        .await
    }
}

async fn start(
    transaction: &Transaction,
    attempt: &InvoiceAttempt,
) -> Result<Option<InvoiceAttempt>, Failure> {
    let (key, checkout) = (attempt.key.to_string(), attempt.checkout_id.to_string());
    let (by_key, by_checkout): (Values<'_>, Values<'_>) = (&[&key], &[&checkout]);
    // The others are statements of their own, behind the first, which waits for whoever writes this row just now, or closes the checkout.
    let (put, found, closed) = tokio::join!(
        biased;
        insert(transaction, attempt),
        transaction.row("SELECT * FROM invoice_requests WHERE idempotency_key = $1", by_key),
        transaction.has("SELECT 1 FROM checkouts WHERE id = $1 AND closed_at IS NOT NULL", by_checkout),
    );
    let is_new = put?;
    if closed? {
        if is_new {
            transaction
                .run(
                    "DELETE FROM invoice_requests WHERE idempotency_key = $1",
                    by_key,
                )
                .await?;
        }
        return Ok(None);
    }
    let found = found?.ok_or_else(|| {
        StoreError::Unreadable("an attempt is gone that was just written".to_owned())
    })?;
    Ok(Some(row::attempt(&found)?))
}

/// Whether it is new.
async fn insert(transaction: &Transaction, attempt: &InvoiceAttempt) -> Result<bool, Failure> {
    let put = transaction
        .run(
            "INSERT INTO invoice_requests (idempotency_key, store, checkout_id, currency, attempt, expiration, state, started_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'started', $7)
             ON CONFLICT (idempotency_key) DO NOTHING",
            &[
                &attempt.key.to_string(),
                &attempt.shop.as_str(),
                &attempt.checkout_id.to_string(),
                &attempt.currency.code,
                &i64::from(attempt.number),
                &attempt.expiration.map(Timestamp::millis),
                &attempt.started_at.millis(),
            ],
        )
        .await?;
    Ok(put > 0)
}

async fn finish(
    transaction: &Transaction,
    invoice: &Invoice,
    alarms: &[Alarm],
    cause: Cause,
    teller: &Teller,
) -> Result<Finished, Failure> {
    let query =
        "SELECT 1 FROM invoices WHERE store = $1 AND gateway_id = $2 AND idempotency_key <> $3";
    let key = invoice.key.to_string();
    let shop = invoice.shop.as_str();
    let shared: Values<'_> = &[&shop, &invoice.gateway_id, &key];
    // `keep_purse` is the other half: one address never serves an invoice and a customer either.
    let (shares_id, is_watched, has_purse, place) = tokio::join!(
        biased;
        transaction.has(query, shared),
        watching::is_watched(transaction, &invoice.address, Some(invoice.key), cause.at),
        customers::has_purse(transaction, &invoice.address, None),
        invoices::place(transaction, invoice),
    );
    let shares_address = is_watched? || has_purse?;
    if shares_id? {
        return Ok(Finished::SharedId);
    }
    if shares_address {
        return Ok(Finished::SharedAddress);
    }
    let made = set_state(transaction, invoice.key, AttemptState::Made);
    if let Some(place) = place? {
        let before = if facts::is_news(invoice) {
            snapshot(transaction, invoice.checkout_id).await?
        } else {
            None
        };
        let entries = entries::invoice::made(invoice, cause);
        let (made, kept, written) = tokio::join!(
            biased;
            made,
            invoices::insert(transaction, invoice, place),
            history::put(transaction, &invoice.shop, &entries),
        );
        made.and(kept).and(written)?;
        if let Some(before) = before {
            let facts = facts::made(&before, invoice, cause.at);
            told::put(transaction, before.with(invoice), &facts, teller).await?;
        }
    } else {
        made.await?;
    }
    for alarm in alarms {
        alarms::raise(transaction, invoice.checkout_id, alarm, cause.source).await?;
    }
    Ok(Finished::Kept)
}

async fn set_state(
    transaction: &Transaction,
    key: Uuid,
    state: AttemptState,
) -> Result<(), Failure> {
    let change =
        "UPDATE invoice_requests SET state = $2 WHERE idempotency_key = $1 AND state = 'started'";
    transaction
        .run(change, &[&key.to_string(), &state.as_str()])
        .await?;
    Ok(())
}
