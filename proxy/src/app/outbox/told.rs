//! Sending one event, and noting what became of it.

use std::sync::Arc;
use std::time::Duration;

use checkout::Timestamp;
use checkout::wire::{AttemptOutcome, AttemptView, EventState};
use sha2::{Digest, Sha256};

use crate::app::shop::Shop;
use crate::app::state::App;
use crate::checkouts::event::{Ended, Event, Next};
use crate::clock::{Clock, SystemClock};
use crate::config::EventTarget;
use crate::courier::{Attempted, DeliveryFailure, Message, schedule};
use crate::reading::events::dead;
use crate::store::StoreError;

/// How much longer than an attempt its lease lasts: for what is done before and after it.
const MARGIN: Duration = Duration::from_secs(15);

/// For how long an event is taken.
pub(super) fn lease_time() -> Duration {
    schedule::TIMEOUT + MARGIN
}

impl App {
    /// Sends an event that this proxy has a lease of, once. Answers with the event as it is by then; `None` when it was not pending any more.
    ///
    /// # Errors
    /// When the store refuses. The event is sent again then after its lease, under the same id.
    pub(super) async fn send_event(
        self: &Arc<Self>,
        shop: &Shop,
        target: &EventTarget,
        event: &Event,
    ) -> Result<Option<Event>, StoreError> {
        let message = Message {
            id: event.id.to_string(),
            body: event.body.clone().into(),
        };
        // Receivers hold what is signed against their own clocks, whatever clock the checkouts are on.
        let signed_at = SystemClock.now();
        let sending = self.courier.deliver(target, &message, signed_at);
        // Never longer than the lease.
        let attempted = tokio::time::timeout(schedule::TIMEOUT + MARGIN / 3, sending).await;
        let attempted = attempted.unwrap_or(Attempted::Failed {
            kind: DeliveryFailure::TimedOut,
        });
        let now = self.clock.now();
        let ended = Ended {
            id: event.id.clone(),
            by: self.run,
            tries: event.tries,
            attempt: attempt(attempted, now),
            next: next(event, attempted, now),
            gone: (attempted == Attempted::Gone).then(|| mark(target)),
        };
        let after = self.store.end_attempt(ended, now).await?;
        say(shop, event, after.as_ref(), attempted);
        Ok(after)
    }
}

/// The name of a target in the store, which its URL need not be read from.
pub(super) fn mark(target: &EventTarget) -> String {
    hex::encode(Sha256::digest(target.url().as_str()))
}

fn attempt(attempted: Attempted, at: Timestamp) -> AttemptView {
    let (outcome, status, reason) = match attempted {
        Attempted::Taken { status } => (AttemptOutcome::Taken, Some(status), None),
        Attempted::Refused { status, .. } => (AttemptOutcome::Refused, Some(status), None),
        Attempted::Gone => (AttemptOutcome::Gone, Some(410), None),
        Attempted::Failed { kind } => (AttemptOutcome::Failed, None, Some(kind.word().to_owned())),
    };
    AttemptView {
        at,
        outcome,
        status: status.map(u32::from),
        reason,
    }
}

fn next(event: &Event, attempted: Attempted, now: Timestamp) -> Next {
    let retry_after = match attempted {
        Attempted::Taken { .. } => return Next::Delivered,
        Attempted::Refused { retry_after, .. } => retry_after,
        Attempted::Gone | Attempted::Failed { .. } => None,
    };
    let pause = schedule::after(event.tries.saturating_add(1), retry_after, jitter(event));
    match pause.filter(|_| attempted != Attempted::Gone) {
        Some(pause) => {
            let millis = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
            Next::Again(now.plus_millis(millis))
        }
        None => Next::Dead(dead::of(event, now, true).map(Box::new)),
    }
}

/// A number that differs from event to event and from attempt to attempt, so that what failed together is not tried again together.
fn jitter(event: &Event) -> u64 {
    let digest = Sha256::digest(format!("{}/{}", event.id, event.tries));
    let first: [u8; 8] = std::array::from_fn(|place| digest[place]);
    u64::from_be_bytes(first)
}

fn say(shop: &Shop, event: &Event, after: Option<&Event>, attempted: Attempted) {
    let Some(after) = after else {
        tracing::warn!(store = %shop.id(), event = %event.id, "an event was sent that somebody else had settled meanwhile");
        return;
    };
    let checkout = event.checkout.short();
    match after.state {
        EventState::Delivered => {
            tracing::info!(store = %shop.id(), event = %event.id, kind = event.kind.as_str(), checkout, attempt = after.tries, "an event was delivered");
        }
        EventState::Dead => {
            tracing::error!(store = %shop.id(), event = %event.id, kind = event.kind.as_str(), checkout, attempts = after.tries, last = %attempted, "an event is dead: it could not be delivered, and is not sent any more; `calypso-proxy event replay` sends it again");
        }
        EventState::Pending | EventState::Unsent => {
            tracing::warn!(store = %shop.id(), event = %event.id, kind = event.kind.as_str(), checkout, attempt = after.tries, outcome = %attempted, next = %after.due_at, "an event was not delivered");
        }
    }
}
