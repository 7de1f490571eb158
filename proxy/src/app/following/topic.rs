//! One checkout that is followed.

use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use checkout::Timestamp;
use tokio::sync::{Notify, oneshot, watch};
use uuid::Uuid;

use crate::app::showing::shown::Shown;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::key;
use crate::limits::places::Looker;
use crate::lock::lock;
use crate::refusal::Refusal;

/// After how long a checkout is looked at again that could not be read.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// What a look has found.
#[derive(Clone)]
pub(in crate::app) enum Sight {
    /// Nobody has looked yet.
    Unseen,
    Shown(Arc<Shown>),
    /// There is no such checkout, or not any more.
    Gone,
    Failed(Arc<Refusal>),
}

/// A checkout, what was seen of it last, and who waits for the next look.
pub(in crate::app) struct Topic {
    id: CheckoutId,
    sight: watch::Sender<Sight>,
    /// The customer whose addresses it shows, once that is known.
    customer: OnceLock<Option<Uuid>>,
    state: Mutex<State>,
    /// Called when there is a reason for a look.
    wanted: Notify,
}

struct State {
    looker: Looker,
    /// Whether a look is under way, and whether there is a reason for another one after it.
    is_looking: bool,
    is_stale: bool,
    /// Who waits for the next look to end.
    waiting: Vec<oneshot::Sender<()>>,
    /// When the gateway was asked, or a look failed, on the monotonic clock; and how long after that it is time again.
    asked_at: Duration,
    pace: Duration,
    /// When what was seen last changes by itself.
    until: Option<Timestamp>,
}

/// A topic that somebody has joined.
pub(in crate::app) struct Joined {
    pub(in crate::app) topic: Arc<Topic>,
    pub(in crate::app) sights: watch::Receiver<Sight>,
    /// Done when a look has ended that began after the joining.
    pub(in crate::app) first: oneshot::Receiver<()>,
}

/// A look at a checkout that is under way.
pub(in crate::app) struct Look {
    /// For whom the gateway is to be read first, where it is time to.
    pub(in crate::app) ask: Option<Looker>,
    waiting: Vec<oneshot::Sender<()>>,
}

impl Topic {
    pub(in crate::app) fn new(id: CheckoutId, monotonic: Duration) -> Self {
        Self {
            id,
            sight: watch::Sender::new(Sight::Unseen),
            customer: OnceLock::new(),
            state: Mutex::new(State {
                looker: Looker::Counted,
                is_looking: false,
                is_stale: false,
                waiting: Vec::new(),
                asked_at: monotonic,
                pace: Duration::MAX,
                until: None,
            }),
            wanted: Notify::new(),
        }
    }

    /// Follows it from the next look on. The gateway is read for whoever came last.
    pub(in crate::app) fn join(self: &Arc<Self>, looker: Looker) -> Joined {
        let (looked, first) = oneshot::channel();
        {
            let mut state = lock(&self.state);
            state.looker = looker;
            state.waiting.push(looked);
        }
        Joined {
            topic: Arc::clone(self),
            sights: self.sight.subscribe(),
            first,
        }
    }

    pub(in crate::app) fn id(&self) -> CheckoutId {
        self.id
    }

    pub(in crate::app) fn is_followed(&self) -> bool {
        self.sight.receiver_count() > 0
    }

    /// Whether it shows addresses of this customer, or may.
    pub(in crate::app) fn is_of(&self, customer: Uuid) -> bool {
        self.customer
            .get()
            .is_none_or(|known| *known == Some(customer))
    }

    /// Whether something of it has come to its end with the time, or a page would ask again.
    pub(in crate::app) fn is_due(&self, now: Timestamp, monotonic: Duration) -> bool {
        lock(&self.state).is_due(now, monotonic)
    }

    /// There is a reason to look at the checkout. `true` when nobody does: then the caller has to.
    pub(in crate::app) fn is_to_be_looked_at(&self) -> bool {
        let is_looked_at = {
            let mut state = lock(&self.state);
            state.is_stale = true;
            std::mem::replace(&mut state.is_looking, true)
        };
        self.wanted.notify_waiters();
        !is_looked_at
    }

