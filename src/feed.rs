//! Whether the proxy's stream brings the news, or the page has to ask for them. All times are monotonic milliseconds.
//!
//! A stream is a convenience: it is opened only behind a question that was answered, believed only while something is heard of it, and
//! after each failure left alone for longer. Whatever becomes of it, the questions go on.

use crate::pace;

/// How long a stream may say nothing before it is taken for dead. The proxy says something every 15 seconds: one beat may be lost.
pub const SILENCE_MS: i64 = 40_000;
/// How long a stream has to live for its predecessors' failures to be forgotten.
pub const LASTING_MS: i64 = 60_000;
/// How many pieces of a stream are taken between two seconds. Whoever sends more keeps the page from everything else.
pub const MOST_PIECES: u32 = 256;
/// The first rest after a failure is twice this, in milliseconds, before jitter.
const REST_MS: u32 = 500;
/// The rest after a stream that there should not be.
const LONG_REST_MS: i64 = 300_000;

/// The stream of one checkout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Feed {
    stage: Stage,
    /// Streams in a row that failed before they had lasted.
    failures: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// No stream, and none before this time.
    Resting { until: i64 },
    /// A stream was asked for.
    Open {
        since: i64,
        heard_at: i64,
        pieces: u32,
        /// Whether it has brought a checkout that was believed.
        has_told: bool,
    },
}

impl Default for Stage {
    fn default() -> Self {
        Self::Resting { until: 0 }
    }
}

/// Why a stream came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Cut, silent, unreadable, not believed, or refused for now.
    Failed,
    /// The proxy will not give it, or a question waited in vain: perhaps for one of the six connections over HTTP/1.1, which the streams
    /// of windows that are seen have taken up. There is none for a long while, or until the page comes back to life.
    Refused,
}

impl Feed {
    /// Whether a stream may be opened.
    #[must_use]
    pub fn may_open(&self, now: i64) -> bool {
        matches!(self.stage, Stage::Resting { until } if until <= now)
    }

    /// Whether a stream was asked for and has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open { .. })
    }

    /// Whether the news come by the stream, so that questions are only there to see that they do.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Open { has_told: true, .. })
    }

    /// Notes that a stream was asked for.
    pub fn open(&mut self, now: i64) {
        self.stage = Stage::Open {
            since: now,
            heard_at: now,
            pieces: 0,
            has_told: false,
        };
    }

    /// Notes that a piece of the stream came; says whether it may go on.
    #[must_use]
    pub fn hear(&mut self, now: i64) -> bool {
        let Stage::Open {
            heard_at, pieces, ..
        } = &mut self.stage
        else {
            return false;
        };
        *heard_at = now;
        *pieces += 1;
        *pieces <= MOST_PIECES
    }

    /// Notes that the stream brought a checkout that was believed.
    pub fn tell(&mut self) {
        if let Stage::Open { has_told, .. } = &mut self.stage {
            *has_told = true;
        }
    }

    /// Once a second: whether the stream has been silent for so long that it is dead.
    #[must_use]
    pub fn is_dead(&mut self, now: i64) -> bool {
        let Stage::Open {
            heard_at, pieces, ..
        } = &mut self.stage
        else {
            return false;
        };
        *pieces = 0;
        now.saturating_sub(*heard_at) > SILENCE_MS
    }

    /// Notes that the stream is no more, and lets a while pass before the next: longer with each failure in a row.
    pub fn end(&mut self, end: End, now: i64, jitter: u16) {
        let Stage::Open { since, .. } = self.stage else {
            return;
        };
        if now.saturating_sub(since) > LASTING_MS {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        let rest = pace::backoff_ms(REST_MS, self.failures, jitter);
        self.stage = Stage::Resting {
            until: match end {
                End::Failed => now.saturating_add(rest.into()),
                End::Refused => now.saturating_add(LONG_REST_MS),
            },
        };
    }

    /// Closes the stream because the page is looked away from or begins anew. The next one may follow at once.
    pub fn close(&mut self) {
        self.stage = Stage::default();
    }
}

#[cfg(test)]
mod tests;
