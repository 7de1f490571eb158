//! One shop tries every call on the other's checkouts, by each header that says who it is.

use uuid::Uuid;

use super::{GARDEN, GARDEN_KEY, MERCHANTS, PAYMENT, Two};
use crate::support::receiving::{DEPOSIT, TOPUP};
use crate::support::{MERCHANT_KEY, Reply, SHOP, text};

/// Every call that names a checkout: its method, what stands behind the id, and a body.
pub(super) const CALLS: [(&str, &str, Option<&str>); 9] = [
    ("GET", "", None),
    ("GET", "/deposits", None),
    ("GET", "/history", None),
    ("GET", "/events", None),
    ("GET", "/receipt", None),
    ("POST", "/invoice", Some(r#"{"currency":"BTC"}"#)),
    ("POST", "/hosted-widget", None),
    ("POST", "/archive", None),
    (
        "POST",
        "/intervention",
        Some(r#"{"action":"return_to_paid"}"#),
    ),
];

/// What a reply says, without the number of its request.
fn said(reply: &Reply) -> (u16, String, String) {
    let message = text(&reply.json(), "/error/message").to_owned();
    (reply.status, reply.code(), message)
}

#[tokio::test]
async fn anothers_checkout_is_one_that_there_is_not_to_a_merchant() {
    let two = Two::start().await;
    for (own, others) in MERCHANTS {
        for body in [PAYMENT, TOPUP, DEPOSIT] {
            let id = two.made_by(own, body).await;
            let chosen = two.choose(&id, "TRX").await;
            chosen.expect(200);
            let before = two.asked().await;
            two.wait(60_000);
            for (method, path, body) in CALLS {
                let unknown = format!("/v1/checkouts/{}{path}", Uuid::new_v4());
                let nobodys = two.call(others, method, &unknown, body).await;
                let known = format!("/v1/checkouts/{id}{path}");
                let refused = two.call(others, method, &known, body).await;
                assert_eq!(refused.code(), "checkout_not_found", "{method} {path}");
                assert_eq!(said(&refused), said(&nobodys), "{method} {path}");
            }
            assert_eq!(two.asked().await, before, "no gateway was asked");
            let path = format!("/v1/checkouts/{id}");
            let told = two.call(own, "GET", &path, None).await.expect(200).json();
            assert_eq!(told["id"], id);
        }
    }
}

#[tokio::test]
async fn anothers_page_is_refused_and_changes_nothing() {
    let two = Two::start().await;
    for (own, origin, others) in [(MERCHANT_KEY, SHOP, GARDEN), (GARDEN_KEY, GARDEN, SHOP)] {
        for body in [PAYMENT, TOPUP, DEPOSIT] {
            let id = two.made_by(own, body).await;
            let path = format!("/v1/checkouts/{id}");
            let before = (two.asked().await, two.books().await);
            for (method, more, body) in CALLS {
                let path = format!("{path}{more}");
                let refused = two.page(others, method, &path, body).await;
                let expected = match more {
                    "/deposits" | "/history" | "/hosted-widget" | "/archive" | "/intervention" => {
                        "merchant_key_missing"
                    }
                    _ => "origin_not_allowed",
                };
                assert_eq!(refused.code(), expected, "{method} {more}");
                // So that the page can read why.
                assert_eq!(refused.header("access-control-allow-origin"), others);
            }
            assert_eq!((two.asked().await, two.books().await), before);
            let shown = two.page(origin, "GET", &path, None).await.expect(200);
            assert_eq!(shown.json()["id"], id);
            let chosen = r#"{"currency":"TRX"}"#;
            let path = format!("{path}/invoice");
            two.page(origin, "POST", &path, Some(chosen))
                .await
                .expect(200);
        }
    }
}

#[tokio::test]
async fn the_id_is_the_buyers_key_on_the_proxys_own_page_and_where_no_origin_is_named() {
    let two = Two::start().await;
    for (key, _) in MERCHANTS {
        let id = two.made_by(key, PAYMENT).await;
        let path = format!("/v1/checkouts/{id}");
        two.get(&path).await.expect(200);
        let own = "https://pay.shop.example";
        two.page(own, "GET", &path, None).await.expect(200);
        let chosen = Some(r#"{"currency":"BTC"}"#);
        let invoice = format!("{path}/invoice");
        two.page(own, "POST", &invoice, chosen).await.expect(200);
        two.get(&format!("/pay/{id}")).await.expect(200);
    }
}

#[tokio::test]
async fn each_shops_page_has_its_own_links_and_its_gateways_pages() {
    let two = Two::start().await;
    let product = Some(r#"{"product":"demo-order"}"#);
    let made = two.page(GARDEN, "POST", "/v1/checkouts", product).await;
    let garden = text(&made.expect(201).json(), "/id").to_owned();
    let made = two.page(SHOP, "POST", "/v1/checkouts", product).await;
    let first = text(&made.expect(201).json(), "/id").to_owned();
    let page = async |id: &str| two.get(&format!("/pay/{id}")).await.expect(200).text();
    let (of_garden, of_first) = (page(&garden).await, page(&first).await);
    assert!(of_garden.contains("https://garden.example/help") && of_garden.contains("9.50 EUR"));
    assert!(!of_first.contains("garden.example") && of_first.contains("25.00 EUR"));
    for (key, id, pages) in [
        (GARDEN_KEY, &garden, "https://pay.garden-gateway.example/"),
        (MERCHANT_KEY, &first, "https://pay.gateway.example/"),
    ] {
        let path = format!("/v1/checkouts/{id}/hosted-widget");
        let hosted = two.call(key, "POST", &path, None).await.expect(200).json();
        assert!(text(&hosted, "/url").starts_with(pages), "{hosted}");
    }
}

#[tokio::test]
async fn a_page_makes_checkouts_of_the_shop_that_lists_its_origin() {
    let two = Two::start().await;
    let product = r#"{"product":"demo-order"}"#;
    for (origin, price) in [
        (Some(SHOP), "25.00"),
        (Some("http://localhost:3000"), "25.00"),
        (Some(GARDEN), "9.50"),
        (Some("https://pay.shop.example"), "25.00"),
        (None, "25.00"),
    ] {
        let headers: Vec<(&str, &str)> = origin
            .map(|origin| ("origin", origin))
            .into_iter()
            .collect();
        let made = two
            .post("/v1/checkouts", product, &headers)
            .await
            .expect(201)
            .json();
        assert_eq!(text(&made, "/price/amount"), price, "{origin:?}");
    }
    // What only the other shop sells.
    let gift = two.page(
        GARDEN,
        "POST",
        "/v1/checkouts",
        Some(r#"{"product":"gift-card"}"#),
    );
    assert_eq!(gift.await.code(), "unknown_product");
    for stranger in [
        "https://evil.example",
        "null",
        "https://garden.example.evil.example",
    ] {
        let refused = two
            .page(stranger, "POST", "/v1/checkouts", Some(product))
            .await;
        assert_eq!(refused.code(), "origin_not_allowed", "{stranger}");
    }
}

#[tokio::test]
async fn a_merchants_key_on_a_page_helps_nobody() {
    let two = Two::start().await;
    let id = two.made_by(MERCHANT_KEY, PAYMENT).await;
    for origin in [SHOP, GARDEN] {
        for key in [MERCHANT_KEY, GARDEN_KEY] {
            let bearer = format!("Bearer {key}");
            let headers = [("origin", origin), ("authorization", bearer.as_str())];
            for path in [
                format!("/v1/checkouts/{id}"),
                "/v1/checkouts?externalId=order-1001".to_owned(),
            ] {
                let refused = two.request("GET", &path, &headers, None).await;
                assert_eq!(refused.code(), "origin_not_allowed", "{origin} {path}");
            }
        }
    }
}