    /// Returns when there is a reason for another look than the one that is under way.
    pub(in crate::app) async fn is_wanted(&self) {
        let mut called = pin!(self.wanted.notified());
        // Listens before it asks, so that no call falls in between.
        called.as_mut().enable();
        if !lock(&self.state).is_stale {
            called.await;
        }
    }

    /// Begins a look, if there is a reason for one since the last began; otherwise nobody looks any more.
    pub(in crate::app) fn begin(&self, now: Timestamp, monotonic: Duration) -> Option<Look> {
        let mut state = lock(&self.state);
        state.is_looking = std::mem::take(&mut state.is_stale);
        if !state.is_looking {
            return None;
        }
        let is_due = state.is_due(now, monotonic);
        if is_due {
            state.asked_at = monotonic;
        }
        Some(Look {
            ask: is_due.then_some(state.looker),
            waiting: std::mem::take(&mut state.waiting),
        })
    }

    /// Nobody looks any more, though nobody has ended it. Another look is due as after a failure: somebody may still wait for their first.
    pub(in crate::app) fn give_up(&self) {
        let mut state = lock(&self.state);
        (state.is_looking, state.pace) = (false, AFTER_FAILURE);
    }

    /// Ends a look.
    pub(in crate::app) fn end(
        &self,
        look: Look,
        sight: Sight,
        now: Timestamp,
        monotonic: Duration,
    ) {
        let (pace, until) = match &sight {
            Sight::Shown(shown) => {
                let customer = shown.snapshot.checkout.purpose.customer();
                self.customer.get_or_init(|| customer.map(key::customer));
                (shown.pace(now), shown.until())
            }
            Sight::Failed(_) => (AFTER_FAILURE, None),
            Sight::Gone | Sight::Unseen => (Duration::MAX, None),
        };
        {
            let mut state = lock(&self.state);
            (state.pace, state.until) = (pace, until);
            if matches!(sight, Sight::Failed(_)) {
                state.asked_at = monotonic;
            }
        }
        self.sight.send_if_modified(|seen| {
            let is_news = seen.differs_from(&sight);
            *seen = sight;
            is_news
        });
        for waits in look.waiting {
            // Whoever waited may have gone away.
            waits.send(()).ok();
        }
    }
}

impl State {
    fn is_due(&self, now: Timestamp, monotonic: Duration) -> bool {
        monotonic >= self.asked_at.saturating_add(self.pace)
            || self.until.is_some_and(|until| until <= now)
    }
}

impl Sight {
    /// What a look that was refused has found.
    pub(in crate::app) fn of(refusal: Refusal) -> Self {
        if refusal.code == checkout::RefusalCode::CheckoutNotFound {
            Self::Gone
        } else {
            Self::Failed(Arc::new(refusal))
        }
    }

    fn differs_from(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Shown(one), Self::Shown(other)) => one.tag() != other.tag(),
            (Self::Unseen, Self::Unseen) | (Self::Gone, Self::Gone) => false,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use checkout::Timestamp;

    use super::{AFTER_FAILURE, Topic};
    use crate::checkouts::id::CheckoutId;
    use crate::limits::places::Looker;

    #[test]
    fn after_a_look_that_panicked_another_one_is_due() {
        let (now, start) = (Timestamp::from_millis(0), Duration::from_secs(1));
        let topic = Arc::new(Topic::new(CheckoutId::random(), start));
        let joined = topic.join(Looker::Counted);
        assert!(topic.is_to_be_looked_at());
        drop(topic.begin(now, start));
        topic.give_up();
        assert!(joined.topic.is_followed(), "somebody waits");
        assert!(topic.is_due(now, start + AFTER_FAILURE));
        assert!(topic.is_to_be_looked_at(), "by whoever finds it due");
    }
}
