//! Time as the proxy sees it: given from outside, so that tests and the demo can move it.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use checkout::Timestamp;

/// Where `now` comes from.
///
/// Two clocks in one: the civil time that checkouts, expiries and repricings are written in, and a monotonic one that paces
/// are counted with. The demo hands in the sandbox's virtual clock for the first. The timestamp inside a signed gateway
/// request never comes from here: it is always the wall clock (gateway reference §1.4).
pub trait Clock: Send + Sync {
    /// The civil time now.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment; never goes back, whatever happens to the civil time.
    fn monotonic(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}

/// The computer's clock, in UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}
