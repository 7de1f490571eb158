//! Calls about invoices.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use uuid::Uuid;

use super::Client;
use super::exchange::Call;
use super::retry::{Creation, Difference};
use crate::{Error, Invoice, InvoiceKind, InvoiceRef, SingleFiatInvoice};

const GET: Call = Call::post("/api/v1/invoice");
const CREATE_SINGLE_FIAT: Call = Call::post("/api/v1/invoice/single-fiat/create");

impl Serialize for InvoiceRef {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(1))?;
        match self {
            Self::Id(id) => map.serialize_entry("id", id)?,
            Self::IdempotencyKey(key) => map.serialize_entry("idempotencyKey", key)?,
            Self::ExternalId(id) => map.serialize_entry("externalId", id)?,
        }
        map.end()
    }
}

impl Creation for SingleFiatInvoice {
    type Made = Invoice;

    fn key(&self) -> Uuid {
        self.idempotency_key
    }

    async fn find(client: &Client, key: Uuid) -> Result<Invoice, Error> {
        client.invoice(&InvoiceRef::IdempotencyKey(key)).await
    }

    fn difference(&self, made: &Invoice) -> Option<Difference> {
        Difference::of("type", &InvoiceKind::SingleFiat, Some(&made.kind))
            .or_else(|| Difference::of("currency", &self.currency, Some(&made.currency)))
            .or_else(|| Difference::of("fiatAmount", &self.fiat_amount, made.fiat_amount.as_ref()))
            .or_else(|| {
                Difference::of(
                    "fiatCurrency",
                    &self.fiat_currency,
                    made.fiat_currency.as_ref(),
                )
            })
    }
}

impl Client {
    /// Makes an invoice over a fiat price (gateway reference §2.7), or finds the one its key made before.
    ///
    /// However often it is called with one key, there is one invoice: an open outcome and error 016 are settled
    /// by looking the key up.
    ///
    /// # Errors
    /// [`Error::Invalid`] before anything is sent; [`Error::KeyReused`] when the key belongs to an invoice over something
    /// else; [`Error::Contradiction`] when the answer is about something else; [`Error::Unsettled`] when the outcome
    /// stayed open; [`Error::Refused`], network and answer errors as for every call.
    pub async fn create_single_fiat_invoice(
        &self,
        invoice: &SingleFiatInvoice,
    ) -> Result<Invoice, Error> {
        invoice.check()?;
        self.create(CREATE_SINGLE_FIAT, invoice).await
    }

    /// Reads one invoice (gateway reference §2.6). The gateway reprices on access, so the amount is the current one (§7.1).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is none; network and answer errors as for every call.
    pub async fn invoice(&self, which: &InvoiceRef) -> Result<Invoice, Error> {
        self.read(GET, Some(which)).await
    }
}
