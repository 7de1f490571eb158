//! How long what nobody pays is kept.

use std::sync::Arc;
use std::time::Duration;

use checkout::Timestamp;

use super::state::App;
use crate::checkouts::delivery::REMEMBERED_SECONDS;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::WATCHED_WHEN_OVER;
use crate::lock::lock;
use crate::refusal::Refusal;
use crate::store::{LOOK_SECONDS, StoreError};

const DAY_SECONDS: i64 = 24 * 60 * 60;
/// How long after its expiry a checkout is kept for which nobody picked a currency.
const UNCHOSEN_SECONDS: i64 = 2 * DAY_SECONDS;
/// How often expired checkouts are looked for.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Which part of the open checkouts is made room for at a time, so that not every creation has to.
const ROOM: u32 = 20;
/// When a page may try again that found no room.
const FULL: Duration = Duration::from_secs(60);

impl App {
    /// Deletes what is not needed any more: keys, checkouts of pages that nobody paid, and what is remembered of strangers.
    ///
    /// # Errors
    /// When the store refuses.
    pub(crate) async fn tidy_up(&self, now: Timestamp) -> Result<(), StoreError> {
        self.freshness.forget_old(&*self.clock);
        self.store.forget_old_keys(now).await?;
        let limits = &self.config.limits;
        {
            let mut open = self.page_checkouts.open.lock().await;
            *open = Some(self.make_room(now, limits.open_checkouts).await?);
        }
        let at = self.clock.monotonic();
        {
            let mut last = lock(&self.page_checkouts.last);
            if last.is_some_and(|last| at.saturating_sub(last) < EVERY) {
                return Ok(());
            }
            *last = Some(at);
        }
        self.bounds.forget_old();
        lock(&self.page_checkouts.looks).retain(|_, look| is_recent(*look, at));
        let unchosen = now.plus_seconds(-UNCHOSEN_SECONDS);
        let unpaid = now.plus_seconds(-i64::from(limits.unpaid_days) * DAY_SECONDS);
        let unwatched = now.plus_seconds(-WATCHED_WHEN_OVER);
        self.store.forget_networks(unwatched).await?;
        let told = now.plus_seconds(-REMEMBERED_SECONDS);
        self.store.forget_deliveries(told).await?;
        self.store.mend_turns(now).await?;
        if let Some(readings) = self.store.readings() {
            readings
                .forget_readings(now.plus_seconds(-DAY_SECONDS))
                .await?;
        }
        let removed = self.store.forget_unpaid(unchosen, unpaid).await?
            + self
                .store
                .forget_more(unwatched, limits.open_checkouts)
                .await?;
        if removed > 0 {
            tracing::info!(
                removed,
                "expired checkouts of pages that nobody paid were deleted"
            );
        }
        Ok(())
    }

    /// Counts one more open checkout of a page, for which room is made if there is none.
    ///
    /// # Errors
    /// `rate_limited` when as many are open as may be, and a currency was picked for all of them; `store_unavailable`.
    pub(crate) async fn count_checkout(&self, now: Timestamp) -> Result<(), Refusal> {
        let most = self.config.limits.open_checkouts;
        let mut open = self.page_checkouts.open.lock().await;
        let mut count = match *open {
            Some(count) => count,
            None => self.store.open_checkouts(now).await?,
        };
        if count >= most {
            count = self
                .make_room(now, most.saturating_sub(most / ROOM + 1))
                .await?;
        }
        if count >= most {
            *open = Some(count);
            return Err(Refusal::too_often(
                "as many checkouts are open as this shop takes at a time; try again later",
                FULL,
            ));
        }
        *open = Some(count + 1);
        Ok(())
    }

    /// Deletes checkouts nobody picked a currency for, if more are open than `most`. Answers with how many are open then.
    async fn make_room(&self, now: Timestamp, most: u32) -> Result<u32, StoreError> {
        let removed = self.store.make_room(now, most).await?;
        if removed > 0 {
            tracing::warn!(
                removed,
                most,
                "too many checkouts of pages are open; those for which nobody picked a currency were deleted, of the network with most first"
            );
        }
        self.store.open_checkouts(now).await
    }

    /// Notes that a buyer's page shows a checkout that waits for money: its invoices are then looked after before those nobody came
    /// back to. A store that cannot write does not keep the page from showing it.
    pub(crate) async fn note_look(self: &Arc<Self>, checkout: CheckoutId) {
        let at = self.clock.monotonic();
        let known = lock(&self.page_checkouts.looks).insert(checkout, at);
        if let Some(look) = known
            && is_recent(look, at)
        {
            // The moment that was written down stays the one to count from.
            lock(&self.page_checkouts.looks).insert(checkout, look);
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
