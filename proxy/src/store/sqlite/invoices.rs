//! Rows of `invoices`.

use async_trait::async_trait;
use checkout::Timestamp;
use rusqlite::{Connection, ToSql, named_params};
use uuid::Uuid;

use super::checkouts::snapshot;
use super::handle::Sqlite;
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
use crate::store::database::Invoices;
use crate::store::error::{StoreError, TakeInError};
use crate::store::outcome::WatchOrder;
use crate::store::row;

#[async_trait]
impl Invoices for Sqlite {
    async fn choose_invoice(&self, invoice: Uuid, cause: Cause) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let Some(chosen) = one(connection, "idempotency_key = ?1", &[&invoice.to_string()])? else {
                return Ok(false);
            };
            let was: String = connection
                .prepare_cached("SELECT currency FROM invoices WHERE checkout_id = ?1 ORDER BY chosen DESC LIMIT 1")?
                .query_row([chosen.checkout_id.to_string()], |row| row.get(0))?;
            let changed = connection
                .prepare_cached(
                    "UPDATE invoices SET chosen = (SELECT max(chosen) + 1 FROM invoices AS all_of_it WHERE all_of_it.checkout_id = invoices.checkout_id)
                     WHERE idempotency_key = ?1
                       AND chosen < (SELECT max(chosen) FROM invoices AS all_of_it WHERE all_of_it.checkout_id = invoices.checkout_id)",
                )?
                .execute([invoice.to_string()])?;
            if changed == 0 {
                return Ok(false);
            }
            let entry = Entry::invoice_chosen(chosen.checkout_id, invoice, &was, chosen.currency.code, cause);
            history::put(connection, &chosen.shop, &[entry])?;
            Ok(true)
        })
        .await
    }

    async fn take_in(&self, reading: InvoiceReading) -> Result<Option<Change>, TakeInError> {
        let decided = self
            .write(move |connection| {
                let Some(stored) = snapshot(connection, reading.checkout_id)? else {
                    return Ok(Ok(None));
                };
                let change = match reading.decide(&stored) {
                    Ok(Some(change)) => change,
                    nothing => return Ok(nothing),
                };
                update(connection, &change.invoice)?;
                for alarm in &change.alarms {
                    alarms::insert(connection, reading.checkout_id, alarm)?;
                }
                if let Some(before) = stored.invoice(reading.invoice) {
                    let cause = Cause {
                        source: reading.source,
                        at: reading.at,
                    };
                    history::put(
                        connection,
                        &before.shop,
                        &entries::invoice::moved(before, &change, cause),
                    )?;
                    let booked = ledger::of_receiver(connection, before.key)?;
                    let rate = stored.checkout.purpose.price().map(Price::currency);
                    let rate = rate.zip(reading.rate);
                    let rows = credit::read(before.phase, &change.invoice, &booked, rate, cause);
                    ledger::put(connection, &rows)?;
                }
                let facts = facts::read(&stored, &change, reading.at);
                told::put(
                    connection,
                    facts::after(&stored, &change),
                    &facts,
                    &reading.teller,
                )?;
                Ok(Ok(Some(change)))
            })
            .await?;
        Ok(decided?)
    }

    async fn watch_order(&self, shop: ShopId, now: Timestamp) -> Result<WatchOrder, StoreError> {
        self.read(move |connection| watching::order(connection, &shop, now))
            .await
    }

    async fn claim_invoices(
        &self,
        keys: Vec<Uuid>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        self.write(move |connection| watching::claim(connection, &keys, now, until))
            .await
    }

    async fn put_off_invoices(&self, turns: Vec<(Uuid, Timestamp)>) -> Result<(), StoreError> {
        self.write(move |connection| watching::put_off(connection, &turns))
            .await
    }

    async fn mend_turns(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.write(move |connection| watching::mend(connection, now))
            .await
    }

    async fn invoices_after(
        &self,
        shop: ShopId,
        priced: Option<(Timestamp, Timestamp)>,
        after: Uuid,
        most: u32,
    ) -> Result<Vec<Invoice>, StoreError> {
        self.read(move |connection| {
            let (from, to) = priced.unwrap_or((Timestamp::from_millis(0), Timestamp::MAX));
            let mut statement = connection.prepare_cached(
                "SELECT * FROM invoices WHERE store = ?1 AND idempotency_key > ?2 AND priced_at >= ?3 AND priced_at < ?4 AND (saw_money OR amount = '' OR ?5)
                 ORDER BY idempotency_key LIMIT ?6",
            )?;
            let after = after.to_string();
            let is_ranged = priced.is_some();
            let values = (shop.as_str(), after, from.millis(), to.millis(), is_ranged, most);
            let mut rows = statement.query(values)?;
            let mut found = Vec::new();
            while let Some(next) = rows.next()? {
                found.push(row::invoice(next)?);
            }
            Ok(found)
        })
        .await
    }

    async fn invoices(&self, keys: Vec<Uuid>) -> Result<Vec<Invoice>, StoreError> {
        self.read(move |connection| {
            let mut found = Vec::with_capacity(keys.len());
            for key in keys {
                found.extend(one(
                    connection,
                    "idempotency_key = ?1",
                    &[&key.to_string()],
                )?);
            }
            Ok(found)
        })
        .await
    }

    async fn invoice_of_gateway(
        &self,
        shop: ShopId,
        gateway_id: String,
    ) -> Result<Option<Invoice>, StoreError> {
        self.read(move |connection| {
            let named = "store = ?1 AND gateway_id = ?2";
            one(connection, named, &[&shop.as_str(), &gateway_id])
        })
        .await
    }

    async fn looked_at(&self, checkout: CheckoutId, now: Timestamp) -> Result<(), StoreError> {
        if !self
            .read(move |connection| watching::is_look_old(connection, checkout, now))
            .await?
        {
            return Ok(());
        }
        self.write(move |connection| watching::note_look(connection, checkout, now))
            .await
    }
}

