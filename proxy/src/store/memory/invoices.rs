//! Invoices in memory.

use std::cmp::Reverse;

use async_trait::async_trait;
use checkout::Timestamp;
use uuid::Uuid;

use super::Memory;
use super::rows::InvoiceRow;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::limits::turns::Waiting;
use crate::reading::invoice::Change;
use crate::reading::invoice_reading::InvoiceReading;
use crate::store::database::{Invoices, LOOK_SECONDS};
use crate::store::error::{StoreError, TakeInError};
use crate::store::outcome::WatchOrder;

#[async_trait]
impl Invoices for Memory {
    async fn choose_invoice(&self, invoice: Uuid) -> Result<(), StoreError> {
        self.write(|rows| {
            let place = |row: &InvoiceRow| row.invoice.key == invoice;
            let Some(at) = rows.invoices.iter().position(place) else {
                return;
            };
            let checkout = rows.invoices[at].invoice.checkout_id;
            let highest = rows.invoices_of(checkout).map(|row| row.chosen).max();
            if let Some(highest) = highest.filter(|highest| rows.invoices[at].chosen < *highest) {
                rows.invoices[at].chosen = highest + 1;
            }
        });
        Ok(())
    }

    async fn take_in(&self, reading: InvoiceReading) -> Result<Option<Change>, TakeInError> {
        self.decide(
            |rows| rows.snapshot(reading.checkout_id),
            |stored| match stored {
                Some(stored) => Ok(reading.decide(stored)?),
                None => Ok(None),
            },
            |rows, change| {
                let Some(change) = change else {
                    return Ok(());
                };
                let mut known = rows.invoices.iter_mut();
                if let Some(row) = known.find(|row| row.invoice.key == change.invoice.key) {
                    row.invoice = change.invoice.clone();
                }
                for alarm in &change.alarms {
                    rows.raise(reading.checkout_id, alarm);
                }
                Ok(())
            },
        )
        .await
    }

    async fn watch_order(&self, now: Timestamp) -> Result<WatchOrder, StoreError> {
        Ok(self.read(|rows| {
            let watched = rows.invoices.iter().enumerate();
            let mut watched: Vec<(usize, &InvoiceRow)> = watched
                .filter(|(_, row)| row.invoice.is_watched(now))
                .collect();
            watched.sort_by_key(|(place, row)| Reverse((row.looked_at, *place)));
            let mut order = WatchOrder::default();
            for (_, row) in watched {
                let checkout = rows.checkout(row.invoice.checkout_id);
                let made_by_page = checkout.filter(|checkout| checkout.product.is_some());
                match made_by_page {
                    Some(checkout) if !row.invoice.saw_money() => order.waiting.push(Waiting {
                        key: row.invoice.key,
                        network: checkout.network,
                        was_looked_at: row.looked_at.is_some(),
                    }),
                    _ => order.expected.push(row.invoice.key),
                }
            }
            order
        }))
    }

    async fn invoices(&self, keys: Vec<Uuid>) -> Result<Vec<Invoice>, StoreError> {
        let find = |key| self.invoice(|invoice| invoice.key == key);
        Ok(keys.into_iter().filter_map(find).collect())
    }

    async fn invoice_of_gateway(&self, gateway_id: String) -> Result<Option<Invoice>, StoreError> {
        Ok(self.invoice(|invoice| invoice.gateway_id == gateway_id))
    }

    async fn looked_at(&self, checkout: CheckoutId, now: Timestamp) -> Result<(), StoreError> {
        let before = now.plus_seconds(-LOOK_SECONDS);
        self.write(|rows| {
            let is_old = |row: &InvoiceRow| row.looked_at.is_none_or(|at| at < before);
            if rows.invoices_of(checkout).any(is_old) {
                let all = rows.invoices.iter_mut();
                for row in all.filter(|row| row.invoice.checkout_id == checkout) {
                    row.looked_at = Some(now);
                }
            }
        });
        Ok(())
    }
}

impl Memory {
    fn invoice(&self, is_it: impl Fn(&Invoice) -> bool) -> Option<Invoice> {
        self.read(|rows| {
            let mut all = rows.invoices.iter().map(|row| &row.invoice);
            all.find(|invoice| is_it(invoice)).cloned()
        })
    }
}
