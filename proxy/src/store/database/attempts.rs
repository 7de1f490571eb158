//! The seam's part about attempts to make an invoice.

use async_trait::async_trait;
use checkout::Currency;
use uuid::Uuid;

use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::reading::events::teller::Teller;
use crate::reading::history::Cause;
use crate::store::error::StoreError;
use crate::store::outcome::Finished;

/// Attempts to make an invoice: stored before the gateway is called, settled after it has answered.
#[async_trait]
pub(crate) trait Attempts: Send + Sync {
    /// The latest attempt of a checkout in one currency.
    async fn latest_attempt(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
    ) -> Result<Option<InvoiceAttempt>, StoreError>;

    /// Attempts of a shop whose outcome is not known, the oldest first.
    async fn started_attempts(
        &self,
        shop: ShopId,
        most: u32,
    ) -> Result<Vec<InvoiceAttempt>, StoreError>;

    /// Stores an attempt before the gateway hears of it. Another proxy on the same database may have been quicker: then its attempt comes
    /// back, which has the same key. `None`, and nothing stored, when its checkout is closed. [`StoreError::Refused`] when that is gone.
    async fn start_attempt(
        &self,
        attempt: InvoiceAttempt,
    ) -> Result<Option<InvoiceAttempt>, StoreError>;

    /// Keeps the invoice an attempt has made, as the one chosen last, with its alarms, settles the attempt, and tells the merchant where the
    /// checkout stands if it has come far by then. An invoice that is there
    /// already stays as it is. Nothing is kept either when its gateway id serves another invoice of its shop, or its address serves another that is
    /// watched by then, or a customer.
    async fn finish_attempt(
        &self,
        invoice: Invoice,
        alarms: Vec<Alarm>,
        cause: Cause,
        teller: Teller,
    ) -> Result<Finished, StoreError>;

    /// Notes that an attempt has made no invoice and will make none.
    async fn refuse_attempt(&self, key: Uuid) -> Result<(), StoreError>;
}
