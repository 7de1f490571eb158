//! What can go wrong with a call, one named variant for each, and whether the call may have worked all the same.

use std::time::Duration;

use checkout::Timestamp;

use crate::GatewayErrorCode;

/// Why a call gave no result.
///
/// No message ever holds the secret or a signature, and texts that came from the gateway are shortened and
/// freed of control characters. [`Error::may_have_taken_effect`] answers the question that matters after a
/// failed write.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The client cannot be built from these settings.
    #[error("client settings: {0}")]
    Settings(String),

    /// The request breaks a rule of the reference that is known beforehand; nothing was sent.
    #[error("{field}: expected {expected}, got {got}")]
    Invalid {
        /// The field of the payload, in the gateway's spelling.
        field: &'static str,
        /// What the reference asks for.
        expected: &'static str,
        /// What the caller gave, shortened.
        got: String,
    },

    /// No connection came about (refused, unknown host, TLS, connect timeout): no byte of the request was sent.
    #[error("{path}: no connection to the gateway: {reason}")]
    NoConnection {
        /// The path called.
        path: &'static str,
        /// What the network said.
        reason: String,
    },

    /// The answer was not complete in time. The gateway may have acted.
    #[error("{path}: no complete answer within {} ms", after.as_millis())]
    Timeout {
        /// The path called.
        path: &'static str,
        /// The limit that passed.
        after: Duration,
    },

    /// The connection broke after the request may have been sent, before the answer was complete.
    #[error("{path}: the connection broke before the answer was complete: {reason}")]
    Interrupted {
        /// The path called.
        path: &'static str,
        /// What the network said.
        reason: String,
    },

    /// The answer is longer than the client's limit.
    #[error(
        "{path}: expected an answer of at most {limit} bytes, got a longer one with HTTP {status}"
    )]
    TooLarge {
        /// The path called.
        path: &'static str,
        /// The HTTP status.
        status: u16,
        /// The limit in bytes.
        limit: usize,
    },

    /// The answer is not the JSON that belongs to its status: HTML, text, a truncated document, nothing.
    #[error("{path}: expected the gateway's JSON, got HTTP {status} with {excerpt:?}: {reason}")]
    NotJson {
        /// The path called.
        path: &'static str,
        /// The HTTP status.
        status: u16,
        /// What the JSON parser missed.
        reason: String,
        /// The start of the body, at most 200 characters, control characters replaced.
        excerpt: String,
        /// After how many seconds to come again, where the answer says it.
        retry_after: Option<u32>,
    },

    /// A successful answer is JSON, but not of the documented shape.
    #[error("{path}: HTTP {status}, but the answer is not the documented one: {reason}")]
    Unreadable {
        /// The path called.
        path: &'static str,
        /// The HTTP status.
        status: u16,
        /// Which field is missing or of another kind.
        reason: String,
    },

    /// The answer is a redirect. A signed body is never sent to another address.
    #[error("{path}: expected an answer, got a redirect (HTTP {status}), which is not followed")]
    Redirect {
        /// The path called.
        path: &'static str,
        /// The HTTP status.
        status: u16,
    },

    /// The gateway refused, with its code (gateway reference §1.5).
    #[error("{path}: refused with {code} ({}){}{}", code.meaning(), words(message), trace(trace_id.as_deref()))]
    Refused {
        /// The path called.
        path: &'static str,
        /// The HTTP status.
        status: u16,
        /// The code; an unlisted one is kept as text.
        code: GatewayErrorCode,
        /// The gateway's words, such as `payload.fiatAmount=[must be positive]`.
        message: String,
        /// The gateway's name for this call, for its support.
        trace_id: Option<String>,
        /// After how many seconds to come again, where the answer says it.
        retry_after: Option<u32>,
    },

    /// Error 011: the two clocks differ by more than three minutes (gateway reference §1.4). Mend the clock of
    /// this machine; trying again does not help.
    #[error("{path}: the gateway refused the timestamp {sent}: {}", skew(*ahead_millis))]
    ClockSkew {
        /// The path called.
        path: &'static str,
        /// The timestamp that was signed.
        sent: Timestamp,
        /// By how many milliseconds this machine is ahead of the gateway's `Date` header (negative: behind);
        /// nothing when the answer had no readable `Date`. The header counts whole seconds.
        ahead_millis: Option<i64>,
        /// The gateway's words.
        message: String,
        /// The gateway's name for this call, for its support.
        trace_id: Option<String>,
    },

    /// The idempotency key is taken by an object that is not the one asked for.
    #[error(
        "idempotency key {key} belongs to another object: {field} was sent as {sent}, the stored one has {stored}"
    )]
    KeyReused {
        /// The key.
        key: String,
        /// The field that differs, in the gateway's spelling.
        field: &'static str,
        /// What this request says.
        sent: String,
        /// What the stored object says.
        stored: String,
    },

    /// The gateway's answer to a creation is about something else than was asked for.
    #[error(
        "{path}: the answer contradicts the request: {field} was sent as {sent}, came back as {received}"
    )]
    Contradiction {
        /// The path called.
        path: &'static str,
        /// The field that differs, in the gateway's spelling.
        field: &'static str,
        /// What was asked for.
        sent: String,
        /// What came back.
        received: String,
    },

    /// A creation failed in a way that leaves its outcome open, and what was tried afterwards did not settle it.
    /// Call again with the same key.
    #[error("outcome unknown: {write}; afterwards: {then}")]
    Unsettled {
        /// The first failure that left the outcome open.
        write: Box<Error>,
        /// How looking the key up, or sending the request again, failed.
        then: Box<Error>,
    },
}

