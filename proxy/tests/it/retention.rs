//! What strangers make and nobody pays goes away again; what has money never does.

use crate::support::{CREATE, TestProxy, behind_a_proxy, text};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

#[tokio::test]
async fn unpaid_checkouts_of_pages_are_deleted_and_all_others_stay() {
    let shop = TestProxy::start().await;
    let unchosen = shop.checkout().await;
    let (unpaid, _) = shop.awaiting("BTC").await;
    let (paid, invoice) = shop.awaiting("LTC").await;
    let (started, other) = shop.awaiting("ETH").await;
    let merchants = shop
        .made(r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#)
        .await;
    let deposit = |invoice: &serde_json::Value, amount: &str| {
        (text(invoice, "/address").to_owned(), amount.to_owned())
    };
    for (address, amount) in [
        deposit(&invoice, text(&invoice, "/amount")),
        deposit(&other, "0.00000001"),
    ] {
        shop.gateway.deposit(&address, &amount, "confirmed").await;
    }
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    let status = async |id: &str| shop.get(&format!("/v1/checkouts/{id}")).await.status;

    shop.advance(2 * DAY);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(status(&unchosen).await, 200, "kept two days after its end");
    shop.advance(DAY);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(status(&unchosen).await, 404);
    assert_eq!(
        status(&unpaid).await,
        200,
        "its address was shown to somebody"
    );
    shop.advance(30 * DAY);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(status(&unpaid).await, 404);
    for id in [&paid, &started, &merchants] {
        assert_eq!(status(id).await, 200);
    }
    assert_eq!(shop.books().await.checkouts, 3);
    assert_eq!(
        (shop.books().await.invoices(), shop.books().await.attempts()),
        (2, 2)
    );
}

#[tokio::test]
async fn a_key_whose_checkout_is_gone_makes_another_one() {
    let shop = TestProxy::with(|config| config.limits.open_checkouts = 1).await;
    let product = r#"{"product":"demo-order"}"#;
    let headers = [("idempotency-key", "8e03978e-40d5-43e8-bc93-6894a57f9324")];
    let first = shop
        .post("/v1/checkouts", product, &headers)
        .await
        .expect(201)
        .json();
    let other = shop.checkout().await;
    assert_eq!(shop.books().await.checkouts, 1, "room was made");
    shop.show(&other).await;
    let second = shop
        .post("/v1/checkouts", product, &headers)
        .await
        .expect(201)
        .json();
    assert_ne!(text(&first, "/id"), text(&second, "/id"));
    assert_eq!(shop.books().await.checkouts, 1);
}

#[tokio::test]
async fn so_many_checkouts_of_pages_are_open_and_the_chosen_stay() {
    let shop = TestProxy::with(|config| config.limits.open_checkouts = 10).await;
    let (chosen, _) = shop.awaiting("BTC").await;
    let merchants = shop
        .made(r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#)
        .await;
    let mut latest = String::new();
    for _ in 0..40 {
        shop.advance(1);
        latest = shop.checkout().await;
    }
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(
        shop.books().await.checkouts,
        11,
        "ten of pages, one of the merchant's"
    );
    for id in [&chosen, &merchants, &latest] {
        shop.show(id).await;
    }
}

#[tokio::test]
async fn a_shop_full_of_checkouts_with_invoices_takes_no_more_and_keeps_each_of_them() {
    let shop = TestProxy::with(|config| config.limits.open_checkouts = 5).await;
    let mut chosen = Vec::new();
    for _ in 0..5 {
        chosen.push(shop.awaiting("BTC").await.0);
    }
    let product = r#"{"product":"demo-order"}"#;
    let refused = shop.post("/v1/checkouts", product, &[]).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (429, "rate_limited")
    );
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    // The merchant's own are not counted.
    shop.made(r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#)
        .await;
    for id in &chosen {
        shop.show(id).await;
    }
    // An end is enough; nothing has to be deleted.
    shop.advance(DAY);
    shop.proxy.watch_once().await.unwrap();
    shop.checkout().await;
}

#[tokio::test]
async fn room_is_made_at_the_cost_of_the_network_that_takes_most_of_it() {
    let shop = TestProxy::with(|config| {
        behind_a_proxy(config);
        config.limits.open_checkouts = 20;
    })
    .await;
    let create = async |address: &str| {
        let product = r#"{"product":"demo-order"}"#;
        let from = [("x-forwarded-for", address)];
        let made = shop.post("/v1/checkouts", product, &from).await;
        text(&made.expect(201).json(), "/id").to_owned()
    };
    // Older than everything of the crowd.
    let honest = [create("198.51.100.9").await, create("198.51.101.9").await];
    shop.advance(1);
    for _ in 0..60 {
        create("203.0.113.7").await;
    }
    assert!(
        shop.books().await.checkouts <= 20,
        "also before the watcher looks"
    );
    for id in &honest {
        shop.show(id).await;
    }
}

#[tokio::test]
async fn what_pages_may_have_the_gateway_make_is_bounded_and_divided() {
    let shop = TestProxy::with(|config| {
        behind_a_proxy(config);
        config.limits.invoices_per_hour = 40;
    })
    .await;
    let id = shop.checkout().await;
    let choose = async |currency: &str, address: &str| {
        let reply = shop.post_choice(&id, currency, address).await;
        (reply.status, reply.json())
    };
    for currency in ["BTC", "LTC", "ETH", "USDT"] {
        assert_eq!(choose(currency, "203.0.113.7").await.0, 200);
    }
    let (status, body) = choose("TRX", "203.0.113.7").await;
    assert_eq!((status, text(&body, "/error/code")), (429, "rate_limited"));
    assert_eq!(
        choose("BTC", "203.0.113.7").await.0,
        200,
        "it is there already"
    );
    assert_eq!(
        choose("TRX", "198.51.100.9").await.0,
        200,
        "another network has its part"
    );
    assert_eq!(shop.gateway.calls(CREATE).await, 5);
    // Invoices of the merchant's own checkouts are not counted.
    let merchants = shop
        .made(r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#)
        .await;
    shop.post_choice(&merchants, "BTC", "203.0.113.7")
        .await
        .expect(200);
}

#[tokio::test]
async fn what_has_expired_and_is_not_watched_any_more_is_bounded_too() {
    let shop = TestProxy::with(|config| config.limits.open_checkouts = 3).await;
    for _ in 0..3 {
        for _ in 0..3 {
            shop.awaiting("BTC").await;
        }
        shop.advance(40 * HOUR);
        shop.proxy.watch_once().await.unwrap();
    }
    assert_eq!(shop.books().await.checkouts, 9, "watched for three days");
    for _ in 0..3 {
        shop.advance(40 * HOUR);
        shop.proxy.watch_once().await.unwrap();
    }
    assert_eq!(
        shop.books().await.checkouts,
        3,
        "as many as may be open, of the newest"
    );
}
