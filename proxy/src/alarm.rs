//! What the gateway contradicted itself about: logged when it is first seen, and kept for the merchant.

use checkout::Timestamp;
use uuid::Uuid;

use crate::checkout_id::CheckoutId;
use crate::inner::Inner;
use crate::json::shown;
use crate::unsound::Unsound;

/// One contradiction of an invoice, as it was first seen. There is at most one of each kind per invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alarm {
    /// The key of the invoice, or of the request that made none.
    pub(crate) invoice: Uuid,
    /// [`Unsound::name`].
    pub(crate) kind: String,
    /// What was expected and what came. For the log and the merchant, never for a buyer.
    pub(crate) detail: String,
    pub(crate) at: Timestamp,
}

impl Alarm {
    pub(crate) fn new(invoice: Uuid, unsound: &Unsound, at: Timestamp) -> Self {
        Self {
            invoice,
            kind: unsound.name().to_owned(),
            detail: unsound.to_string(),
            at,
        }
    }

    /// Tells the operator, under a name their alerts can look for.
    pub(crate) fn log(&self, checkout: CheckoutId) {
        tracing::error!(
            alarm = self.kind,
            checkout = checkout.short(),
            invoice = %self.invoice,
            detail = shown(&self.detail),
            "the gateway contradicts itself"
        );
    }
}

impl Inner {
    /// The same for a call whose answer the client has refused. A call that only failed raises nothing.
    pub(crate) async fn raise_for(
        &self,
        checkout: CheckoutId,
        invoice: Uuid,
        error: &calypso::Error,
    ) {
        if let Some(unsound) = Unsound::of(error) {
            self.raise(checkout, invoice, &unsound).await;
        }
    }

    /// Keeps and logs why an answer about an invoice, or about the request for one, was refused. The answer is refused whether or
    /// not this can be written down.
    pub(crate) async fn raise(&self, checkout: CheckoutId, invoice: Uuid, unsound: &Unsound) {
        let alarm = Alarm::new(invoice, unsound, self.clock.now());
        match self.store.raise(checkout, alarm.clone()).await {
            Ok(true) => alarm.log(checkout),
            Ok(false) => {}
            Err(error) => {
                alarm.log(checkout);
                tracing::warn!(checkout = checkout.short(), cause = %error, "an alarm could not be kept");
            }
        }
    }
}
