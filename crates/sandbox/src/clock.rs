//! Time in the sandbox: the wall clock, and the virtual clock that people and tests push forward.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use checkout::Timestamp;
use tokio::sync::Notify;

/// The furthest the virtual clock may ever be ahead of the wall clock, in seconds: one hundred years of 365 days.
pub const MAX_OFFSET_SECONDS: u64 = 100 * 365 * 24 * 60 * 60;

/// Where the sandbox takes real time from; the signature window of a request is judged by it alone.
#[derive(Clone)]
pub struct WallClock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl WallClock {
    /// The clock of this computer.
    pub fn system() -> Self {
        Self::new(|| {
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX / 4))
        })
    }

    /// A clock that always shows `moment`: with it the virtual clock moves only when it is told to.
    pub fn fixed(moment: Timestamp) -> Self {
        Self::new(move || moment)
    }

    /// Any other clock.
    pub fn new(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The time it shows now.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl Default for WallClock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WallClock").field(&self.now()).finish()
    }
}

/// The clock by which invoices are repriced, expire and are credited.
///
/// It runs with the wall clock, ahead of it by an offset that only grows, and never goes back even if the wall
/// clock does; only a reset of the sandbox, which leaves nothing that happened at a later time, turns it back to the wall
/// clock. It does not move the time window of a signature (gateway reference §1.4).
#[derive(Clone, Debug)]
pub struct VirtualClock {
    wall: WallClock,
    hands: Arc<Hands>,
}

#[derive(Debug, Default)]
struct Hands {
    offset_millis: AtomicI64,
    latest: AtomicI64,
    moved: Notify,
}

impl VirtualClock {
    /// A virtual clock that shows the time of `wall` until it is advanced.
    pub fn new(wall: WallClock) -> Self {
        Self {
            wall,
            hands: Arc::default(),
        }
    }

    /// The virtual time.
    pub fn now(&self) -> Timestamp {
        let wall = self.wall.now().millis();
        let shown = wall.saturating_add(self.hands.offset_millis.load(Ordering::SeqCst));
        let latest = self.hands.latest.fetch_max(shown, Ordering::SeqCst);
        Timestamp::from_millis(shown.max(latest))
    }

    /// Moves the clock forward; whatever becomes due is applied, in order of time, before anything else is answered.
    /// It goes no further ahead than [`MAX_OFFSET_SECONDS`].
    pub fn advance_seconds(&self, seconds: u64) {
        let step = seconds.min(MAX_OFFSET_SECONDS).saturating_mul(1000);
        let step = i64::try_from(step).expect("the largest step fits");
        let limit = i64::try_from(MAX_OFFSET_SECONDS * 1000).expect("the largest offset fits");
        let offset = &self.hands.offset_millis;
        let moved = offset.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| {
            Some(now.saturating_add(step).min(limit))
        });
        debug_assert!(moved.is_ok(), "the update never refuses");
        if step > 0 {
            self.say();
        }
        self.stir();
    }

    /// Says in the log how far the clock was moved, which explains later why invoices have expired.
    fn say(&self) {
        tracing::warn!(
            ahead_seconds = self.offset_seconds(),
            now = %self.now(),
            "the virtual clock was moved: it is not the time of this computer until the sandbox is reset"
        );
    }

    /// Back to the wall clock, for a sandbox that is emptied.
    pub(crate) fn turn_back(&self) {
        self.hands.offset_millis.store(0, Ordering::SeqCst);
        let wall = self.wall.now();
        self.hands.latest.store(wall.millis(), Ordering::SeqCst);
        tracing::info!(now = %wall, "the virtual clock is turned back to the time of this computer");
        self.stir();
    }

    /// How far the clock is ahead of the wall clock, in whole seconds.
    pub fn offset_seconds(&self) -> u64 {
        u64::try_from(self.hands.offset_millis.load(Ordering::SeqCst) / 1000).unwrap_or(0)
    }

    /// Wakes whoever waits for something to become due.
    pub(crate) fn stir(&self) {
        self.hands.moved.notify_one();
    }

    /// Waits until the clock was advanced or something new is due. Returns at once when that happened since the last wait.
    pub(crate) async fn stirred(&self) {
        self.hands.moved.notified().await;
    }
}