impl Error {
    /// Tells whether the gateway may have done what was asked although no result came back.
    ///
    /// `false` is a promise: nothing was changed, so another request may be made with another key. After `true`,
    /// repeat only with the same idempotency key, or read the object first (gateway reference §7.5).
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::Settings(_)
            | Self::Invalid { .. }
            | Self::NoConnection { .. }
            | Self::Redirect { .. } => false,
            Self::ClockSkew { .. } | Self::KeyReused { .. } => false,
            Self::Timeout { .. } | Self::Interrupted { .. } => true,
            Self::Unreadable { .. } | Self::Contradiction { .. } | Self::Unsettled { .. } => true,
            Self::TooLarge { status, .. } | Self::NotJson { status, .. } => open_outcome(*status),
            Self::Refused { status, code, .. } => {
                *code == GatewayErrorCode::Internal || *status >= 500
            }
        }
    }

    /// The gateway's code, where it gave one.
    pub fn code(&self) -> Option<&GatewayErrorCode> {
        match self {
            Self::Refused { code, .. } => Some(code),
            Self::ClockSkew { .. } => Some(&GatewayErrorCode::BadTimestamp),
            Self::Unsettled { write, then } => write.code().or_else(|| then.code()),
            _ => None,
        }
    }

    /// Tells whether the gateway has had too many calls (HTTP 429). It has done nothing then; [`Error::retry_after`] may say when to come
    /// again.
    pub fn is_too_many(&self) -> bool {
        match self {
            Self::Refused { status, .. } | Self::NotJson { status, .. } => *status == 429,
            Self::Unsettled { write, then } => write.is_too_many() || then.is_too_many(),
            _ => false,
        }
    }

    /// After how long the gateway wants to be called again, where it says so by `Retry-After` in seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } | Self::NotJson { retry_after, .. } => {
                retry_after.map(|seconds| Duration::from_secs(seconds.into()))
            }
            Self::Unsettled { write, then } => write.retry_after().max(then.retry_after()),
            _ => None,
        }
    }

    /// Tells whether the gateway says that the object does not exist (error 004).
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                code: GatewayErrorCode::NotFound,
                ..
            }
        )
    }

    /// Tells whether a call that changes nothing, or is safe to repeat, is worth repeating after a short pause.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::NoConnection { .. } | Self::Timeout { .. } | Self::Interrupted { .. } => true,
            Self::NotJson { status, .. } => *status >= 500 || *status < 300,
            Self::Refused { status, code, .. } => {
                *code == GatewayErrorCode::Internal || *status >= 500
            }
            _ => false,
        }
    }
}

/// A body that is no gateway answer settles nothing, unless its status says that the request was turned away.
fn open_outcome(status: u16) -> bool {
    !(300..500).contains(&status) || status == 408
}

fn words(message: &str) -> String {
    if message.is_empty() {
        return String::new();
    }
    format!(": {message}")
}

fn trace(id: Option<&str>) -> String {
    id.map_or_else(String::new, |id| format!(" [trace {id}]"))
}

fn skew(ahead_millis: Option<i64>) -> String {
    match ahead_millis {
        Some(ahead @ 0..) => format!(
            "this machine's clock is about {} s ahead of the gateway's",
            ahead / 1000
        ),
        Some(behind) => format!(
            "this machine's clock is about {} s behind the gateway's",
            behind.unsigned_abs() / 1000
        ),
        None => {
            "the clocks differ by more than three minutes, the answer does not tell by how much"
                .to_owned()
        }
    }
}
