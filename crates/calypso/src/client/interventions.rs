//! Calls that settle a payment of the wrong amount. The paths are inferred from the previous API (gateway reference §2.15).
//!
//! There is no known call that refunds the buyer (§7.4).

use super::Client;
use super::call::Call;
use crate::{Error, Invoice, InvoiceKey};

const RETURN_TO_PAID: Call = Call::post("/api/v1/invoice/return-to-paid");
const CLOSE: Call = Call::post("/api/v1/invoice/close-intervention");

impl Client {
    /// Accepts what was paid as if it were the right amount: the invoice becomes paid (gateway reference §2.15).
    ///
    /// Sent once, and again only while no connection came about. After an open outcome read the invoice.
    ///
    /// # Errors
    /// [`Error::Refused`] with 006 when no intervention is pending; [`Error::is_not_found`] when there is no such invoice;
    /// network and answer errors as for every call.
    pub async fn return_to_paid(&self, which: &InvoiceKey) -> Result<Invoice, Error> {
        self.write(RETURN_TO_PAID, Some(which)).await
    }

    /// Marks an intervention as resolved, without moving any money (gateway reference §2.15).
    ///
    /// Sent once, and again only while no connection came about. After an open outcome read the invoice.
    ///
    /// # Errors
    /// As for [`Client::return_to_paid`].
    pub async fn close_intervention(&self, which: &InvoiceKey) -> Result<Invoice, Error> {
        self.write(CLOSE, Some(which)).await
    }
}
