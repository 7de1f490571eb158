//! What strangers make and nobody pays goes away again; what has money never does.

use crate::support::{TestProxy, text};

const DAY: u64 = 24 * 3600;

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
    assert_eq!(shop.rows("checkouts"), 3);
    assert_eq!(
        (shop.rows("invoices"), shop.rows("invoice_requests")),
        (2, 2)
    );
}

#[tokio::test]
async fn a_checkout_about_which_the_gateway_contradicted_itself_stays() {
    let shop = TestProxy::start().await;
    let (flagged, _) = shop.awaiting("BTC").await;
    let (alarmed, _) = shop.awaiting("LTC").await;
    let (plain, _) = shop.awaiting("ETH").await;
    let database = shop.sqlite();
    database
        .execute(
            "INSERT INTO deposit_flags SELECT idempotency_key, 'd', 'unreadable', '', 'x', 0 FROM invoices WHERE checkout_id = ?1",
            [&flagged],
        )
        .unwrap();
    database
        .execute(
            "INSERT INTO alarms SELECT checkout_id, idempotency_key, 'test', '', 0 FROM invoices WHERE checkout_id = ?1",
            [&alarmed],
        )
        .unwrap();
    assert_eq!((shop.rows("deposit_flags"), shop.rows("alarms")), (1, 1));
    for days in [1, 40, 1] {
        shop.advance(days * DAY);
        shop.proxy.watch_once().await.unwrap();
    }
    let status = async |id: &str| shop.get(&format!("/v1/checkouts/{id}")).await.status;
    assert_eq!(status(&plain).await, 404);
    assert_eq!(status(&flagged).await, 200);
    assert_eq!(status(&alarmed).await, 200);
}

#[tokio::test]
async fn a_key_whose_checkout_is_gone_makes_another_one() {
    let shop = TestProxy::with(|config| config.limits.open_checkouts = 0).await;
    let product = r#"{"product":"demo-order"}"#;
    let headers = [("idempotency-key", "8e03978e-40d5-43e8-bc93-6894a57f9324")];
    let first = shop
        .post("/v1/checkouts", product, &headers)
        .await
        .expect(201)
        .json();
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.rows("checkouts"), 0);
    let second = shop
        .post("/v1/checkouts", product, &headers)
        .await
        .expect(201)
        .json();
    assert_ne!(text(&first, "/id"), text(&second, "/id"));
    assert_eq!(shop.rows("checkouts"), 1);
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
        shop.rows("checkouts"),
        11,
        "ten of pages, one of the merchant's"
    );
    for id in [&chosen, &merchants, &latest] {
        shop.show(id).await;
    }
}
