//! Headers on every answer that keep a browser from doing more with it than it should.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// For answers that are no page: nothing may be loaded by them, nobody may frame them.
const NO_PAGE: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Adds the protective headers; those a handler has set itself stay.
pub(super) fn protect(headers: &mut HeaderMap) {
    let mut usual = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    usual(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    usual(header::REFERRER_POLICY, "no-referrer");
    usual(header::CONTENT_SECURITY_POLICY, NO_PAGE);
    usual(header::X_FRAME_OPTIONS, "DENY");
    usual(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    usual(
        HeaderName::from_static("permissions-policy"),
        "geolocation=(), camera=(), microphone=(), browsing-topics=()",
    );
}

/// The only value of a header. `Err` when it is there more than once: different readers could pick different ones.
pub(super) fn single<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a HeaderValue>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (first, None) => Ok(first),
        (_, Some(_)) => Err(()),
    }
}
