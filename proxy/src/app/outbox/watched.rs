//! Rounds of a shop's events: what time has brought is told, and what is due is sent.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::told::{lease_time, mark};
use crate::app::shop::Shop;
use crate::app::state::App;
use crate::checkouts::event::Event;
use crate::config::EventTarget;
use crate::store::{Lease, StoreError};

/// How many events of a shop are on their way at once. Each shop has its own, so that a slow target keeps no other shop waiting.
const AT_ONCE: usize = 16;
/// How many checkouts are closed in one transaction.
const CLOSED_AT_ONCE: u32 = 50;
/// How soon what has become due by time is seen.
const PACE: Duration = Duration::from_secs(1);
/// How much time passes between two looks, however much happens.
const SHORTEST: Duration = Duration::from_millis(50);

/// What one round of telling the merchants did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Checkouts whose time had come.
    pub closed: u32,
    /// Events that were delivered.
    pub delivered: u32,
    /// Attempts that failed.
    pub failed: u32,
}

/// Events on their way; each task is one attempt.
type Sending = JoinSet<Result<Option<Event>, StoreError>>;

impl App {
    /// Tells a shop's merchant until `shutdown`, and then waits for what is on its way.
    pub(in crate::app) async fn watch_events(
        self: Arc<Self>,
        shop: Arc<Shop>,
        shutdown: CancellationToken,
    ) {
        let mut sending = Sending::new();
        let mut changes = self.store.changes().listen();
        let closing = Arc::clone(&self).watch_closing(Arc::clone(&shop), shutdown.clone());
        let closing = tokio::spawn(closing);
        while !shutdown.is_cancelled() {
            // What has changed until now is in this look.
            changes = changes.resubscribe();
            if let Err(error) = self.look_for_events(&shop, &mut sending).await {
                tracing::error!(store = %shop.id(), %error, "events could not be looked for");
            }
            let has_more = async {
                tokio::time::sleep(SHORTEST).await;
                tokio::select! {
                    // Whatever has changed may have told something. One that is too far behind looks as well.
                    _ = changes.recv() => {}
                    () = tokio::time::sleep(PACE) => {}
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                Some(ended) = sending.join_next() => note(&shop, ended),
                () = has_more => {}
            }
            while let Some(ended) = sending.try_join_next() {
                note(&shop, ended);
            }
        }
        while let Some(ended) = sending.join_next().await {
            note(&shop, ended);
        }
        if let Err(error) = closing.await {
            tracing::error!(store = %shop.id(), %error, "checkouts are closed no more; start this proxy again");
        }
    }

    /// Tells of checkouts whose time has come, until `shutdown`: at once of those that are found, and then each second.
    async fn watch_closing(self: Arc<Self>, shop: Arc<Shop>, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            let closed = self.close_some(&shop).await.unwrap_or_else(|error| {
                tracing::error!(store = %shop.id(), %error, "checkouts could not be closed");
                0
            });
            if closed == 0 {
                let pause = tokio::time::sleep(PACE);
                shutdown.run_until_cancelled(pause).await;
            }
        }
    }

    /// Sends as many events that are due as there is room for.
    async fn look_for_events(
        self: &Arc<Self>,
        shop: &Arc<Shop>,
        sending: &mut Sending,
    ) -> Result<(), StoreError> {
        let room = AT_ONCE.saturating_sub(sending.len());
        let Some(target) = &shop.config.events else {
            return Ok(());
        };
        for event in self.claim_some(shop, target, room).await? {
            let (app, shop, target) = (Arc::clone(self), Arc::clone(shop), target.clone());
            sending.spawn(async move { app.send_event(&shop, &target, &event).await });
        }
        Ok(())
    }

    async fn close_some(self: &Arc<Self>, shop: &Shop) -> Result<u32, StoreError> {
        let (name, now) = (shop.id().clone(), self.clock.now());
        let teller = self.teller();
        self.store
            .close_checkouts(name, now, CLOSED_AT_ONCE, teller)
            .await
    }

    async fn claim_some(
        &self,
        shop: &Shop,
        target: &EventTarget,
        room: usize,
    ) -> Result<Vec<Event>, StoreError> {
        if room == 0 {
            return Ok(Vec::new());
        }
        let from = self.clock.now();
        let millis = i64::try_from(lease_time().as_millis()).unwrap_or(i64::MAX);
        let lease = Lease {
            by: self.run,
            from,
            until: from.plus_millis(millis),
        };
        let most = u32::try_from(room).unwrap_or(u32::MAX);
        self.store
            .claim_events(shop.id().clone(), mark(target), lease, most)
            .await
    }

    /// Tells everything that is to be told now, one round after the other, until nothing is due.
    ///
    /// # Errors
    /// When the store refuses.
    pub(crate) async fn tell_once(self: &Arc<Self>) -> Result<Told, StoreError> {
        let mut told = Told::default();
        for shop in self.shops.iter() {
            loop {
                let closed = self.close_some(shop).await?;
                told.closed += closed;
                if closed == 0 {
                    break;
                }
            }
            loop {
                let mut sending = Sending::new();
                self.look_for_events(shop, &mut sending).await?;
                if sending.is_empty() {
                    break;
                }
                while let Some(ended) = sending.join_next().await {
                    let ended = ended.map_err(|error| StoreError::Refused(error.to_string()))?;
                    match ended? {
                        Some(event) if event.is_delivered() => told.delivered += 1,
                        _ => told.failed += 1,
                    }
                }
            }
        }
        Ok(told)
    }
}

fn note(shop: &Shop, ended: Result<Result<Option<Event>, StoreError>, tokio::task::JoinError>) {
    match ended {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::error!(store = %shop.id(), %error, "what became of an event could not be stored; it is sent again under its id");
        }
        Err(error) => {
            tracing::error!(store = %shop.id(), %error, "sending an event has ended in the middle; it is sent again under its id");
        }
    }
}
