//! The refusals of the gateway: code, HTTP status, message (gateway reference §1.5).

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use super::problem::Problem;
use crate::ledger::{OrderRefusal, WrongState};

/// Why the gateway refuses a call.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GatewayError {
    /// 000: the gateway itself failed.
    #[error("Internal server error")]
    Internal,
    /// 001: the request is not what the documentation asks for.
    #[error("{}", Problem::list(.0))]
    BadInput(Vec<Problem>),
    /// 002: no key, or one the sandbox was not given.
    #[error("Invalid API key")]
    WrongKey {
        /// Whether this answers 401.
        unauthorized: bool,
    },
    /// 003: no signature, or not the one of this body.
    #[error("Wrong sign")]
    WrongSign {
        /// Whether this answers 401.
        unauthorized: bool,
    },
    /// 004: no such object.
    #[error("{0} is not found")]
    NotFound(&'static str),
    /// 006: the invoice is in a state that does not allow this.
    #[error(transparent)]
    WrongState(#[from] WrongState),
    /// 011: the timestamp is too far from the wall clock.
    #[error(
        "Invalid timestamp parameter. Must be within {allowed} ms of the server's time {server}, got {sent}"
    )]
    BadTimestamp {
        allowed: u64,
        server: i64,
        sent: i64,
    },
    /// 016: the idempotency key belongs to something else.
    #[error("Idempotency key already exists")]
    KeyReused,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    error_code: &'static str,
    message: String,
    trace_id: String,
}

impl GatewayError {
    /// A single field that is not right; `path` is the whole of it, such as `payload.id`.
    pub(crate) fn field(path: &str, reason: impl Into<String>) -> Self {
        Self::BadInput(vec![Problem::new(path, reason)])
    }

    pub(crate) fn body_too_large(most: usize) -> Self {
        Self::field(
            "body",
            format!("must be readable and of at most {most} bytes"),
        )
    }

    pub(crate) fn method_not_supported(method: &Method) -> Self {
        Self::field("method", format!("{method} is not supported, must be POST"))
    }

    /// The `errorCode`.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Internal => "000",
            Self::BadInput(_) => "001",
            Self::WrongKey { .. } => "002",
            Self::WrongSign { .. } => "003",
            Self::NotFound(_) => "004",
            Self::WrongState(_) => "006",
            Self::BadTimestamp { .. } => "011",
            Self::KeyReused => "016",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::WrongKey { unauthorized: true } | Self::WrongSign { unauthorized: true } => {
                StatusCode::UNAUTHORIZED
            }
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<OrderRefusal> for GatewayError {
    fn from(refusal: OrderRefusal) -> Self {
        match refusal {
            OrderRefusal::KeyReused => Self::KeyReused,
            OrderRefusal::ExpirationPast | OrderRefusal::ExpirationTooFar(_) => {
                Self::field("payload.expiration", refusal.to_string())
            }
        }
    }
}

impl IntoResponse for GatewayError {
    fn into_response(self) -> Response {
        let (high, low) = Uuid::new_v4().as_u64_pair();
        let body = Body {
            error_code: self.code(),
            message: self.to_string(),
            trace_id: format!("{:016x}", high ^ low),
        };
        (self.status(), Json(body)).into_response()
    }
}
