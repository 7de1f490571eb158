//! What was found when it was last looked whether requests may be sent to this proxy.

use tokio::sync::Mutex;
use tokio::time::Instant;

/// What was found last.
#[derive(Default)]
pub(crate) struct Readiness(pub(super) Mutex<Option<(Instant, DatabaseState)>>);

/// How the database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatabaseState {
    /// It answers, and its tables are those that this program knows.
    Fit,
    /// It answers, and its tables are those of another version of this program.
    OtherSchema,
    /// It does not answer, or with an error.
    Failing,
}
