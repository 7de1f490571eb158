//! Answers that are checkouts.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use checkout::Timestamp;
use checkout::wire::MerchantCheckoutView;
use serde::Serialize;

use crate::app::{Shown, etag};
use crate::refusal::Refusal;

/// A JSON text as an answer that nobody keeps.
pub(super) fn json(status: StatusCode, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body).into_response()
}

/// A view as text.
pub(super) fn text(view: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(view).map_err(Refusal::internal)
}

/// A checkout as its buyer sees it, or 304 when the caller has it already. Only the buyer's own browser may keep it, and must ask each time.
pub(super) fn shown(
    shown: &Shown,
    now: Timestamp,
    request: &HeaderMap,
) -> Result<Response, Refusal> {
    tagged(shown.tag(), || shown.body(now), request)
}

/// The merchant's view, or 304 when the caller has it already.
pub(super) fn merchant_view(
    view: &MerchantCheckoutView,
    request: &HeaderMap,
) -> Result<Response, Refusal> {
    let body = text(view)?;
    tagged(&etag::of(&view.checkout, &body), || body, request)
}

fn tagged(
    tag: &str,
    body: impl FnOnce() -> String,
    request: &HeaderMap,
) -> Result<Response, Refusal> {
    let mut response = if if_none_match(request, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        json(StatusCode::OK, body())
    };
    let headers = response.headers_mut();
    headers.insert(
        header::ETAG,
        HeaderValue::from_str(tag).map_err(Refusal::internal)?,
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    // The merchant and the buyer get different answers from one path.
    headers.append(header::VARY, HeaderValue::from_static("Authorization"));
    Ok(response)
}

/// Whether `If-None-Match` names this tag. The comparison is the weak one, as for every GET.
pub(super) fn if_none_match(request: &HeaderMap, tag: &str) -> bool {
    let values = request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|given| given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::if_none_match;

    #[test]
    fn if_none_match_is_read_as_a_list() {
        let with = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            }
            if_none_match(&headers, "\"abc\"")
        };
        assert!(with(&["\"abc\""]));
        assert!(with(&["W/\"abc\""]));
        assert!(with(&["\"x\", \"abc\""]));
        assert!(with(&["\"x\"", "\"abc\""]));
        assert!(with(&["*"]));
        assert!(!with(&[]));
        assert!(!with(&["\"abcd\""]));
        assert!(!with(&["abc"]));
    }
}
