//! Payment widgets: created and found; a choice makes an invoice; a paid invoice completes them; they expire.

use serde_json::{Value, json};

use crate::desk::Desk;

const CREATE: &str = "/api/v1/payment-widget/single-fiat/create";
const FIND: &str = "/api/v1/payment-widget/single-fiat/find";

async fn widget(desk: &Desk) -> Value {
    let payload = "{\"cryptoCurrencies\":[\"USDT_TRX\",\"USDC\",\"BTC\"],\"fiatAmount\":100.50,\"fiatCurrency\":\"EUR\",\
        \"description\":\"Order 1001\",\"externalId\":\"order-1001\",\"returnUrl\":\"https://shop.example/done\"}";
    desk.call(CREATE, payload).await.ok()
}

async fn find(desk: &Desk, widget: &Value) -> Value {
    desk.call(
        FIND,
        &format!("{{\"requestId\":{}}}", widget["idempotencyKey"]),
    )
    .await
    .ok()
}

async fn choose(desk: &Desk, widget: &Value, currency: &str) -> crate::desk::Answer {
    let key = widget["idempotencyKey"].as_str().unwrap();
    desk.control(
        &format!("widgets/{key}/choose"),
        &json!({ "currency": currency }),
    )
    .await
}

#[tokio::test]
async fn a_widget_has_the_documented_shape_and_each_of_its_names_finds_it() {
    let desk = Desk::open().await;
    let widget = widget(&desk).await;
    let key = widget["idempotencyKey"].clone();
    let expected = json!({
        "idempotencyKey": key, "cryptoCurrencies": ["USDT_TRX", "USDC", "BTC"], "fiatAmount": 100.5,
        "fiatCurrency": "EUR", "description": "Order 1001", "widgetType": "SINGLE_FIAT",
        "widgetState": "IN_PROGRESS", "returnUrl": "https://shop.example/done", "externalId": "order-1001",
        "invoices": [], "createdDate": "2026-01-05T10:00:00", "expiration": "2026-01-06T10:00:00",
    });
    assert_eq!(widget, expected);
    for name in ["requestId", "idempotencyKey", "id"] {
        assert_eq!(
            desk.call(FIND, &format!("{{\"{name}\":{key}}}")).await.ok(),
            widget
        );
    }
    assert_eq!(desk.read("/sandbox/v1/state").await.ok()["invoiceCount"], 0);
}

#[tokio::test]
async fn a_choice_makes_an_invoice_once() {
    let desk = Desk::open().await;
    let widget = widget(&desk).await;
    let chosen = choose(&desk, &widget, "USDC").await.ok();
    assert_eq!(choose(&desk, &widget, "USDC").await.ok(), chosen);
    let other = choose(&desk, &widget, "BTC").await.ok();
    let invoice = desk
        .call(
            "/api/v1/invoice",
            &format!("{{\"id\":{}}}", chosen["invoiceId"]),
        )
        .await
        .ok();
    assert_eq!(invoice["externalId"], "order-1001");
    assert_eq!(invoice["fiatAmount"].to_string(), "100.5");
    let listed = find(&desk, &widget).await["invoices"].clone();
    assert_eq!(
        listed,
        json!([
            { "invoiceId": chosen["invoiceId"], "cryptoCurrency": "USDC", "invoiceExternalId": "order-1001",
              "invoiceIdempotencyKey": chosen["invoiceIdempotencyKey"] },
            { "invoiceId": other["invoiceId"], "cryptoCurrency": "BTC", "invoiceExternalId": "order-1001",
              "invoiceIdempotencyKey": other["invoiceIdempotencyKey"] },
        ])
    );
    choose(&desk, &widget, "ETH")
        .await
        .denied(400, "currency_not_offered");
    let nobody = json!({ "idempotencyKey": "e73ed7b1-a941-429e-9d59-315591bfeb68" });
    choose(&desk, &nobody, "ETH")
        .await
        .denied(404, "widget_unknown");
}

#[tokio::test]
async fn a_paid_invoice_completes_it() {
    let desk = Desk::open().await;
    desk.rate("USDC", "EUR", "1").await;
    let widget = widget(&desk).await;
    let chosen = choose(&desk, &widget, "USDC").await.ok();
    let pay = async |amount: &str| {
        let body = json!({ "address": chosen["address"], "amount": amount, "stage": "confirmed" });
        desk.control("deposits", &body).await.ok();
        find(&desk, &widget).await["widgetState"].clone()
    };
    assert_eq!(pay("50").await, "IN_PROGRESS");
    assert_eq!(pay("50.5").await, "COMPLETED");
    choose(&desk, &widget, "BTC")
        .await
        .denied(409, "widget_closed");
    desk.advance(2 * 86_400).await;
    assert_eq!(find(&desk, &widget).await["widgetState"], "COMPLETED");
}

#[tokio::test]
async fn it_expires_and_its_invoices_live_no_longer() {
    let desk = Desk::open().await;
    let widget = widget(&desk).await;
    desk.advance(23 * 3600).await;
    let chosen = choose(&desk, &widget, "USDT_TRX").await.ok();
    let invoice = desk
        .call(
            "/api/v1/invoice",
            &format!("{{\"id\":{}}}", chosen["invoiceId"]),
        )
        .await
        .ok();
    assert_eq!(invoice["expiration"], widget["expiration"]);
    desk.advance(3600).await;
    assert_eq!(find(&desk, &widget).await["widgetState"], "ARCHIVED");
    assert_eq!(desk.get(&invoice).await["state"], "ARCHIVED");
    choose(&desk, &widget, "BTC")
        .await
        .denied(409, "widget_closed");
}
