//! One key, one effect.

use calypso_sandbox::Settings;

use crate::desk::{ACCOUNT, Desk, START, settings};

const CREATE: &str = "/api/v1/invoice/single-fiat/create";
const WIDGET: &str = "/api/v1/payment-widget/single-fiat/create";

const ORDER: &str = "{\"currency\":\"USDT_TRX\",\"fiatAmount\":25.00,\"fiatCurrency\":\"EUR\",\
    \"description\":\"Order 1\",\"idempotencyKey\":\"1be6a518-6dcd-477d-96af-dd914b1300ce\"}";
const SAME_ORDER: &str = "{ \"idempotencyKey\": \"1BE6A518-6DCD-477D-96AF-DD914B1300CE\", \"fiatCurrency\": \"EUR\",\
    \"description\": \"Order 1\", \"fiatAmount\": 25, \"currency\": \"USDT_TRX\", \"externalId\": null }";

#[tokio::test]
async fn the_same_order_again_gives_the_existing_invoice() {
    let desk = Desk::open().await;
    let first = desk.call(CREATE, ORDER).await.ok();
    assert_eq!(
        first["idempotencyKey"],
        "1be6a518-6dcd-477d-96af-dd914b1300ce"
    );
    assert_eq!(desk.call(CREATE, ORDER).await.ok(), first);
    // Order of fields, white space, spelling of numbers and another timestamp do not make it another order.
    assert_eq!(desk.call(CREATE, SAME_ORDER).await.ok(), first);
    let later = format!(
        "{{\"timestamp\":{},\"account\":\"{ACCOUNT}\",\"payload\":{ORDER}}}",
        START + 1000
    );
    assert_eq!(desk.send_signed(CREATE, &later).await.ok(), first);
    assert_eq!(desk.read("/sandbox/v1/state").await.ok()["invoiceCount"], 1);
}

#[tokio::test]
async fn another_order_with_the_key_is_016_and_changes_nothing() {
    let desk = Desk::open().await;
    let first = desk.call(CREATE, ORDER).await.ok();
    for (from, to) in [
        ("25.00", "25.01"),
        ("USDT_TRX", "USDT"),
        ("Order 1", "Order 2"),
        ("\"EUR\"", "\"USD\""),
        ("{\"currency", "{\"externalId\":\"x\",\"currency"),
        ("{\"currency", "{\"returnUrl\":\"x\",\"currency"),
        (
            "{\"currency",
            "{\"expiration\":\"2026-01-05T11:00Z\",\"currency",
        ),
    ] {
        let message = desk
            .call(CREATE, &ORDER.replace(from, to))
            .await
            .refused("016");
        assert_eq!(message, "Idempotency key already exists");
    }
    // What is wrong with a payload is said first.
    desk.call(CREATE, &ORDER.replace("25.00", "0"))
        .await
        .refused("001");
    assert_eq!(desk.get(&first).await, first);
    assert_eq!(desk.read("/sandbox/v1/state").await.ok()["invoiceCount"], 1);
}

#[tokio::test]
async fn a_repeat_finds_the_invoice_as_it_is_now_however_late() {
    let desk = Desk::open().await;
    let order = ORDER.replace(
        "{\"currency",
        "{\"expiration\":\"2026-01-05T11:00Z\",\"currency",
    );
    let first = desk.call(CREATE, &order).await.ok();
    desk.advance(2 * 3600).await;
    let again = desk.call(CREATE, &order).await.ok();
    assert_eq!(
        (again["id"].clone(), again["state"].as_str()),
        (first["id"].clone(), Some("ARCHIVED"))
    );
}

#[tokio::test]
async fn orders_without_a_key_are_new_each_time() {
    let desk = Desk::open().await;
    let (one, other) = (desk.invoice("BTC").await, desk.invoice("BTC").await);
    for field in ["id", "idempotencyKey", "invoiceAddress"] {
        assert_ne!(one[field], other[field]);
    }
}

#[tokio::test]
async fn widgets_keep_the_same_rule() {
    let desk = Desk::open().await;
    let order = "{\"cryptoCurrencies\":[\"USDT_TRX\",\"BTC\"],\"fiatAmount\":100,\"fiatCurrency\":\"EUR\",\
        \"description\":\"Order 1\",\"idempotencyKey\":\"e73ed7b1-a941-429e-9d59-315591bfeb68\"}";
    let first = desk.call(WIDGET, order).await.ok();
    assert_eq!(
        desk.call(WIDGET, &order.replace("100", "1e2")).await.ok(),
        first
    );
    desk.call(WIDGET, &order.replace("100", "101"))
        .await
        .refused("016");
    desk.call(
        WIDGET,
        &order.replace("\"USDT_TRX\",\"BTC\"", "\"BTC\",\"USDT_TRX\""),
    )
    .await
    .refused("016");
}

#[tokio::test]
async fn a_switch_refuses_every_repeat() {
    let desk = Desk::with(Settings {
        repeated_key_is_refused: true,
        ..settings()
    })
    .await;
    let first = desk.call(CREATE, ORDER).await.ok();
    desk.call(CREATE, ORDER).await.refused("016");
    assert_eq!(desk.get(&first).await, first);
}

#[tokio::test]
async fn sixty_four_parallel_orders_with_one_key_make_one_invoice() {
    let desk = Desk::open().await;
    for round in 0..8 {
        let order = ORDER.replace("1be6a518", &format!("1be6a51{round}"));
        let answers = (0..64).map(|_| desk.call(CREATE, &order));
        let bodies: Vec<_> = join_all(answers)
            .await
            .into_iter()
            .map(|answer| answer.ok()["id"].clone())
            .collect();
        assert!(bodies.iter().all(|id| *id == bodies[0]), "{bodies:?}");
    }
    assert_eq!(desk.read("/sandbox/v1/state").await.ok()["invoiceCount"], 8);
}

/// Runs all of them at the same time, in one task.
async fn join_all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|cx| {
        for (future, done) in &mut futures {
            if done.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(cx)
            {
                *done = Some(value);
            }
        }
        if futures.iter().all(|(_, done)| done.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    futures.into_iter().filter_map(|(_, done)| done).collect()
}
