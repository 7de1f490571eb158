//! Rows of `invoices`.

use async_trait::async_trait;
use checkout::Timestamp;
use uuid::Uuid;

use super::checkouts::snapshot;
use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::{Transaction, Values};
use super::{alarms, history, ledger, told, watching};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::price::Price;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::visits::FIRST_SECONDS;
use crate::reading::events::facts;
use crate::reading::history::{self as entries, Cause, Entry};
use crate::reading::invoice::Change;
use crate::reading::invoice_reading::InvoiceReading;
use crate::reading::ledger::credit;
use crate::store::columns::Columns;
use crate::store::database::Invoices;
use crate::store::error::{StoreError, TakeInError};
use crate::store::outcome::WatchOrder;
use crate::store::row;

#[async_trait]
impl Invoices for Postgres {
    async fn choose_invoice(&self, invoice: Uuid, cause: Cause) -> Result<bool, StoreError> {
        self.write((invoice, cause), |transaction, (invoice, cause)| {
            Box::pin(choose(transaction, *invoice, *cause))
        })
        .await
    }

    async fn take_in(&self, reading: InvoiceReading) -> Result<Option<Change>, TakeInError> {
        let decided = self
            .write(reading, |transaction, reading| {
                Box::pin(async move {
                    let Some(stored) = snapshot(transaction, reading.checkout_id).await? else {
                        return Ok(Ok(None));
                    };
                    let change = match reading.decide(&stored) {
                        Ok(Some(change)) => change,
                        nothing => return Ok(nothing),
                    };
                    if let Some(before) = stored.invoice(reading.invoice) {
                        let cause = Cause {
                            source: reading.source,
                            at: reading.at,
                        };
                        let entries = entries::invoice::moved(before, &change, cause);
                        let (updated, raised, written, booked) = tokio::join!(
                            biased;
                            update(transaction, &change.invoice),
                            alarms::insert_all(transaction, reading.checkout_id, &change.alarms),
                            history::put(transaction, &before.shop, &entries),
                            ledger::of_receiver(transaction, before.key),
                        );
                        updated.and(raised).and(written)?;
                        let booked = booked?;
                        let fiat = stored.checkout.purpose.price().map(Price::currency);
                        let rate = fiat.zip(reading.rate);
                        let rows =
                            credit::read(before.phase, &change.invoice, &booked, rate, cause);
                        ledger::put(transaction, &rows).await?;
                    }
                    let facts = facts::read(&stored, &change, reading.at);
                    told::put(
                        transaction,
                        facts::after(&stored, &change),
                        &facts,
                        &reading.teller,
                    )
                    .await?;
                    Ok(Ok(Some(change)))
                })
            })
            .await?;
        Ok(decided?)
    }

    async fn watch_order(&self, shop: ShopId, now: Timestamp) -> Result<WatchOrder, StoreError> {
        self.read((shop, now), |view, (shop, now)| {
            Box::pin(watching::order(view, shop, *now))
        })
        .await
    }

    async fn claim_invoices(
        &self,
        keys: Vec<Uuid>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        self.write_keyed((keys, now, until), |transaction, (keys, now, until)| {
            Box::pin(watching::claim(transaction, keys, *now, *until))
        })
        .await
    }

    async fn put_off_invoices(&self, turns: Vec<(Uuid, Timestamp)>) -> Result<(), StoreError> {
        self.write_keyed(turns, |transaction, turns| {
            Box::pin(watching::put_off(transaction, turns))
        })
        .await
    }

    async fn mend_turns(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.write_keyed(now, |transaction, now| {
            Box::pin(watching::mend(transaction, *now))
        })
        .await
    }

