//! `GET /pay/{id}`: the page a merchant can send as a link, under the strictest policy a browser has.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use checkout::RefusalCode;
use url::Url;

use super::answer::if_none_match;
use super::app_state::AppState;
use crate::checkouts::id::CheckoutId;
use crate::refusal::Refusal;

const PAGE: &str = include_str!("../../pages/pay.html");
const MISSING: &str = include_str!("../../pages/missing.html");
const STYLE: &str = include_str!("../../pages/page.css");
const SCRIPT: &str = include_str!("../../pages/page.js");

/// Only this origin's script, style and data; no image but the shop's logo, no frame around it, no form, no string that becomes
/// code.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

/// The page of one checkout; a friendly one with status 404 when there is none.
pub(super) async fn show(
    app: AppState,
    id: Result<CheckoutId, Refusal>,
) -> Result<Response, Refusal> {
    let found = match id {
        Ok(id) => app.stored(id).await,
        Err(refusal) => Err(refusal),
    };
    let checkout = match found {
        Ok(snapshot) => snapshot.checkout,
        Err(refusal)
            if matches!(
                refusal.code,
                RefusalCode::CheckoutIdMalformed | RefusalCode::CheckoutNotFound
            ) =>
        {
            return Ok(page(StatusCode::NOT_FOUND, MISSING.to_owned(), None));
        }
        Err(refusal) => return Err(refusal),
    };
    // A checkout that takes any amount says so by showing none.
    let price = checkout
        .purpose
        .price()
        .map(|price| format!("{} {}", price.amount(), price.currency()))
        .unwrap_or_default();
    let link = |link: &Option<String>| link.clone().unwrap_or_default();
    let html = fill(
        PAGE,
        &[
            ("id", &checkout.id.to_string()),
            ("description", &checkout.description),
            ("price", &price),
            ("return", &link(&checkout.return_url)),
            ("support", &link(&checkout.support_url)),
        ],
    );
    let images = checkout.logo_url.as_deref().and_then(image_source);
    Ok(page(StatusCode::OK, html, images.as_deref()))
}

/// What the policy must allow so that the widget can draw the logo: that one origin, over https or on this computer.
fn image_source(logo: &str) -> Option<String> {
    let url = Url::parse(logo).ok()?;
    let is_near = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    (url.scheme() == "https" || (url.scheme() == "http" && is_near))
        .then(|| url.origin().ascii_serialization())
}

/// The pages' stylesheet.
pub(super) async fn style(headers: HeaderMap) -> Response {
    file(&headers, "text/css; charset=utf-8", STYLE)
}

/// The script that keeps the page's title up to date.
pub(super) async fn script(headers: HeaderMap) -> Response {
    file(&headers, "text/javascript; charset=utf-8", SCRIPT)
}

fn file(headers: &HeaderMap, kind: &'static str, text: &'static str) -> Response {
    // The text is part of the program, so its version is the program's.
    const TAG: &str = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");
    let tagged = [
        (header::ETAG, TAG),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    if if_none_match(headers, TAG) {
        return (StatusCode::NOT_MODIFIED, tagged).into_response();
    }
    (tagged, [(header::CONTENT_TYPE, kind)], text).into_response()
}

fn page(status: StatusCode, html: String, images: Option<&str>) -> Response {
    let policy = match images {
        Some(origin) => format!("{POLICY}; img-src {origin}"),
        None => POLICY.to_owned(),
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        // No page that opened this one keeps a hand on it.
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin".to_owned(),
        ),
    ];
    (status, headers, Html(html)).into_response()
}

/// Puts values into a page, in one pass, so that a value that looks like a place to fill stays text. What stands between
/// `{{?name}}` and `{{/name}}` is left out where `name` has no value.
fn fill(page: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(page.len() + 256);
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        let value = |name: &str| {
            values
                .iter()
                .find(|(known, _)| *known == name)
                .map_or("", |(_, value)| value)
        };
        rest = after;
        match name.strip_prefix('?') {
            Some(name) if value(name).is_empty() => {
                let end = format!("{{{{/{name}}}}}");
                rest = after.split_once(&end).map_or("", |(_, rest)| rest);
            }
            Some(_) => {}
            None => out.push_str(&escaped(value(name))),
        }
    }
    out.push_str(rest);
    out
}

/// A text as HTML, fit for content and for attributes in double or single quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{fill, image_source};

    #[test]
    fn what_has_no_value_leaves_nothing_around_it() {
        let page = "<b>{{?a}}{{a}} · {{/a}}{{b}}</b>";
        assert_eq!(fill(page, &[("a", "1"), ("b", "2")]), "<b>1 · 2</b>");
        assert_eq!(fill(page, &[("a", ""), ("b", "2")]), "<b>2</b>");
        assert_eq!(
            fill(page, &[("a", "{{/a}}"), ("b", "{{?b}}")]),
            "<b>{{/a}} · {{?b}}</b>"
        );
    }

    #[test]
    fn a_logo_opens_the_policy_for_its_own_origin_alone() {
        for (logo, source) in [
            (
                "https://cdn.shop.example/a/logo.png?v=1",
                Some("https://cdn.shop.example"),
            ),
            (
                "https://shop.example:8443/logo.png",
                Some("https://shop.example:8443"),
            ),
            (
                "http://127.0.0.1:8080/logo.png",
                Some("http://127.0.0.1:8080"),
            ),
            ("http://shop.example/logo.png", None),
            ("http://127.0.0.1.shop.example/logo.png", None),
            ("data:image/png;base64,AA", None),
            ("", None),
        ] {
            assert_eq!(image_source(logo).as_deref(), source, "{logo}");
        }
    }

    #[test]
    fn values_are_text_whatever_they_hold() {
        let page = fill(
            "<p title=\"{{a}}\">{{b}}</p>{{c}}",
            &[("a", "\"'`<>&"), ("b", "{{a}}<script>")],
        );
        assert_eq!(
            page,
            "<p title=\"&quot;&#39;&#96;&lt;&gt;&amp;\">{{a}}&lt;script&gt;</p>"
        );
    }
}
