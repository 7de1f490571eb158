//! Settling attempts whose outcome nobody knows, because the proxy or the gateway went away before the answer.

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::app::outcome::{Chosen, Settled};
use crate::app::shop::Shop;
use crate::app::state::App;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::refusal::Refusal;

/// Attempts without an answer looked up in one round.
const ATTEMPTS: u32 = 200;
/// An attempt younger than this is still being made by somebody.
const SETTLE_AFTER_MILLIS: i64 = 60 * 1000;

impl App {
    /// Looks attempts of a shop up whose outcome is not known. Answers with how many are settled now.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(in crate::app) async fn settle_attempts(
        self: &Arc<Self>,
        shop: &Shop,
    ) -> Result<u32, Refusal> {
        let mut settled = 0;
        let started = self.store.started_attempts(shop.id().clone(), ATTEMPTS);
        for attempt in started.await? {
            let age = self.clock.now().millis_since(attempt.started_at);
            let pause = self.config.paces.watch;
            if age < SETTLE_AFTER_MILLIS
                || !self.freshness.is_due(attempt.key, pause, &[], &*self.clock)
            {
                continue;
            }
            match self.settle_in_turn(&attempt).await {
                Some(Ok(Settled::Found | Settled::GivenUp)) => settled += 1,
                Some(Ok(Settled::Open)) => self.freshness.failed(attempt.key, &*self.clock),
                Some(Err(refusal)) => {
                    self.freshness.failed(attempt.key, &*self.clock);
                    tracing::warn!(checkout = attempt.checkout_id.short(), invoice = %attempt.key, code = refusal.code.as_str(), cause = refusal.cause, "an attempt without an answer stays open");
                }
                Some(Ok(Settled::Elsewhere)) | None => {}
            }
        }
        Ok(settled)
    }

    /// Settles an attempt in the flight of the buyer's own choice, so that the two never ask at the same time. `None` when such a choice
    /// was under way, and has made or found the invoice, or when the work panicked.
    async fn settle_in_turn(
        self: &Arc<Self>,
        attempt: &InvoiceAttempt,
    ) -> Option<Result<Settled, Refusal>> {
        let (send, settled) = oneshot::channel();
        let (app, asked) = (Arc::clone(self), attempt.clone());
        let key = (attempt.checkout_id, attempt.currency.code);
        let flight = self.choosing.run(key, || async move {
            // Whoever asked may have gone away; the attempt is settled all the same.
            drop(send.send(app.settle(&asked).await));
            Ok(Chosen::Settled)
        });
        flight.await?.ok()?;
        settled.await.ok()
    }
}
