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
    /// For whom the gateway is read.
    looker: Looker,
    changes: Receiver<Changed>,
    /// Whether a change was heard of that was not looked at yet. It outlives a look that is dropped or fails.
    has_heard: bool,
    /// When the gateway was asked, as if by a page, on the monotonic clock.
    asked_at: Duration,
    /// What was seen last; nothing before the first look.
    seen: Option<Seen>,
}

struct Seen {
    view: CheckoutView,
    /// The customer whose addresses it shows.
    customer: Option<Uuid>,
    /// When it changes by itself.
    deadline: Option<Timestamp>,
    /// How long after it asked a page would ask again.
    pace: Duration,
    is_settled: bool,
}

impl Follower {
    pub(crate) fn new(app: Arc<App>, id: CheckoutId, looker: Looker) -> Self {
        Self {
            changes: app.store.changes().listen(),
            asked_at: app.clock.monotonic(),
            app,
            id,
            looker,
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

    /// Whether what was seen last will never change again.
    pub(crate) fn has_seen_the_end(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.is_settled)
    }

    async fn look(&mut self, is_deadline: bool) -> Result<Option<Seen>, StoreError> {
        let Some(mut snapshot) = self.app.store.snapshot(self.id).await? else {
            return Ok(None);
        };
        if is_deadline {
            if !snapshot.invoices.is_empty() {
                self.app.note_look(self.id).await;
            }
            self.asked_at = self.app.clock.monotonic();
            // A new price is the gateway's to say.
            snapshot = self
                .app
                .refresh(snapshot, self.looker)
                .await
                .map_err(store_error)?;
        }
        let deadline = snapshot.next_deadline(self.app.clock.now());
        let view = self.app.view(&snapshot).await.map_err(store_error)?;
        let pace = Duration::from_millis(view.poll_after_ms.into());
        Ok(Some(Seen {
            view,
            customer: snapshot.checkout.purpose.customer().map(key::customer),
            deadline,
            pace,
            is_settled: snapshot.is_settled(self.app.clock.now()),
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

    /// How long it is until there may be something new: a deadline passes, or the gateway is to be asked as if by a page.
    fn until_deadline(&self) -> Option<Duration> {
        let seen = self.seen.as_ref()?;
        let ask_at = self.asked_at.saturating_add(seen.pace);
        let until_asked = ask_at.saturating_sub(self.app.clock.monotonic());
        let Some(deadline) = seen.deadline else {
            return Some(until_asked);
        };
        let left = deadline.millis_since(self.app.clock.now()).max(0);
        Some(until_asked.min(Duration::from_millis(left.unsigned_abs())))
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
