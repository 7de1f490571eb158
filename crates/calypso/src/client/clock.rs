//! Where the signed timestamps come from.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use checkout::Timestamp;

/// Where a client takes the time from that it signs.
pub type TimeSource = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The clock of this machine.
pub(super) fn system() -> TimeSource {
    Arc::new(|| {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    })
}
