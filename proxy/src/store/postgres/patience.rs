//! How long is waited for what.

use std::time::Duration;

/// How long a proxy waits for its database. Tests wait less.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For any one answer, before the connection is taken for lost.
    pub(super) answer: Duration,
    /// For a new connection, all hosts together.
    pub(super) connection: Duration,
    /// For a connection that others give back.
    pub(super) turn: Duration,
}

impl Patience {
    pub(super) const USUAL: Self = Self {
        answer: Duration::from_secs(10),
        connection: Duration::from_secs(10),
        turn: Duration::from_secs(5),
    };
}
