//! Every route of the proxy, and what keeps one shop from another's rows on it.

use super::reach::CALLS;
use super::{GARDEN, GARDEN_KEY, Two};
use crate::support::{MERCHANT_KEY, SHOP};

/// What keeps shops apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// The checkout named must be the caller's: `reach` tries each of these.
    ByTheCheckout,
    /// The refund named must be the caller's: `pairs` tries them.
    ByTheRefund,
    /// The caller's key or origin names the shop, and nothing else is looked into: `apart` tries them.
    ByTheCaller,
    /// The event named must be the caller's: `outbox` tries each of these.
    ByTheEvent,
    /// Whoever has signed it names the shop: `news` tries it.
    ByTheSignature,
    /// The id alone opens it, to every buyer.
    ByTheId,
    /// There is nothing of any shop.
    NothingThere,
}

const ROUTES: [(&str, &str, Kept); 30] = [
    ("GET", "/openapi.json", Kept::NothingThere),
    ("GET", "/healthz", Kept::NothingThere),
    ("GET", "/readyz", Kept::NothingThere),
    ("POST", "/v1/checkouts", Kept::ByTheCaller),
    ("GET", "/v1/checkouts", Kept::ByTheCaller),
    ("GET", "/v1/checkouts/{id}", Kept::ByTheCheckout),
    ("GET", "/v1/checkouts/{id}/deposits", Kept::ByTheCheckout),
    ("GET", "/v1/checkouts/{id}/history", Kept::ByTheCheckout),
    ("GET", "/v1/checkouts/{id}/events", Kept::ByTheCheckout),
    ("GET", "/v1/checkouts/{id}/receipt", Kept::ByTheCheckout),
    ("GET", "/v1/attestation-keys", Kept::ByTheCaller),
    ("POST", "/v1/checkouts/{id}/invoice", Kept::ByTheCheckout),
    (
        "POST",
        "/v1/checkouts/{id}/hosted-widget",
        Kept::ByTheCheckout,
    ),
    ("GET", "/v1/events", Kept::ByTheCaller),
    ("GET", "/v1/events/{id}", Kept::ByTheEvent),
    ("POST", "/v1/events/{id}/replay", Kept::ByTheEvent),
    ("POST", "/v1/checkouts/{id}/archive", Kept::ByTheCheckout),
    (
        "POST",
        "/v1/checkouts/{id}/intervention",
        Kept::ByTheCheckout,
    ),
    ("POST", "/v1/refunds", Kept::ByTheCaller),
    ("GET", "/v1/refunds", Kept::ByTheCaller),
    ("GET", "/v1/refunds/{id}", Kept::ByTheRefund),
    ("POST", "/v1/refunds/{id}/approve", Kept::ByTheRefund),
    ("POST", "/v1/refunds/{id}/sent", Kept::ByTheRefund),
    ("POST", "/v1/refunds/{id}/cancel", Kept::ByTheRefund),
    ("GET", "/calypso-pay.js", Kept::NothingThere),
    ("GET", "/integrity.json", Kept::NothingThere),
    ("GET", "/assets/{file}", Kept::NothingThere),
    ("GET", "/pay/page.css", Kept::NothingThere),
    ("GET", "/pay/page.js", Kept::NothingThere),
    ("GET", "/pay/{id}", Kept::ByTheId),
];
/// Apart, because whoever calls it is neither a shop's server nor its page.
const OF_GATEWAYS: (&str, &str, Kept) = ("POST", "/webhooks/calypso", Kept::ByTheSignature);

/// What the router says, read from its own text: axum does not tell its routes.
fn of_router() -> Vec<(String, String)> {
    let text = include_str!("../../../src/http/router.rs");
    let (text, _) = text.split_once("#[cfg(test)]").unwrap();
    for other in [".nest", "route_service", "fallback_service"] {
        assert!(
            !text.contains(other),
            "`{other}` hides routes from this test"
        );
    }
    let mut found = Vec::new();
    for route in text.split(".route(").skip(1) {
        let path = route.split('"').nth(1).unwrap();
        let (call, _) = route.split_once("\n        .").unwrap_or((route, ""));
        let before = found.len();
        for method in ["get", "post", "put", "patch", "delete", "any", "on"] {
            let made = [" ", "."].map(|before| format!("{before}{method}("));
            if made.iter().any(|made| call.contains(made.as_str())) {
                found.push((method.to_uppercase(), path.to_owned()));
            }
        }
        assert!(before < found.len(), "no method of {path} was found");
    }
    found
}

#[test]
fn every_route_says_what_keeps_shops_apart_on_it() {
    let mut listed: Vec<(String, String)> = ROUTES
        .iter()
        .chain([&OF_GATEWAYS])
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    let mut there = of_router();
    listed.sort();
    there.sort();
    assert_eq!(there, listed, "a route was added that no shop is kept from");
    // Those that name a checkout are those that `reach` tries.
    let mut tried = CALLS.map(|(method, path, _)| (method, format!("/v1/checkouts/{{id}}{path}")));
    let of_checkouts = ROUTES
        .iter()
        .filter(|(_, _, kept)| *kept == Kept::ByTheCheckout);
    let mut named: Vec<_> = of_checkouts
        .map(|(method, path, _)| (*method, (*path).to_owned()))
        .collect();
    tried.sort();
    named.sort();
    assert_eq!(named, tried, "a call on checkouts is not tried");
}

#[tokio::test]
async fn where_there_is_nothing_of_a_shop_everybody_is_told_the_same() {
    let two = Two::start().await;
    for (method, path, _) in ROUTES
        .iter()
        .filter(|(_, _, kept)| *kept == Kept::NothingThere)
    {
        let path = path.replace("{file}", "unknown.wasm");
        let mut told = Vec::new();
        for key in [MERCHANT_KEY, GARDEN_KEY] {
            let reply = two.call(key, method, &path, None).await;
            told.push((reply.status, reply.header("etag")));
        }
        for origin in [SHOP, GARDEN] {
            let reply = two.page(origin, method, &path, None).await;
            told.push((reply.status, reply.header("etag")));
        }
        assert!(
            told.windows(2).all(|two| two[0] == two[1]),
            "{path}: {told:?}"
        );
    }
}
