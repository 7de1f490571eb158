//! What the proxy says when it does not do what was asked: one type for every layer.

use std::fmt;
use std::time::Duration;

use checkout::ErrorCode;

/// A request that is not carried out: the documented code, a sentence for the caller, and the cause for the log only.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// The code on the wire; it decides the HTTP status.
    pub(crate) code: ErrorCode,
    /// Said to the caller: what was expected and what came. Never holds a secret, a path or a gateway's own words.
    pub(crate) message: String,
    /// Said to the log: what happened underneath.
    pub(crate) cause: Option<String>,
    /// After how long the same request may succeed, where that is known.
    pub(crate) retry_after: Option<Duration>,
}

impl Refusal {
    /// A refusal that the caller can act on.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            cause: None,
            retry_after: None,
        }
    }

    /// Too much of something; `wait` is when it may be done again.
    pub(crate) fn too_often(message: impl Into<String>, wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::new(ErrorCode::RateLimited, message)
        }
    }

    /// Adds what the log should know and the caller must not.
    pub(crate) fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// The proxy's own fault. Opaque to the caller.
    pub(crate) fn internal(cause: impl fmt::Display) -> Self {
        Self::new(
            ErrorCode::Internal,
            "the proxy met an unexpected condition; its log has the details under this request id",
        )
        .because(cause)
    }

    /// A field of the body that has the wrong form.
    pub(crate) fn field(name: &str, expected: impl fmt::Display) -> Self {
        Self::new(ErrorCode::FieldInvalid, format!("`{name}` {expected}"))
    }
}
