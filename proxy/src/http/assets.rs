//! The widget's own files: read once at start, served to any page.

use axum::extract;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use checkout::RefusalCode;

use super::answer::if_none_match;
use super::app_state::AppState;
use super::extract::Stranger;
use crate::assets::Asset;
use crate::refusal::Refusal;

fn answer(asset: &Asset, request: &HeaderMap) -> Response {
    let (encoding, encoded) = match (&asset.brotli, &asset.gzip) {
        (Some(brotli), _) if accepts(request, "br") => (Some("br"), brotli),
        (_, Some(gzip)) if accepts(request, "gzip") => (Some("gzip"), gzip),
        _ => (None, &asset.plain),
    };
    let mut response = if if_none_match(request, &encoded.tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = encoded.bytes.clone().into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(asset.content_type),
        );
        if let Some(encoding) = encoding {
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(
        header::ETAG,
        HeaderValue::from_str(&encoded.tag)
            .expect("hexadecimal digits in quotes make a header value"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(asset.cache));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    // Integrity hashes work across origins only for answers that any origin may read.
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// Whether the request accepts an encoding: named, or by `*`, and not with `q=0`.
fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let values = request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let items: Vec<(&str, bool)> = values
        .flat_map(|value| value.split(','))
        .map(weighed)
        .collect();
    let of = |name: &str| {
        items
            .iter()
            .find(|(item, _)| item.eq_ignore_ascii_case(name))
            .map(|(_, wanted)| *wanted)
    };
    of(encoding).or_else(|| of("*")).unwrap_or(false)
}

/// One item of `Accept-Encoding`: its name, and whether it is wanted at all.
fn weighed(item: &str) -> (&str, bool) {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let refused = parts.any(|part| {
        let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
        weight.is_some_and(|weight| {
            weight.trim().starts_with('0') && weight.trim().chars().all(|c| matches!(c, '0' | '.'))
        })
    });
    (name, !refused)
}

fn find(app: &AppState, path: &str, request: &HeaderMap) -> Result<Response, Refusal> {
    match app.assets.get(path) {
        Some(asset) => Ok(answer(asset, request)),
        None if app.assets.is_empty() => Err(Refusal::new(
            RefusalCode::NotFound,
            "this proxy serves no widget: the key `assets` of its configuration is not set",
        )),
        None => Err(Refusal::new(
            RefusalCode::NotFound,
            "the widget has no file of this name; an older page may name a version that is gone",
        )),
    }
}

/// `GET /calypso-pay.js`
pub(super) async fn loader(
    app: AppState,
    _: Stranger,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    find(&app, "/calypso-pay.js", &headers)
}

/// `GET /integrity.json`
pub(super) async fn integrity(
    app: AppState,
    _: Stranger,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    find(&app, "/integrity.json", &headers)
}

/// `GET /assets/{file}`
pub(super) async fn hashed(
    app: AppState,
    _: Stranger,
    file: Result<extract::Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let name = file.map_or_else(|_| String::new(), |path| path.0);
    find(&app, &format!("/assets/{name}"), &headers)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::accepts;

    #[test]
    fn encodings_are_negotiated_by_name_and_weight() {
        for (value, brotli, gzip) in [
            ("br, gzip", true, true),
            ("gzip, deflate, br;q=0.9", true, true),
            ("GZIP", false, true),
            ("br;q=0, gzip", false, true),
            ("br;q=0.000, *", false, true),
            ("*", true, true),
            ("*;q=0", false, false),
            ("gzip;q=0, *", true, false),
            ("identity", false, false),
            ("", false, false),
            ("brotli", false, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(
                (accepts(&headers, "br"), accepts(&headers, "gzip")),
                (brotli, gzip),
                "{value:?}"
            );
        }
        assert!(!accepts(&HeaderMap::new(), "br"));
    }
}
