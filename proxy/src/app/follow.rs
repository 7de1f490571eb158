//! Following a checkout: what its buyer sees, anew whenever it changes or one of its deadlines passes.

use std::sync::Arc;
use std::time::Duration;

use checkout::wire::CheckoutView;
use checkout::{RefusalCode, Timestamp};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::state::App;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::key;
use crate::checkouts::snapshot::Snapshot;
use crate::limits::places::Looker;
use crate::refusal::Refusal;
use crate::store::{Changed, StoreError};

/// How long it waits for a deadline before it looks at the clock again: a clock that is set forward, as a sandbox's is, wakes nobody.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// Somebody who follows one checkout.
///
/// Expiry and repricing are never stored, they come with the time; so they are waited for here as changes are.
pub struct Follower {
    app: Arc<App>,
    id: CheckoutId,
    changes: Receiver<Changed>,
    /// What was seen last; nothing before the first look.
    seen: Option<Seen>,
}

struct Seen {
    /// The customer whose addresses it shows.
    customer: Option<uuid::Uuid>,
    /// When it changes by itself.
    deadline: Option<Timestamp>,
}

impl Follower {
    pub(crate) fn new(app: Arc<App>, id: CheckoutId) -> Self {
        Self {
            changes: app.store.changes().listen(),
            app,
            id,
            seen: None,
        }
    }

    /// The view: at once for the first time, and after that when there is something new to see. `None` when there is no such checkout.
    ///
    /// Dropping the future loses nothing: what has changed meanwhile is seen by the next call.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn next(&mut self) -> Result<Option<CheckoutView>, StoreError> {
        let is_deadline = match &self.seen {
            None => false,
            Some(_) => self.wait().await,
        };
        let Some(mut snapshot) = self.app.store.snapshot(self.id).await? else {
            return Ok(None);
        };
        if is_deadline {
            // A new price is the gateway's to say.
            snapshot = self
                .app
                .refresh(snapshot, Looker::Counted)
                .await
                .map_err(store_error)?;
        }
        self.seen = Some(Seen::of(&snapshot, self.app.clock.now()));
        self.app
            .view(&snapshot)
            .await
            .map(Some)
            .map_err(store_error)
    }

    /// Waits for a change or a deadline; whether it was a deadline.
    async fn wait(&mut self) -> bool {
        let customer = self.seen.as_ref().and_then(|seen| seen.customer);
        loop {
            let until = self.until_deadline();
            if until == Some(Duration::ZERO) {
                return true;
            }
            let sleep =
                tokio::time::sleep(until.map_or(LONGEST_SLEEP, |left| left.min(LONGEST_SLEEP)));
            tokio::select! {
                changed = self.changes.recv() => match changed {
                    Ok(changed) if !changed.concerns(self.id, customer) => {}
                    // Whoever has missed some has to look.
                    Ok(_) | Err(RecvError::Lagged(_)) => return false,
                    Err(RecvError::Closed) => return false,
                },
                () = sleep => {}
            }
        }
    }

    fn until_deadline(&self) -> Option<Duration> {
        let deadline = self.seen.as_ref()?.deadline?;
        let left = deadline.millis_since(self.app.clock.now()).max(0);
        Some(Duration::from_millis(left.unsigned_abs()))
    }
}

impl Seen {
    fn of(snapshot: &Snapshot, now: Timestamp) -> Self {
        Self {
            customer: snapshot.checkout.purpose.customer().map(key::customer),
            deadline: snapshot.next_deadline(now),
        }
    }
}

/// A view is refused only for what the store holds.
fn store_error(refusal: Refusal) -> StoreError {
    let why = refusal.cause.unwrap_or(refusal.message);
    if refusal.code == RefusalCode::StoreUnavailable {
        StoreError::Refused(why)
    } else {
        StoreError::Unreadable(why)
    }
}
