//! Invoices on disk.

use checkout::Timestamp;
use rusqlite::{Connection, named_params};
use uuid::Uuid;

use super::checkouts::snapshot;
use super::{Store, StoreError, alarms};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::snapshot::Snapshot;

/// What a reading changes.
pub(crate) struct Taken<T> {
    /// The invoice as it is from now on.
    pub(crate) invoice: Invoice,
    pub(crate) alarms: Vec<Alarm>,
    /// What the caller is told once it is on disk.
    pub(crate) said: T,
}

impl Store {
    /// Makes an invoice the one shown. Writes nothing when it is already.
    pub(crate) async fn choose(&self, invoice: Uuid) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "UPDATE invoices SET chosen = (SELECT max(chosen) + 1 FROM invoices AS all_of_it WHERE all_of_it.checkout_id = invoices.checkout_id)
                     WHERE idempotency_key = ?1
                       AND chosen < (SELECT max(chosen) FROM invoices AS all_of_it WHERE all_of_it.checkout_id = invoices.checkout_id)",
                )?
                .execute([invoice.to_string()])?;
            Ok(())
        })
        .await
    }

    /// Changes one invoice by what `change` makes of it and its checkout as they are at this moment. `None` leaves it as it is.
    pub(crate) async fn change_invoice<T, C>(
        &self,
        invoice: &Invoice,
        change: C,
    ) -> Result<Option<T>, StoreError>
    where
        T: Send + 'static,
        C: FnOnce(&Invoice, &Snapshot) -> Option<Taken<T>> + Send + 'static,
    {
        let (checkout, key) = (invoice.checkout, invoice.key);
        self.write(move |connection| {
            let Some(snapshot) = snapshot(connection, checkout)? else {
                return Ok(None);
            };
            let Some(current) = snapshot.invoices.iter().find(|known| known.key == key) else {
                return Ok(None);
            };
            let Some(taken) = change(current, &snapshot) else {
                return Ok(None);
            };
            update(connection, &taken.invoice)?;
            for alarm in &taken.alarms {
                alarms::insert(connection, checkout, alarm)?;
            }
            Ok(Some(taken.said))
        })
        .await
    }
}

pub(super) fn insert(connection: &Connection, invoice: &Invoice) -> Result<(), StoreError> {
    let chosen: i64 = connection
        .prepare_cached("SELECT coalesce(max(chosen), 0) + 1 FROM invoices WHERE checkout_id = ?1")?
        .query_row([invoice.checkout.to_string()], |row| row.get(0))?;
    connection
        .prepare_cached(
            "INSERT INTO invoices (idempotency_key, checkout_id, currency, attempt, gateway_id, address, amount, received, phase,
                                   status, intervention, transaction_hash, priced_at, expires_at, chosen, second_payment_at, fee, latest_expiry, held_at,
                                   paid_at)
             VALUES (:key, :checkout, :currency, :attempt, :gateway_id, :address, :amount, :received, :phase,
                     :status, :intervention, :transaction, :priced_at, :expires_at, :chosen, :second, :fee, :latest_expiry, :held_at, :paid_at)
             ON CONFLICT (idempotency_key) DO NOTHING",
        )?
        .execute(named_params! {
            ":key": invoice.key.to_string(),
            ":checkout": invoice.checkout.to_string(),
            ":currency": invoice.currency.code,
            ":attempt": invoice.attempt,
            ":gateway_id": invoice.gateway_id,
            ":address": invoice.address.as_str(),
            ":amount": to_pay(invoice),
            ":received": invoice.received.to_string(),
            ":phase": invoice.phase.as_str(),
            ":status": invoice.status.as_str(),
            ":intervention": invoice.intervention.as_ref().map(checkout::InterventionKind::as_str),
            ":transaction": invoice.transaction,
            ":priced_at": invoice.priced_at.millis(),
            ":expires_at": invoice.expires_at.millis(),
            ":chosen": chosen,
            ":second": invoice.second_payment_at.map(Timestamp::millis),
            ":fee": invoice.fee.map(|fee| fee.to_string()),
            ":latest_expiry": invoice.latest_expiry.millis(),
            ":held_at": invoice.held_at.map(Timestamp::millis),
            ":paid_at": invoice.paid_at.map(Timestamp::millis),
        })?;
    Ok(())
}

fn update(connection: &Connection, invoice: &Invoice) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE invoices SET amount = :amount, received = :received, phase = :phase, status = :status, intervention = :intervention,
                                 transaction_hash = :transaction, priced_at = :priced_at, expires_at = :expires_at,
                                 second_payment_at = :second, fee = :fee, latest_expiry = :latest_expiry, held_at = :held_at,
                                 paid_at = :paid_at
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
            ":held_at": invoice.held_at.map(Timestamp::millis),
            ":paid_at": invoice.paid_at.map(Timestamp::millis),
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
