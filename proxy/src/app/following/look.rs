//! Looking for everybody who follows a checkout: one task hears what changes and looks at the clock for all of them, and each checkout is
//! looked at once, however many follow it.
//!
//! Expiry and repricing are never stored, they come with the time; so they are waited for here as changes are. The gateway is asked as
//! often as by one page that asks by itself.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::MissedTickBehavior;

use crate::app::following::topic::{Joined, Sight, Topic};
use crate::app::showing::shown::Shown;
use crate::app::state::App;
use crate::checkouts::id::CheckoutId;
use crate::limits::places::Looker;
use crate::refusal::Refusal;
use crate::store::Changed;

/// How often it looks at the clock: one that is set forward, as a sandbox's is, wakes nobody.
const TICK: Duration = Duration::from_millis(250);

impl App {
    /// Follows a checkout from a look on that begins now.
    pub(in crate::app) fn join(self: &Arc<Self>, id: CheckoutId, looker: Looker) -> Joined {
        if self.hub.has_to_be_started() {
            let changes = self.store.changes().listen();
            tokio::spawn(hear(Arc::downgrade(self), changes));
        }
        let monotonic = self.clock.monotonic();
        let joined = self.hub.join(id, monotonic, |topic| topic.join(looker));
        self.look(&joined.topic);
        joined
    }

    /// Looks at a checkout, at once or after the look that is under way.
    fn look(self: &Arc<Self>, topic: &Arc<Topic>) {
        if topic.is_to_be_looked_at() {
            tokio::spawn(Arc::clone(self).look_while_needed(Arc::clone(topic)));
        }
    }

    async fn look_while_needed(self: Arc<Self>, topic: Arc<Topic>) {
        let _looking = Looking(&topic);
        while let Some(look) = topic.begin(self.clock.now(), self.clock.monotonic()) {
            let seen = self.seen(&topic, look.ask).await;
            let sight = seen.map_or_else(Sight::of, Sight::Shown);
            topic.end(look, sight, self.clock.now(), self.clock.monotonic());
        }
    }

    /// What the checkout's buyers see now, after the gateway was asked for somebody. The gateway may take its time: as soon as there is a
    /// reason for another look, what is stored is shown without waiting for it, and what it says is such a reason itself.
    async fn seen(
        self: &Arc<Self>,
        topic: &Topic,
        ask: Option<Looker>,
    ) -> Result<Arc<Shown>, Refusal> {
        let id = topic.id();
        let snapshot = self.kept_checkout(id).await?;
        let Some(looker) = ask else {
            return self.shown(snapshot).await;
        };
        if !snapshot.invoices.is_empty() {
            self.note_look(id).await;
        }
        let app = Arc::clone(self);
        // Its own task, which goes on when nobody waits for it any more.
        let asking = tokio::spawn(async move { app.refresh(&snapshot, looker).await });
        tokio::select! {
            asked = asking => {
                asked.map_err(Refusal::internal)??;
            }
            () = topic.is_wanted() => {}
        }
        self.shown(self.kept_checkout(id).await?).await
    }
}

/// Somebody looks. When a look panics, the next reason for one begins a new one.
struct Looking<'a>(&'a Topic);

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.give_up();
        }
    }
}

/// Has every followed checkout looked at that changes, for as long as there is an app.
async fn hear(app: Weak<App>, mut changes: Receiver<Changed>) {
    let mut clock = tokio::time::interval(TICK);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let changed = tokio::select! {
            changed = changes.recv() => Some(changed),
            _ = clock.tick() => None,
        };
        let Some(app) = app.upgrade() else { return };
        let concerned = match changed {
            Some(Ok(changed)) => app.hub.concerned(Some(changed)),
            // Whoever has missed some has to look.
            Some(Err(RecvError::Lagged(_))) => app.hub.concerned(None),
            Some(Err(RecvError::Closed)) => return,
            None => app.hub.due(app.clock.now(), app.clock.monotonic()),
        };
        for topic in concerned {
            app.look(&topic);
        }
    }
}