/// The invoice that has these values in columns where no two have the same.
fn one(
    connection: &Connection,
    named: &'static str,
    values: &[&dyn ToSql],
) -> Result<Option<Invoice>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT * FROM invoices WHERE {named}"))?;
    let mut rows = statement.query(values)?;
    rows.next()?.map(row::invoice).transpose()
}

/// Keeps a new invoice as the one chosen last. One that is there already stays as it is.
///
/// `false` when it was.
pub(super) fn insert(connection: &Connection, invoice: &Invoice) -> Result<bool, StoreError> {
    let checkout = invoice.checkout_id.to_string();
    let chosen: i64 = connection
        .prepare_cached("SELECT coalesce(max(chosen), 0) + 1 FROM invoices WHERE checkout_id = ?1")?
        .query_row([&checkout], |row| row.get(0))?;
    let added = connection
        .prepare_cached(
            "INSERT INTO invoices (idempotency_key, store, checkout_id, currency, attempt, gateway_id, address, chosen,
                                   amount, received, phase, status, priced_at, expires_at, due_at)
             VALUES (:key, :store, :checkout, :currency, :attempt, :gateway_id, :address, :chosen, '', '', '', '', 0, 0, :never)
             ON CONFLICT (idempotency_key) DO NOTHING",
        )?
        .execute(named_params! {
            ":key": invoice.key.to_string(),
            ":store": invoice.shop.as_str(),
            ":checkout": checkout,
            ":currency": invoice.currency.code,
            ":attempt": invoice.attempt,
            ":gateway_id": invoice.gateway_id,
            ":address": invoice.address.as_str(),
            ":chosen": chosen,
            ":never": Timestamp::MAX.millis(),
        })?;
    // What a reading may change is written in one place.
    if added > 0 {
        update(connection, invoice)?;
    }
    Ok(added > 0)
}

fn update(connection: &Connection, invoice: &Invoice) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE invoices SET amount = :amount, received = :received, phase = :phase, status = :status, intervention = :intervention,
                                 transaction_hash = :transaction, priced_at = :priced_at, expires_at = :expires_at,
                                 second_payment_at = :second, fee = :fee, latest_expiry = :latest_expiry, held_at = :held_at, moved_at = :moved_at,
                                 due_at = CASE WHEN moved_at <> :moved_at THEN min(due_at, :soon) ELSE due_at END,
                                 paid_at = :paid_at, watched_until = :watched_until, saw_money = :saw_money
             WHERE idempotency_key = :key",
        )?
        .execute(named_params! {
            ":key": invoice.key.to_string(),
            ":amount": to_pay(invoice),
            ":received": invoice.received.to_string(),
            ":phase": invoice.phase.as_str(),
            ":status": invoice.status.as_str(),
            ":intervention": invoice.intervention.as_ref().map(checkout::InterventionKind::as_str),
            ":transaction": invoice.transaction,
            ":priced_at": invoice.priced_at.millis(),
            ":expires_at": invoice.expires_at.millis(),
            ":second": invoice.second_payment_at.map(Timestamp::millis),
            ":fee": invoice.fee.map(|fee| fee.to_string()),
            ":latest_expiry": invoice.latest_expiry.millis(),
            ":moved_at": invoice.moved_at.millis(),
            ":soon": invoice.moved_at.plus_seconds(FIRST_SECONDS).millis(),
            ":held_at": invoice.held_at.map(Timestamp::millis),
            ":paid_at": invoice.paid_at.map(Timestamp::millis),
            ":watched_until": invoice.watched_until().millis(),
            ":saw_money": invoice.saw_money(),
        })?;
    Ok(())
}

/// The amount as it is kept: empty where any is taken.
fn to_pay(invoice: &Invoice) -> String {
    invoice
        .amount
        .map(|amount| amount.to_string())
        .unwrap_or_default()
}
