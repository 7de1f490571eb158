//! What a line begins with.

use checkout::Timestamp;
use tracing::Level;

use crate::request_id::RequestId;

/// When, how bad, where, and on whose behalf.
pub(super) struct Head<'a> {
    pub(super) time: Timestamp,
    pub(super) level: Level,
    pub(super) target: &'a str,
    pub(super) request: Option<RequestId>,
}
