//! How long what nobody pays is kept.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use checkout::Timestamp;

use super::state::App;
use crate::checkouts::delivery::REMEMBERED_SECONDS;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::WATCHED_WHEN_OVER;
use crate::checkouts::shop_id::ShopId;
use crate::limits::parts::Parts;
use crate::lock::lock;
use crate::refusal::{Limit, Refusal};
use crate::store::{LOOK_SECONDS, StoreError};

const DAY_SECONDS: i64 = 24 * 60 * 60;
/// How long after its expiry a checkout is kept for which nobody picked a currency.
const UNCHOSEN_SECONDS: i64 = 2 * DAY_SECONDS;
/// How long an event is kept that the merchant's server has taken.
const DELIVERED_SECONDS: i64 = 30 * DAY_SECONDS;
/// How long any other event is kept, from when it was written or last asked for.
const TOLD_SECONDS: i64 = 90 * DAY_SECONDS;
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
        self.bounds.forget_minutes();
        self.store.forget_old_keys(now).await?;
        let limits = &self.config.limits;
        self.keep_to_open_checkouts(now).await?;
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
        let delivered = now.plus_seconds(-DELIVERED_SECONDS);
        let told = now.plus_seconds(-TOLD_SECONDS);
        self.store.forget_events(delivered, told).await?;
        self.store.mend_events(now).await?;
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

    /// Counts one more open checkout of a shop's page, for which room is made if there is none.
    ///
    /// # Errors
    /// `rate_limited` when as many are open as the shop may have, and a currency was picked for all of them; `store_unavailable`.
    pub(crate) async fn count_checkout(
        &self,
        shop: &ShopId,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut counted = self.page_checkouts.open.lock().await;
        let mut open = match counted.take() {
            Some(open) => open,
            None => self.store.open_checkouts(now).await?,
        };
        let most = self.room_of(shop, &open);
        if count(&open, shop) >= most {
            let most = most.saturating_sub(most / ROOM + 1);
            open = self.make_room(shop, now, most).await?;
        }
        let own = count(&open, shop);
        if own >= self.room_of(shop, &open) {
            *counted = Some(open);
            return Err(Refusal::too_often(
                "as many checkouts are open as this shop takes at a time; try again later",
                FULL,
            )
            .by(Limit::OpenCheckouts));
        }
        open.insert(shop.clone(), own + 1);
        *counted = Some(open);
        Ok(())
    }

    /// How many checkouts of its pages a shop may have open, given how many there are of each.
    fn room_of(&self, shop: &ShopId, open: &HashMap<ShopId, u32>) -> u32 {
        let most = self.config.limits.open_checkouts;
        let others = open.iter().filter(|(other, _)| *other != shop);
        Parts::new(most, self.config.shops.len()).room(others.map(|(_, count)| *count))
    }

    /// Counts the open checkouts anew, and makes room where a shop has more than it may.
    async fn keep_to_open_checkouts(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut counted = self.page_checkouts.open.lock().await;
        let mut open = self.store.open_checkouts(now).await?;
        let shops: Vec<ShopId> = open.keys().cloned().collect();
        for shop in shops {
            let most = self.room_of(&shop, &open);
            if count(&open, &shop) > most {
                open = self.make_room(&shop, now, most).await?;
            }
        }
        *counted = Some(open);
        Ok(())
    }

    /// Deletes checkouts of a shop that nobody picked a currency for, if more are open than `most`. Answers with how many of each shop are open
    /// then.
    async fn make_room(
        &self,
        shop: &ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<HashMap<ShopId, u32>, StoreError> {
        let removed = self.store.make_room(shop.clone(), now, most).await?;
        if removed > 0 {
            tracing::warn!(
                %shop,
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

fn count(open: &HashMap<ShopId, u32>, shop: &ShopId) -> u32 {
    open.get(shop).copied().unwrap_or_default()
}

fn is_recent(look: Duration, now: Duration) -> bool {
    now.saturating_sub(look).as_secs() < LOOK_SECONDS.unsigned_abs()
}
