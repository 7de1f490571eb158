//! How long what nobody pays is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use checkout::Timestamp;

use crate::checkout_id::CheckoutId;
use crate::inner::Inner;
use crate::single_flight::lock;
use crate::store::{LOOK_SECONDS, StoreError};

const DAY_SECONDS: i64 = 24 * 60 * 60;
/// How long after its expiry a checkout is kept for which nobody picked a currency.
const UNCHOSEN_SECONDS: i64 = 2 * DAY_SECONDS;
/// How often expired checkouts are looked for.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// When the proxy last tidied up, and which pages it has noted lately.
#[derive(Default)]
pub(crate) struct Retention {
    last: Mutex<Option<Duration>>,
    looks: Mutex<HashMap<CheckoutId, Duration>>,
}

impl Inner {
    /// Deletes what is not needed any more: keys, checkouts of pages that nobody paid, and what is remembered of strangers.
    ///
    /// # Errors
    /// When the store refuses.
    pub(crate) async fn tidy_up(&self, now: Timestamp) -> Result<(), StoreError> {
        self.store.forget_old_keys(now).await?;
        let limits = &self.config.limits;
        let removed = self.store.make_room(now, limits.open_checkouts).await?;
        if removed > 0 {
            tracing::warn!(
                removed,
                most = limits.open_checkouts,
                "too many checkouts of pages are open; the oldest for which nobody picked a currency were deleted"
            );
        }
        let at = self.clock.monotonic();
        {
            let mut last = lock(&self.retention.last);
            if last.is_some_and(|last| at.saturating_sub(last) < EVERY) {
                return Ok(());
            }
            *last = Some(at);
        }
        self.bounds.forget_old();
        lock(&self.retention.looks).retain(|_, look| is_recent(*look, at));
        let unchosen = now.plus_seconds(-UNCHOSEN_SECONDS);
        let unpaid = now.plus_seconds(-i64::from(limits.unpaid_days) * DAY_SECONDS);
        let removed = self.store.forget_unpaid(unchosen, unpaid).await?;
        if removed > 0 {
            tracing::info!(
                removed,
                "expired checkouts of pages that nobody paid were deleted"
            );
        }
        Ok(())
    }

    /// Notes that a buyer's page shows a checkout that waits for money: its invoices are then looked after before those nobody came
    /// back to. A store that cannot write does not keep the page from showing it.
    pub(crate) async fn note_look(self: &Arc<Self>, checkout: CheckoutId) {
        let at = self.clock.monotonic();
        let known = lock(&self.retention.looks).insert(checkout, at);
        if let Some(look) = known
            && is_recent(look, at)
        {
            // The moment that was written down stays the one to count from.
            lock(&self.retention.looks).insert(checkout, look);
            return;
        }
        if let Err(error) = self.store.looked_at(checkout, self.clock.now()).await {
            tracing::warn!(checkout = checkout.short(), %error, "a look at a checkout could not be noted");
        }
    }
}

fn is_recent(look: Duration, now: Duration) -> bool {
    now.saturating_sub(look).as_secs() < LOOK_SECONDS.unsigned_abs()
}
