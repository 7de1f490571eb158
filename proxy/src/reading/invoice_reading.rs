//! What the gateway has said about an invoice, ready to be taken in.

use checkout::{Amount, Timestamp};
use uuid::Uuid;

use super::events::teller::Teller;
use super::invoice::{Change, next};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::quote::Fit;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::unsound::Unsound;
use crate::gateway::source::Source;

/// One answer of the gateway, with everything that a decision about it needs beside what is stored.
#[derive(Debug, Clone)]
pub(crate) struct InvoiceReading {
    pub(crate) checkout_id: CheckoutId,
    /// The invoice's key.
    pub(crate) invoice: Uuid,
    pub(crate) seen: calypso::Invoice,
    /// What the rates say about its amount; asked for where [`needs_rate`](super::terms::needs_rate) says so.
    pub(crate) fit: Fit,
    /// What one unit of its currency costs in the currency of the price, when it has just been credited and that is known.
    pub(crate) rate: Option<Amount>,
    pub(crate) source: Source,
    /// Who tells the merchant.
    pub(crate) teller: Teller,
    /// When it was read.
    pub(crate) at: Timestamp,
}

impl InvoiceReading {
    /// What changes by it, given what is stored. It asks nobody and remembers nothing, so it may be called again, on what is stored
    /// by then. `None` when nothing does, or the invoice is not stored any more.
    ///
    /// # Errors
    /// [`Unsound`] when the reading cannot be about this invoice; then it says nothing at all.
    pub(crate) fn decide(&self, stored: &Snapshot) -> Result<Option<Change>, Unsound> {
        match stored.invoice(self.invoice) {
            None => Ok(None),
            Some(known) => next(known, stored, &self.seen, self.fit, self.at),
        }
    }
}
