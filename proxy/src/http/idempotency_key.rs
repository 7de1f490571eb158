//! The `Idempotency-Key` header.

use axum::http::{HeaderMap, HeaderName};
use checkout::ErrorCode;

use super::headers::single;
use crate::refusal::Refusal;

const NAME: HeaderName = HeaderName::from_static("idempotency-key");

/// Reads the key, if there is one.
///
/// # Errors
/// `idempotency_key_malformed` unless it is there once with 1 to 255 printable ASCII characters.
pub(super) fn read(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let malformed = |what: &str| {
        Refusal::new(
            ErrorCode::IdempotencyKeyMalformed,
            format!(
                "the Idempotency-Key header {what}; expected 1 to 255 printable ASCII characters"
            ),
        )
    };
    let Some(value) = single(headers, &NAME).map_err(|()| malformed("is there more than once"))?
    else {
        return Ok(None);
    };
    let bytes = value.as_bytes();
    if bytes.is_empty() || bytes.len() > 255 {
        return Err(malformed(&format!("has {} characters", bytes.len())));
    }
    match std::str::from_utf8(bytes) {
        Ok(key) if key.bytes().all(|byte| (0x20..0x7f).contains(&byte)) => Ok(Some(key.to_owned())),
        _ => Err(malformed("holds other characters")),
    }
}

/// Reads a key that must be there.
///
/// # Errors
/// As for [`read`], and `idempotency_key_missing`.
pub(super) fn required(headers: &HeaderMap) -> Result<String, Refusal> {
    read(headers)?.ok_or_else(|| {
        Refusal::new(ErrorCode::IdempotencyKeyMissing, "the Idempotency-Key header is missing: without it a retry could make a second checkout")
    })
}
