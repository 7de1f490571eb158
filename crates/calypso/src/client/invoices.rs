//! Calls about invoices.

use serde::Serialize;
use uuid::Uuid;

use super::Client;
use super::call::Call;
use super::creation::{Creation, Difference};
use crate::rules::{filled, positive};
use crate::{
    BoundInvoice, Error, Invoice, InvoiceKey, InvoiceKind, InvoiceRef, Page, Paging,
    SingleFiatInvoice, SingleInvoice, UnlimitedInvoice,
};

const GET: Call = Call::post("/api/v1/invoice");
const BY_EXTERNAL_ID: Call = Call::post("/api/v1/invoice/external");
const ARCHIVE: Call = Call::post("/api/v1/invoice/archive");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ByExternalId<'a> {
    external_id: &'a str,
    #[serde(flatten)]
    paging: Paging,
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
        self.create(invoice).await
    }

    /// Makes an invoice over an amount fixed in crypto (gateway reference §2.8), or finds the one its key made before.
    ///
    /// # Errors
    /// As for [`Client::create_single_fiat_invoice`].
    pub async fn create_single_invoice(&self, invoice: &SingleInvoice) -> Result<Invoice, Error> {
        self.create(invoice).await
    }

    /// Makes an invoice that takes any amount, any number of times (gateway reference §2.9), or finds the one its key
    /// made before.
    ///
    /// # Errors
    /// As for [`Client::create_single_fiat_invoice`].
    pub async fn create_unlimited_invoice(
        &self,
        invoice: &UnlimitedInvoice,
    ) -> Result<Invoice, Error> {
        self.create(invoice).await
    }

    /// Makes an invoice over any amount from a least one on (gateway reference §2.10), or finds the one its key made before.
    ///
    /// # Errors
    /// As for [`Client::create_single_fiat_invoice`].
    pub async fn create_bound_invoice(&self, invoice: &BoundInvoice) -> Result<Invoice, Error> {
        self.create(invoice).await
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

    /// Lists the invoices that carry one of the merchant's own ids (gateway reference §2.11; the path is inferred from the
    /// previous API).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// Network and answer errors as for every call.
    pub async fn invoices_by_external_id(
        &self,
        external_id: &str,
        paging: Paging,
    ) -> Result<Page<Invoice>, Error> {
        let payload = ByExternalId {
            external_id,
            paging,
        };
        self.read(BY_EXTERNAL_ID, Some(&payload)).await
    }

    /// Archives an unpaid invoice: its address is no longer watched (gateway reference §2.14; the path is inferred from the
    /// previous API).
    ///
    /// Sent once, and again only while no connection came about. After an open outcome read the invoice.
    ///
    /// # Errors
    /// [`Error::Refused`] with 006 when its state does not allow it; [`Error::is_not_found`] when there is none;
    /// network and answer errors as for every call.
    pub async fn archive_invoice(&self, which: &InvoiceKey) -> Result<Invoice, Error> {
        self.write(ARCHIVE, Some(which)).await
    }

    async fn invoice_by_key(&self, key: Uuid) -> Result<Invoice, Error> {
        self.invoice(&InvoiceRef::IdempotencyKey(key)).await
    }
}

impl Creation for SingleFiatInvoice {
    const CALL: Call = Call::post("/api/v1/invoice/single-fiat/create");
    type Made = Invoice;

    fn check(&self) -> Result<(), Error> {
        filled("currency", &self.currency)?;
        positive("fiatAmount", self.fiat_amount)?;
        filled("fiatCurrency", &self.fiat_currency)?;
        filled("description", &self.description)
    }

    fn key(&self) -> Option<Uuid> {
        Some(self.idempotency_key)
    }

    async fn find(client: &Client, key: Uuid) -> Result<Invoice, Error> {
        client.invoice_by_key(key).await
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

impl Creation for SingleInvoice {
    const CALL: Call = Call::post("/api/v1/invoice/single/create");
    type Made = Invoice;

    fn check(&self) -> Result<(), Error> {
        positive("amount", self.amount)?;
        filled("currency", &self.currency)?;
        filled("description", &self.description)
    }

    fn key(&self) -> Option<Uuid> {
        Some(self.idempotency_key)
    }

    async fn find(client: &Client, key: Uuid) -> Result<Invoice, Error> {
        client.invoice_by_key(key).await
    }

    fn difference(&self, made: &Invoice) -> Option<Difference> {
        Difference::of("type", &InvoiceKind::Single, Some(&made.kind))
            .or_else(|| Difference::of("currency", &self.currency, Some(&made.currency)))
            .or_else(|| Difference::of("amount", &self.amount, made.amount.as_ref()))
    }
}

impl Creation for UnlimitedInvoice {
    const CALL: Call = Call::post("/api/v1/invoice/unlimited/create");
    type Made = Invoice;

    fn check(&self) -> Result<(), Error> {
        filled("currency", &self.currency)?;
        filled("description", &self.description)
    }

    fn key(&self) -> Option<Uuid> {
        Some(self.idempotency_key)
    }

    async fn find(client: &Client, key: Uuid) -> Result<Invoice, Error> {
        client.invoice_by_key(key).await
    }

    fn difference(&self, made: &Invoice) -> Option<Difference> {
        Difference::of("type", &InvoiceKind::Unlimited, Some(&made.kind))
            .or_else(|| Difference::of("currency", &self.currency, Some(&made.currency)))
    }
}

impl Creation for BoundInvoice {
    const CALL: Call = Call::post("/api/v1/invoice/bound/create");
    type Made = Invoice;

    fn check(&self) -> Result<(), Error> {
        positive("lowerBound", self.lower_bound)?;
        filled("currency", &self.currency)?;
        filled("description", &self.description)
    }

    fn key(&self) -> Option<Uuid> {
        self.idempotency_key
    }

    async fn find(client: &Client, key: Uuid) -> Result<Invoice, Error> {
        client.invoice_by_key(key).await
    }

    fn difference(&self, made: &Invoice) -> Option<Difference> {
        Difference::of("type", &InvoiceKind::Bound, Some(&made.kind))
            .or_else(|| Difference::of("currency", &self.currency, Some(&made.currency)))
            .or_else(|| Difference::of("lowerBound", &self.lower_bound, made.lower_bound.as_ref()))
    }
}
