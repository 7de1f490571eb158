//! Contradictions of the gateway, written down and said in the log.

use uuid::Uuid;

use super::state::App;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::unsound::Unsound;
use crate::gateway::source::Source;

impl App {
    /// Keeps and logs why the client has refused an answer about an invoice. A call that only failed raises nothing.
    pub(crate) async fn raise_for(
        &self,
        checkout: CheckoutId,
        invoice: Uuid,
        error: &calypso::Error,
        source: Source,
    ) {
        if let Some(unsound) = Unsound::of(error) {
            self.raise(checkout, invoice, &unsound, source).await;
        }
    }

    /// Keeps and logs why an answer about an invoice, or about the request for one, was refused. The answer is refused whether or
    /// not this can be written down.
    pub(crate) async fn raise(
        &self,
        checkout: CheckoutId,
        invoice: Uuid,
        unsound: &Unsound,
        source: Source,
    ) {
        let alarm = Alarm::new(invoice, unsound, self.clock.now());
        match self.store.raise(checkout, alarm.clone(), source).await {
            Ok(true) => {
                self.meter.contradicted(&alarm);
                alarm.log(checkout);
            }
            Ok(false) => {}
            Err(error) => {
                self.meter.contradicted(&alarm);
                alarm.log(checkout);
                tracing::warn!(checkout = checkout.short(), cause = %error, "an alarm could not be kept");
            }
        }
    }
}
