//! The gateway has said that something has changed. What it said is not believed; what it is about is read again.

use std::sync::Arc;

use crate::app::outcome::ReadOutcome;
use crate::app::state::App;
use crate::checkouts::delivery::Named;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::store::StoreError;

/// What became of the news that something has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// Nothing of this proxy has this id at the gateway.
    NotOurs,
    /// It was read again, and what is stored is what the gateway says.
    TakenIn,
    /// The gateway gave no usable answer. It has to be read later.
    NotRead,
}

impl App {
    /// Takes in what a shop's gateway says now about something, by a reading that begins after this call.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn deliver(
        self: &Arc<Self>,
        shop: &ShopId,
        subject: &Named,
    ) -> Result<Delivered, StoreError> {
        let outcome = match subject {
            Named::Nothing => return Ok(Delivered::NotOurs),
            Named::Customer(gateway_id) => {
                let found = self
                    .store
                    .customer_of_gateway(shop.clone(), gateway_id.clone())
                    .await?;
                let Some(customer) = found else {
                    return Ok(Delivered::NotOurs);
                };
                self.read_customer_after_event(&customer, gateway_id).await
            }
            Named::Invoice(_) | Named::InvoiceKey(_) => {
                match self.invoice_of(shop, subject).await? {
                    None => return Ok(Delivered::NotOurs),
                    Some(invoice) => self.read_after_event(&invoice).await,
                }
            }
        };
        Ok(match outcome {
            ReadOutcome::Unchanged | ReadOutcome::Changed => Delivered::TakenIn,
            ReadOutcome::Failed | ReadOutcome::NotNow | ReadOutcome::Fresh => Delivered::NotRead,
        })
    }

    /// The invoice that a delivery is about.
    pub(in crate::app) async fn invoice_of(
        &self,
        shop: &ShopId,
        subject: &Named,
    ) -> Result<Option<Invoice>, StoreError> {
        match subject {
            Named::Invoice(id) => {
                self.store
                    .invoice_of_gateway(shop.clone(), id.clone())
                    .await
            }
            Named::InvoiceKey(key) => {
                let found = self.store.invoices(vec![*key]).await?.pop();
                Ok(found.filter(|invoice| invoice.shop == *shop))
            }
            Named::Customer(_) | Named::Nothing => Ok(None),
        }
    }
}
