//! The gateway's own page as a fallback: one widget for each checkout, and its link for the merchant only.

use std::sync::Arc;

use calypso::{Client, Credentials, WidgetKind, WidgetState};
use url::Url;
use uuid::Uuid;

use crate::support::{ACCOUNT, GATEWAY_KEY, GATEWAY_SECRET, MERCHANT_KEY, Reply, TestProxy, text};

const PAYMENT: &str = r#"{"price":{"amount":"19.90","currency":"EUR"},"description":"Order 7","externalId":"order-7","currencies":["BTC","USDT_TRX"]}"#;
const TOPUP: &str = r#"{"kind":"topup","description":"Top up"}"#;
const CREATE: &str = "/api/v1/payment-widget/single-fiat/create";

async fn hosted(shop: &TestProxy, id: &str) -> Reply {
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let path = format!("/v1/checkouts/{id}/hosted-widget");
    shop.request("POST", &path, &[("authorization", &bearer)], None)
        .await
}

fn gateway(shop: &TestProxy) -> Client {
    let credentials = Credentials::new(GATEWAY_KEY, GATEWAY_SECRET);
    Client::builder(
        Url::parse(&shop.gateway.base).unwrap(),
        credentials,
        ACCOUNT,
    )
    .build()
    .unwrap()
}

fn key_of(url: &str) -> Uuid {
    let key = url
        .strip_prefix("https://pay.gateway.example/pay?widgetKey=")
        .unwrap();
    Uuid::parse_str(key).unwrap()
}

#[tokio::test]
async fn a_payments_link_names_a_widget_the_gateway_knows() {
    let shop = TestProxy::start().await;
    let id = shop.made(PAYMENT).await;
    let reply = hosted(&shop, &id).await.expect(200);
    assert_eq!(reply.header("cache-control"), "no-store");
    let json = reply.json();
    assert_eq!(json.as_object().unwrap().len(), 1);
    let key = key_of(text(&json, "/url"));
    let widget = gateway(&shop).find_single_fiat_widget(key).await.unwrap();
    assert_eq!(
        (widget.kind, widget.state),
        (WidgetKind::SingleFiat, WidgetState::InProgress)
    );
    assert_eq!(widget.fiat_amount.unwrap().to_string(), "19.90");
    assert_eq!(widget.fiat_currency.as_deref(), Some("EUR"));
    assert_eq!(widget.crypto_currencies, ["BTC", "USDT_TRX"]);
    assert_eq!(widget.external_id.as_deref(), Some("order-7"));
    assert_eq!(widget.description.as_deref(), Some("Order 7"));
}

#[tokio::test]
async fn a_top_ups_link_names_an_unlimited_widget() {
    let shop = TestProxy::start().await;
    let id = shop.made(TOPUP).await;
    let url = hosted(&shop, &id).await.expect(200).json();
    let widget = gateway(&shop)
        .find_unlimited_widget(key_of(text(&url, "/url")))
        .await
        .unwrap();
    assert_eq!(widget.kind, WidgetKind::UnlimitedLinked);
    assert_eq!(widget.fiat_amount, None);
    assert_eq!(
        widget.external_id,
        Some(id),
        "the checkout's own, where the merchant names none"
    );
}

#[tokio::test]
async fn one_widget_however_often_it_is_asked_for() {
    let mut shop = TestProxy::start().await;
    let id = shop.made(PAYMENT).await;
    let shared = Arc::new(shop);
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let (shop, id) = (Arc::clone(&shared), id.clone());
            tokio::spawn(async move { hosted(&shop, &id).await.expect(200).text() })
        })
        .collect();
    let mut links = Vec::new();
    for call in calls {
        links.push(call.await.unwrap());
    }
    shop = Arc::into_inner(shared).unwrap();
    shop.restarted().await;
    shop.advance(3600);
    links.push(hosted(&shop, &id).await.expect(200).text());
    links.dedup();
    assert_eq!(links.len(), 1, "{links:?}");
    assert_eq!(shop.gateway.calls(CREATE).await, 1);
    let other = shop.made(PAYMENT).await;
    assert_ne!(hosted(&shop, &other).await.expect(200).text(), links[0]);
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_widget() {
    let shop = TestProxy::hasty().await;
    let id = shop.made(PAYMENT).await;
    shop.gateway.fault(CREATE, "timeout_after", 1).await;
    let first = hosted(&shop, &id).await;
    shop.gateway.no_faults().await;
    let url = hosted(&shop, &id).await.expect(200).json();
    assert!(first.status == 200 || first.code() == "gateway_unavailable");
    gateway(&shop)
        .find_single_fiat_widget(key_of(text(&url, "/url")))
        .await
        .unwrap();
}

#[tokio::test]
async fn who_and_what_is_refused_has_a_name() {
    let shop = TestProxy::start().await;
    let deposit = shop
        .made(r#"{"kind":"deposit","customer":"user-7","description":"x"}"#)
        .await;
    assert_eq!(
        hosted(&shop, &deposit).await.code(),
        "hosted_widget_not_offered"
    );
    let id = shop.made(PAYMENT).await;
    let path = format!("/v1/checkouts/{id}/hosted-widget");
    assert_eq!(
        shop.request("POST", &path, &[], None).await.code(),
        "merchant_key_missing"
    );
    let wrong = [("authorization", "Bearer 0123456789abcdef")];
    assert_eq!(
        shop.request("POST", &path, &wrong, None).await.code(),
        "merchant_key_wrong"
    );
    assert_eq!(shop.get(&path).await.code(), "method_not_allowed");
    let nobody = Uuid::new_v4().to_string();
    assert_eq!(hosted(&shop, &nobody).await.code(), "checkout_not_found");
    assert_eq!(hosted(&shop, "x").await.code(), "checkout_id_malformed");
    shop.advance(86_401);
    assert_eq!(hosted(&shop, &id).await.code(), "checkout_closed");
    assert_eq!(shop.gateway.calls(CREATE).await, 0);

    let bare = TestProxy::with(|config| config.shops[0].gateway.pay_url = None).await;
    let id = bare.made(PAYMENT).await;
    assert_eq!(
        hosted(&bare, &id).await.code(),
        "hosted_widget_not_configured"
    );
}
