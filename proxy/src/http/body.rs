//! Reading a request's body: not too much, not too slowly, and JSON only.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, header};
use checkout::RefusalCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::headers::single;
use crate::config::Limits;
use crate::refusal::Refusal;

/// Reads the whole body.
///
/// # Errors
/// `content_type_not_json` unless the one content type is `application/json` (with `charset=utf-8` at most), `body_too_large` above
/// the limit, `body_not_json` when it breaks off or does not arrive in time.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    limits: &Limits,
) -> Result<Bytes, Refusal> {
    if !is_json(headers) {
        return Err(Refusal::new(
            RefusalCode::ContentTypeNotJson,
            "expected the header `Content-Type: application/json`",
        ));
    }
    collect(body, limits).await
}

/// Reads the whole body, whatever it says to be.
///
/// # Errors
/// `body_too_large` above the limit, `body_not_json` when it breaks off or does not arrive in time.
pub(super) async fn collect(body: Body, limits: &Limits) -> Result<Bytes, Refusal> {
    let too_large = || {
        Refusal::new(
            RefusalCode::BodyTooLarge,
            format!("the body has more than {} bytes", limits.body_bytes),
        )
    };
    // What announces itself as too large is not waited for.
    if body.size_hint().lower() > limits.body_bytes as u64 {
        return Err(too_large());
    }
    let limited = Limited::new(body, limits.body_bytes);
    match tokio::time::timeout(limits.body_timeout, limited.collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => {
            Err(Refusal::new(RefusalCode::BodyNotJson, "the body broke off").because(error))
        }
        Err(_) => {
            let seconds = limits.body_timeout.as_secs();
            Err(Refusal::new(
                RefusalCode::BodyNotJson,
                format!("the body did not arrive within {seconds} s"),
            ))
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Ok(Some(value)) = single(headers, &header::CONTENT_TYPE) else {
        return false;
    };
    let Ok(text) = value.to_str() else {
        return false;
    };
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case("application/json")
        && parts.all(|part| part.eq_ignore_ascii_case("charset=utf-8"))
}
