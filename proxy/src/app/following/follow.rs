//! Following a checkout: what its buyer sees, anew whenever it changes or one of its deadlines passes.

use std::sync::Arc;

use checkout::RefusalCode;
use tokio::sync::{oneshot, watch};

use crate::app::following::topic::{Joined, Sight, Topic};
use crate::app::showing::shown::Shown;
use crate::app::state::App;
use crate::checkouts::id::CheckoutId;
use crate::limits::places::Looker;
use crate::refusal::Refusal;
use crate::store::StoreError;

/// Somebody who follows one checkout.
pub struct Follower {
    sights: watch::Receiver<Sight>,
    /// Until there was a look that began after this follower came.
    first: Option<oneshot::Receiver<()>>,
    /// What was seen last; nothing before the first look.
    seen: Option<Arc<Shown>>,
    /// Dropped after the receiver, so that the last one who leaves is counted no more.
    _leaving: Leaving,
}

/// Tells the hub.
struct Leaving {
    app: Arc<App>,
    topic: Arc<Topic>,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.app.hub.leave(self.topic.id());
    }
}

impl Follower {
    pub(crate) fn new(app: Arc<App>, id: CheckoutId, looker: Looker) -> Self {
        let Joined {
            topic,
            sights,
            first,
        } = app.join(id, looker);
        Self {
            sights,
            first: Some(first),
            seen: None,
            _leaving: Leaving { app, topic },
        }
    }

    /// The checkout as it is shown: as it is now for the first time, and after that when there is something new to see. `None` when there
    /// is no such checkout.
    ///
    /// Dropping the future loses nothing: what has changed meanwhile is seen by the next call.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read; calling again waits until it can be.
    pub async fn next(&mut self) -> Result<Option<Arc<Shown>>, StoreError> {
        loop {
            if let Some(first) = &mut self.first {
                // A look that panicked tells nobody; there will be another one.
                drop(first.await);
                self.first = None;
            } else if self.sights.changed().await.is_err() {
                return Ok(None);
            }
            let sight = self.sights.borrow_and_update().clone();
            match sight {
                Sight::Unseen => {}
                Sight::Gone => return Ok(None),
                Sight::Failed(refusal) => return Err(store_error(&refusal)),
                Sight::Shown(shown) => {
                    let seen = self.seen.replace(Arc::clone(&shown));
                    if seen.is_none_or(|seen| seen.tag() != shown.tag()) {
                        return Ok(Some(shown));
                    }
                }
            }
        }
    }
}

/// A view is refused only for what the store holds.
fn store_error(refusal: &Refusal) -> StoreError {
    let why = refusal.cause.clone();
    let why = why.unwrap_or_else(|| refusal.message.clone());
    if refusal.code == RefusalCode::StoreUnavailable {
        StoreError::Refused(why)
    } else {
        StoreError::Unreadable(why)
    }
}
