//! The gateway has said that an invoice has changed. What it said is not believed; the invoice is read again.

use std::sync::Arc;

use super::outcome::ReadOutcome;
use super::state::App;
use crate::checkouts::shop_id::ShopId;
use crate::store::StoreError;

/// What became of the news that an invoice has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// No invoice of this proxy has this id at the gateway.
    NotOurs,
    /// The invoice was read again, and what is stored is what the gateway says.
    TakenIn,
    /// The gateway gave no usable answer. It should tell the news again.
    NotRead,
}

impl App {
    /// Takes in what a shop's gateway says now about the invoice that it calls `gateway_id`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn deliver(
        self: &Arc<Self>,
        shop: &ShopId,
        gateway_id: &str,
    ) -> Result<Delivered, StoreError> {
        let found = self
            .store
            .invoice_of_gateway(shop.clone(), gateway_id.to_owned())
            .await?;
        let Some(invoice) = found else {
            return Ok(Delivered::NotOurs);
        };
        Ok(match self.read_after_event(&invoice).await {
            ReadOutcome::Unchanged | ReadOutcome::Changed => Delivered::TakenIn,
            ReadOutcome::Failed | ReadOutcome::Fresh => Delivered::NotRead,
        })
    }
}