    async fn invoices_after(
        &self,
        shop: ShopId,
        priced: Option<(Timestamp, Timestamp)>,
        after: Uuid,
        most: u32,
    ) -> Result<Vec<Invoice>, StoreError> {
        self.read((shop, priced, after, most), |view, (shop, priced, after, most)| {
            Box::pin(async move {
                let (from, to) = priced.unwrap_or((Timestamp::from_millis(0), Timestamp::MAX));
                let rows = view
                    .rows(
                        "SELECT * FROM invoices
                         WHERE store = $1 AND idempotency_key > $2 AND priced_at >= $3 AND priced_at < $4 AND (saw_money OR amount = '' OR $5)
                         ORDER BY idempotency_key LIMIT $6",
                        &[
                            &shop.as_str(),
                            &after.to_string(),
                            &from.millis(),
                            &to.millis(),
                            &priced.is_some(),
                            &i64::from(*most),
                        ],
                    )
                    .await?;
                Ok(rows.iter().map(row::invoice).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    async fn invoices(&self, keys: Vec<Uuid>) -> Result<Vec<Invoice>, StoreError> {
        self.read(keys, |view, keys| {
            Box::pin(async move {
                let texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
                let query = "SELECT * FROM invoices WHERE idempotency_key = ANY($1)";
                let rows = view.rows(query, &[&texts]).await?;
                let mut found: Vec<Invoice> =
                    rows.iter().map(row::invoice).collect::<Result<_, _>>()?;
                found.sort_by_key(|invoice| keys.iter().position(|key| *key == invoice.key));
                Ok(found)
            })
        })
        .await
    }

    async fn invoice_of_gateway(
        &self,
        shop: ShopId,
        gateway_id: String,
    ) -> Result<Option<Invoice>, StoreError> {
        self.read((shop, gateway_id), |view, (shop, gateway_id)| {
            Box::pin(async move {
                let query = "SELECT * FROM invoices WHERE store = $1 AND gateway_id = $2";
                let found = view.row(query, &[&shop.as_str(), gateway_id]).await?;
                Ok(found.as_ref().map(row::invoice).transpose()?)
            })
        })
        .await
    }

    /// Decided by the rows it changes: the latest look stays.
    async fn looked_at(&self, checkout: CheckoutId, now: Timestamp) -> Result<(), StoreError> {
        let is_old = self.read((checkout, now), |view, (checkout, now)| {
            Box::pin(watching::is_look_old(view, *checkout, *now))
        });
        if !is_old.await? {
            return Ok(());
        }
        self.write_keyed((checkout, now), |transaction, (checkout, now)| {
            Box::pin(watching::note_look(transaction, *checkout, *now))
        })
        .await
    }
}

async fn choose(transaction: &Transaction, invoice: Uuid, cause: Cause) -> Result<bool, Failure> {
    let key = invoice.to_string();
    let query = "SELECT * FROM invoices WHERE idempotency_key = $1";
    let Some(found) = transaction.row(query, &[&key]).await? else {
        return Ok(false);
    };
    let chosen = row::invoice(&found)?;
    let checkout = chosen.checkout_id.to_string();
    let query =
        "SELECT currency, chosen FROM invoices WHERE checkout_id = $1 ORDER BY chosen DESC LIMIT 1";
    let shown = transaction.row(query, &[&checkout]).await?;
    let shown = shown.ok_or_else(|| {
        StoreError::Unreadable("an invoice is gone that was just read".to_owned())
    })?;
    let (was, highest): (String, i64) = (
        Columns::get(&shown, "currency")?,
        Columns::get(&shown, "chosen")?,
    );
    let change = "UPDATE invoices SET chosen = $2 + 1 WHERE idempotency_key = $1 AND chosen < $2";
    if transaction.run(change, &[&key, &highest]).await? == 0 {
        return Ok(false);
    }
    let entry = Entry::invoice_chosen(
        chosen.checkout_id,
        invoice,
        &was,
        chosen.currency.code,
        cause,
    );
    history::put(transaction, &chosen.shop, &[entry]).await?;
    Ok(true)
}

/// The place of a new invoice, as the one chosen last. None for one that is there already.
pub(super) async fn place(
    transaction: &Transaction,
    invoice: &Invoice,
) -> Result<Option<i64>, Failure> {
    let query = "SELECT coalesce(max(chosen), 0) + 1 AS next, coalesce(bool_or(idempotency_key = $2), FALSE) AS is_there
                 FROM invoices WHERE checkout_id = $1";
    let (checkout, key) = (invoice.checkout_id.to_string(), invoice.key.to_string());
    let found = transaction.row(query, &[&checkout, &key]).await?;
    let found =
        found.ok_or_else(|| StoreError::Unreadable("a highest number is missing".to_owned()))?;
    let next = Columns::get(&found, "next")?;
    let is_there: bool = Columns::get(&found, "is_there")?;
    Ok((!is_there).then_some(next))
}

/// Keeps a new invoice in its [`place`].
pub(super) async fn insert(
    transaction: &Transaction,
    invoice: &Invoice,
    place: i64,
) -> Result<(), Failure> {
    let (shop, key) = (invoice.shop.as_str(), invoice.key.to_string());
    let (checkout, attempt) = (invoice.checkout_id.to_string(), i64::from(invoice.attempt));
    let (address, never) = (invoice.address.as_str(), Timestamp::MAX.millis());
    let values: Values<'_> = &[
        &key,
        &shop,
        &checkout,
        &invoice.currency.code,
        &attempt,
        &invoice.gateway_id,
        &address,
        &place,
        &never,
    ];
    // What a reading may change is written in one place.
    let (added, updated) = tokio::join!(
        biased;
        transaction.run(
            "INSERT INTO invoices (idempotency_key, store, checkout_id, currency, attempt, gateway_id, address, chosen,
                                   amount, received, phase, status, priced_at, expires_at, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', '', 0, 0, $9)",
            values,
        ),
        update(transaction, invoice),
    );
    added.and(updated)
}

async fn update(transaction: &Transaction, invoice: &Invoice) -> Result<(), Failure> {
    transaction
        .run(
            "UPDATE invoices SET amount = $2, received = $3, phase = $4, status = $5, intervention = $6, transaction_hash = $7,
                                 priced_at = $8, expires_at = $9, second_payment_at = $10, fee = $11, latest_expiry = $12,
                                 held_at = $13, paid_at = $14, watched_until = $15, saw_money = $16, moved_at = $17,
                                 due_at = CASE WHEN moved_at <> $17 THEN least(due_at, $18) ELSE due_at END
             WHERE idempotency_key = $1",
            &[
                &invoice.key.to_string(),
                // Empty where any amount is taken.
                &invoice.amount.map(|amount| amount.to_string()).unwrap_or_default(),
                &invoice.received.to_string(),
                &invoice.phase.as_str(),
                &invoice.status.as_str(),
                &invoice.intervention.as_ref().map(checkout::InterventionKind::as_str),
                &invoice.transaction,
                &invoice.priced_at.millis(),
                &invoice.expires_at.millis(),
                &invoice.second_payment_at.map(Timestamp::millis),
                &invoice.fee.map(|fee| fee.to_string()),
                &invoice.latest_expiry.millis(),
                &invoice.held_at.map(Timestamp::millis),
                &invoice.paid_at.map(Timestamp::millis),
                &invoice.watched_until().millis(),
                &invoice.saw_money(),
                &invoice.moved_at.millis(),
                &invoice.moved_at.plus_seconds(FIRST_SECONDS).millis(),
            ],
        )
        .await?;
    Ok(())
}
