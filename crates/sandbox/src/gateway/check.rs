//! What every call must pass before it is looked at: key, signature, JSON, timestamp, account.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use checkout::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use subtle::ConstantTimeEq;

use super::GatewayError;
use super::problem::{Problem, json_reason};
use crate::sandbox::Sandbox;

/// How far a timestamp may be from the wall clock, either way, in milliseconds. The bounds themselves are allowed
/// (gateway reference §1.4).
const WINDOW_MILLIS: u64 = 180_000;

/// A call that has passed every check. `ACCOUNT` says whether it must name the merchant's account.
pub(crate) struct Call<const ACCOUNT: bool = true> {
    payload: Option<Box<RawValue>>,
}

/// A call about rates or currencies, which names no account (gateway reference §1.2).
pub(crate) type CallWithoutAccount = Call<false>;

impl<const ACCOUNT: bool> Call<ACCOUNT> {
    /// The payload's fields. A repeated field, or anything that is no object, is refused with 001.
    pub(crate) fn fields<'a, T: Deserialize<'a>>(&'a self) -> Result<T, GatewayError> {
        let payload = self.payload.as_deref();
        let payload = payload.ok_or_else(|| GatewayError::field("payload", "must not be null"))?;
        if !payload.get().starts_with('{') {
            return Err(GatewayError::field("payload", "must be an object"));
        }
        serde_json::from_str(payload.get())
            .map_err(|error| GatewayError::field("payload", json_reason(&error)))
    }
}

impl<const ACCOUNT: bool> FromRequest<Sandbox> for Call<ACCOUNT> {
    type Rejection = GatewayError;

    async fn from_request(request: Request, sandbox: &Sandbox) -> Result<Self, GatewayError> {
        let envelope = signed(request, sandbox).await?;
        if ACCOUNT {
            is_the_merchants(envelope.account.as_deref(), &sandbox.0.settings.account)?;
        }
        Ok(Self {
            payload: envelope.payload,
        })
    }
}

fn is_the_merchants(named: Option<&RawValue>, account: &str) -> Result<(), GatewayError> {
    let named = named.ok_or_else(|| GatewayError::field("account", "must not be null"))?;
    let named: String = serde_json::from_str(named.get())
        .map_err(|_| GatewayError::field("account", "must be a string"))?;
    if named.is_empty() {
        return Err(GatewayError::field("account", "must not be blank"));
    }
    if !named.eq_ignore_ascii_case(account) {
        return Err(GatewayError::NotFound("Account"));
    }
    Ok(())
}

#[derive(Deserialize)]
struct Envelope {
    timestamp: Option<Box<RawValue>>,
    account: Option<Box<RawValue>>,
    payload: Option<Box<RawValue>>,
}

/// Key, signature over the bytes as they came, JSON, time window; in this order.
async fn signed(request: Request, sandbox: &Sandbox) -> Result<Envelope, GatewayError> {
    let settings = &sandbox.0.settings;
    let unauthorized = settings.unauthorized_is_401;
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, sandbox)
        .await
        .map_err(|_| GatewayError::Internal)?;
    let key = header(&headers, "Key").ok_or(GatewayError::WrongKey { unauthorized })?;
    if !bool::from(key.as_bytes().ct_eq(settings.key.as_bytes())) {
        return Err(GatewayError::WrongKey { unauthorized });
    }
    let sign = header(&headers, "Sign").ok_or(GatewayError::WrongSign { unauthorized })?;
    if !calypso::sign::verify(&settings.secret, &body, sign) {
        return Err(GatewayError::WrongSign { unauthorized });
    }
    let envelope: Envelope = serde_json::from_slice(&body)
        .map_err(|error| GatewayError::field("body", json_reason(&error)))?;
    // A list of the right length would pass for the envelope otherwise.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(GatewayError::field("body", "must be an object"));
    }
    in_window(envelope.timestamp.as_deref(), settings.wall.now())?;
    Ok(envelope)
}

/// A header that is there exactly once.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn in_window(timestamp: Option<&RawValue>, now: Timestamp) -> Result<(), GatewayError> {
    let problem = |reason: &str| GatewayError::BadInput(vec![Problem::new("timestamp", reason)]);
    let timestamp = timestamp.ok_or_else(|| problem("must not be null"))?;
    let sent: i64 = serde_json::from_str(timestamp.get())
        .map_err(|_| problem("must be an integer of milliseconds"))?;
    let server = now.millis();
    if sent.abs_diff(server) > WINDOW_MILLIS {
        return Err(GatewayError::BadTimestamp {
            allowed: WINDOW_MILLIS,
            server,
            sent,
        });
    }
    Ok(())
}
