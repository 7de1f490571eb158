//! Calls about the deposits of an invoice.

use serde::Serialize;

use super::Client;
use super::call::Call;
use crate::{Deposit, Error, InvoiceKey, Page, Paging};

const HISTORY: Call = Call::post("/api/v1/invoice/deposit-history");
const GET: Call = Call::post("/api/v1/invoice/deposit");

#[derive(Serialize)]
struct History<'a> {
    #[serde(flatten)]
    invoice: &'a InvoiceKey,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct One<'a> {
    #[serde(flatten)]
    invoice: &'a InvoiceKey,
    transaction_id: &'a str,
}

impl Client {
    /// Lists the deposits to an invoice (gateway reference §2.12).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is no such invoice; network and answer errors as for every call.
    pub async fn deposit_history(
        &self,
        invoice: &InvoiceKey,
        paging: Paging,
    ) -> Result<Page<Deposit>, Error> {
        self.read(HISTORY, Some(&History { invoice, paging })).await
    }

    /// Reads one deposit by the `transactionId` a delivery named (gateway reference §2.13).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is none; network and answer errors as for every call.
    pub async fn deposit(
        &self,
        invoice: &InvoiceKey,
        transaction_id: &str,
    ) -> Result<Deposit, Error> {
        let payload = One {
            invoice,
            transaction_id,
        };
        self.read(GET, Some(&payload)).await
    }
}
