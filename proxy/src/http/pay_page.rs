//! `GET /pay/{id}`: the page a merchant can send as a link, under the strictest policy a browser has.

use askama::Template;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use checkout::RefusalCode;
use url::Url;

use super::answer::if_none_match;
use super::app_state::AppState;
use super::extract::Stranger;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::refusal::Refusal;

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
    _: Stranger,
    id: Result<CheckoutId, Refusal>,
) -> Result<Response, Refusal> {
    let found = match id {
        Ok(id) => app.kept_checkout(id).await,
        Err(refusal) => Err(refusal),
    };
    let found = match found {
        Ok(snapshot) => snapshot,
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
    let checkout = &found.checkout;
    let html = PayPage::of(checkout).render().map_err(Refusal::internal)?;
    let images = checkout.logo_url.as_deref().and_then(image_source);
    Ok(page(StatusCode::OK, html, images.as_deref()))
}

/// What the page of a checkout says before the widget is there. Every value is a merchant's text and is escaped.
#[derive(Template)]
#[template(path = "pay.html")]
struct PayPage<'a> {
    id: String,
    description: &'a str,
    /// A checkout that takes any amount says so by showing none.
    price: Option<String>,
    way_back: Option<&'a str>,
    support: Option<&'a str>,
}

impl<'a> PayPage<'a> {
    fn of(checkout: &'a Checkout) -> Self {
        let price = checkout.purpose.price();
        Self {
            id: checkout.id.to_string(),
            description: &checkout.description,
            price: price.map(|price| format!("{} {}", price.amount(), price.currency())),
            way_back: checkout.return_url.as_deref(),
            support: checkout.support_url.as_deref(),
        }
    }
}

/// What the policy must allow so that the widget can draw the logo: that one origin, over https or on this computer.
fn image_source(logo: &str) -> Option<String> {
    let url = Url::parse(logo).ok()?;
    let is_near = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    (url.scheme() == "https" || (url.scheme() == "http" && is_near))
        .then(|| url.origin().ascii_serialization())
}

/// The pages' stylesheet.
pub(super) async fn style(_: Stranger, headers: HeaderMap) -> Response {
    file(&headers, "text/css; charset=utf-8", STYLE)
}

/// The script that keeps the page's title up to date.
pub(super) async fn script(_: Stranger, headers: HeaderMap) -> Response {
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

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::{PayPage, image_source};
    use crate::checkouts::checkout::Checkout;
    use crate::checkouts::tests::{payment, topup};

    fn rendered(change: impl FnOnce(&mut Checkout)) -> String {
        let mut checkout = payment();
        change(&mut checkout);
        PayPage::of(&checkout).render().unwrap()
    }

    #[test]
    fn what_has_no_value_leaves_nothing_around_it() {
        let bare = rendered(|_| {});
        assert!(bare.contains("<title>25.00 EUR · Order 1001</title>"));
        assert!(!bare.contains("<a "), "{bare}");
        let without_price = PayPage::of(&topup()).render().unwrap();
        assert!(without_price.contains("<title>Order 1001</title>"));
        assert!(!without_price.contains("class=\"price\""));
        let linked = rendered(|checkout| {
            checkout.return_url = Some("https://shop.example/done".to_owned());
        });
        assert_eq!(linked.matches("<a ").count(), 1);
        assert!(linked.contains("Back to the shop"));
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
        let page = rendered(|checkout| {
            checkout.description = "\"'`<script>&{{ id }}{% if %}".to_owned();
            checkout.support_url = Some("https://a.example/\"><script>".to_owned());
        });
        assert!(
            !page.contains("<script>"),
            "the page's own scripts have attributes: {page}"
        );
        assert!(
            page.contains("&lt;script&gt;&amp;{{ id }}{% if %}"),
            "{page}"
        );
        assert!(page.contains("https://a.example/&quot;&gt;"), "{page}");
    }
}
