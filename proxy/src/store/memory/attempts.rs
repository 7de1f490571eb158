//! Attempts in memory.

use async_trait::async_trait;
use checkout::{Currency, Timestamp};
use uuid::Uuid;

use super::Memory;
use super::rows::{InvoiceRow, Rows};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::{AttemptState, InvoiceAttempt};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::store::database::Attempts;
use crate::store::error::StoreError;
use crate::store::outcome::Finished;

#[async_trait]
impl Attempts for Memory {
    async fn latest_attempt(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
    ) -> Result<Option<InvoiceAttempt>, StoreError> {
        Ok(self.read(|rows| {
            rows.attempts
                .iter()
                .filter(|attempt| attempt.checkout_id == checkout && attempt.currency == currency)
                .max_by_key(|attempt| attempt.number)
                .cloned()
        }))
    }

    async fn started_attempts(&self, most: u32) -> Result<Vec<InvoiceAttempt>, StoreError> {
        Ok(self.read(|rows| {
            let started = rows.attempts.iter().filter(|attempt| is_started(attempt));
            let mut started: Vec<InvoiceAttempt> = started.cloned().collect();
            started.sort_by_key(|attempt| attempt.started_at);
            started.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            started
        }))
    }

    async fn start_attempt(&self, attempt: InvoiceAttempt) -> Result<InvoiceAttempt, StoreError> {
        self.write(|rows| {
            let known = rows.attempts.iter().find(|known| known.key == attempt.key);
            if let Some(known) = known {
                return Ok(known.clone());
            }
            rows.require(attempt.checkout_id)?;
            rows.attempts.push(attempt.clone());
            Ok(attempt)
        })
    }

    async fn finish_attempt(
        &self,
        invoice: Invoice,
        alarms: Vec<Alarm>,
        now: Timestamp,
    ) -> Result<Finished, StoreError> {
        self.write(|rows| {
            let others = rows.invoices.iter().map(|row| &row.invoice);
            let mut others = others.filter(|other| other.key != invoice.key);
            if others.any(|other| other.gateway_id == invoice.gateway_id) {
                return Ok(Finished::SharedId);
            }
            if rows.is_watched(&invoice.address, Some(invoice.key), now)
                || rows.has_purse(&invoice.address, None)
            {
                return Ok(Finished::SharedAddress);
            }
            rows.require(invoice.checkout_id)?;
            settle(rows, invoice.key, AttemptState::Made);
            let (checkout, key) = (invoice.checkout_id, invoice.key);
            if !rows.invoices.iter().any(|row| row.invoice.key == key) {
                let highest = rows.invoices_of(checkout).map(|row| row.chosen).max();
                rows.invoices.push(InvoiceRow {
                    invoice,
                    chosen: highest.unwrap_or_default() + 1,
                    looked_at: None,
                });
            }
            for alarm in &alarms {
                rows.raise(checkout, alarm);
            }
            Ok(Finished::Kept)
        })
    }

    async fn refuse_attempt(&self, key: Uuid) -> Result<(), StoreError> {
        self.write(|rows| settle(rows, key, AttemptState::Refused));
        Ok(())
    }
}

fn is_started(attempt: &InvoiceAttempt) -> bool {
    attempt.state == AttemptState::Started
}

fn settle(rows: &mut Rows, key: Uuid, state: AttemptState) {
    let mut attempts = rows.attempts.iter_mut();
    if let Some(attempt) = attempts.find(|attempt| attempt.key == key && is_started(attempt)) {
        attempt.state = state;
    }
}
