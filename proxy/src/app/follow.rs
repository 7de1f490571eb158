//! Following a checkout: what its buyer sees, anew whenever it changes or one of its deadlines passes.

use std::sync::Arc;
use std::time::Duration;

use checkout::wire::CheckoutView;
use checkout::{RefusalCode, Timestamp};
use tokio::sync::broadcast::Receiver;
use uuid::Uuid;

use super::state::App;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::key;
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
    /// Whether a change was heard of that was not looked at yet. It outlives a look that is dropped or fails.
    has_heard: bool,
    /// What was seen last; nothing before the first look.
    seen: Option<Seen>,
}

struct Seen {
    view: CheckoutView,
    /// The customer whose addresses it shows.
    customer: Option<Uuid>,
    /// When it changes by itself.
    deadline: Option<Timestamp>,
}

impl Follower {
    pub(crate) fn new(app: Arc<App>, id: CheckoutId) -> Self {
        Self {
            changes: app.store.changes().listen(),
            app,
            id,
            has_heard: false,
            seen: None,
        }
    }

    /// The view: at once for the first time, and after that when there is something new to see. `None` when there is no such checkout.
    ///
    /// Dropping the future loses nothing: what has changed meanwhile is seen by the next call.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read; calling again looks again.
    pub async fn next(&mut self) -> Result<Option<CheckoutView>, StoreError> {
        loop {
            let is_first = self.seen.is_none();
            let is_deadline = !is_first && self.wait().await;
            let Some(seen) = self.look(is_deadline).await? else {
                return Ok(None);
            };
            let view = seen.view.clone();
            let before = self.seen.replace(seen);
            self.has_heard = false;
            if before.is_none_or(|before| before.differs_from(&view)) {
                return Ok(Some(view));
            }
        }
    }

    async fn look(&self, is_deadline: bool) -> Result<Option<Seen>, StoreError> {
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
        let deadline = snapshot.next_deadline(self.app.clock.now());
        let view = self.app.view(&snapshot).await.map_err(store_error)?;
        Ok(Some(Seen {
            view,
            customer: snapshot.checkout.purpose.customer().map(key::customer),
            deadline,
        }))
    }

    /// Waits for a change or a deadline; whether it was a deadline.
    async fn wait(&mut self) -> bool {
        let customer = self.seen.as_ref().and_then(|seen| seen.customer);
        while !self.has_heard {
            let until = self.until_deadline();
            if until == Some(Duration::ZERO) {
                return true;
            }
            let sleep = until.map_or(LONGEST_SLEEP, |left| left.min(LONGEST_SLEEP));
            tokio::select! {
                changed = self.changes.recv() => {
                    // Whoever has missed some has to look.
                    self.has_heard = changed.map_or(true, |changed| changed.concerns(self.id, customer));
                }
                () = tokio::time::sleep(sleep) => {}
            }
        }
        false
    }

    fn until_deadline(&self) -> Option<Duration> {
        let deadline = self.seen.as_ref()?.deadline?;
        let left = deadline.millis_since(self.app.clock.now()).max(0);
        Some(Duration::from_millis(left.unsigned_abs()))
    }
}

impl Seen {
    /// Whether a view shows something else. The time of an answer and when to ask again are in each.
    fn differs_from(&self, view: &CheckoutView) -> bool {
        let at_the_same_time = CheckoutView {
            now: self.view.now,
            poll_after_ms: self.view.poll_after_ms,
            ..view.clone()
        };
        self.view != at_the_same_time
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
