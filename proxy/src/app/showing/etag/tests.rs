//! What changes the entity tag of a view.

use checkout::Timestamp;
use checkout::wire::MerchantCheckoutView;
use serde_json::{Value, json};

use super::of;

const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);

/// A view with a value in each of its members, in its own form.
fn full() -> Value {
    let currency = json!({"code": "BTC", "symbol": "BTC", "name": "Bitcoin", "network": "Bitcoin", "estimate": null});
    let (at, later) = (NOW.to_string(), NOW.plus_seconds(60).to_string());
    json!({
        "id": "0d6c3f0e-58a4-4d0c-9d3b-6a1b3e0a7f11", "kind": "topup", "state": "awaiting", "description": "x", "price": null,
        "currencies": [currency], "invoice": null, "receiving": null, "expiresAt": later, "now": at, "pollAfterMs": 3000,
        "returnUrl": null, "supportUrl": null, "logoUrl": null, "attestation": null, "url": null, "externalId": null,
        "merchant": {
            "createdAt": at, "product": null, "customer": null, "invoices": [], "deposits": [], "totals": [], "flags": [], "alarms": [],
            "decisions": [], "receipt": null,
        },
    })
}

#[test]
fn a_page_is_told_of_every_change_but_not_of_the_time_that_passes() {
    let tags = |json: &Value| -> (String, String) {
        let view: MerchantCheckoutView = serde_json::from_value(json.clone()).unwrap();
        let tag = |body: String| of(&view.checkout, &body);
        (
            tag(serde_json::to_string(&view.checkout).unwrap()),
            tag(serde_json::to_string(&view).unwrap()),
        )
    };
    let (buyers, merchants) = tags(&full());
    assert_ne!(buyers, merchants, "neither answers the other");
    let later = NOW.plus_seconds(3);
    let price = json!({"amount": "25.00", "currency": "EUR"});
    let total = json!({"currency": "BTC", "received": "1", "pending": "0"});
    let decision = json!({"act": "archive", "invoice": null, "decidedAt": NOW, "state": "open"});
    let flag = json!({"kind": "missing", "known": null, "read": null, "at": NOW});
    let alarm = json!({"invoice": "x", "kind": "no_price", "detail": "x", "at": NOW});
    // What changes, to what, and whose answer is another then.
    for (pointer, value, buyers_too, merchants_too) in [
        ("/now", json!(later), false, false),
        ("/pollAfterMs", json!(500), false, false),
        ("/id", json!("other"), true, true),
        ("/kind", json!("payment"), true, true),
        ("/state", json!("expired"), true, true),
        ("/description", json!("y"), true, true),
        ("/price", price, true, true),
        ("/currencies/0/estimate", json!("0.1"), true, true),
        ("/currencies", json!([]), true, true),
        ("/expiresAt", json!(later), true, true),
        ("/returnUrl", json!("https://a.example"), true, true),
        ("/supportUrl", json!("https://a.example"), true, true),
        ("/logoUrl", json!("https://a.example"), true, true),
        ("/url", json!("https://a.example"), true, true),
        ("/externalId", json!("1001"), false, true),
        ("/merchant/createdAt", json!(later), false, true),
        ("/merchant/product", json!("coffee"), false, true),
        ("/merchant/customer", json!("user-7"), false, true),
        ("/merchant/totals", json!([total]), false, true),
        ("/merchant/flags", json!([flag]), false, true),
        ("/merchant/alarms", json!([alarm]), false, true),
        ("/merchant/decisions", json!([decision]), false, true),
        ("/merchant/receipt", json!("a.b.c"), false, true),
    ] {
        let mut changed = full();
        *changed.pointer_mut(pointer).unwrap() = value;
        let (buyers_then, merchants_then) = tags(&changed);
        assert_eq!(buyers_then != buyers, buyers_too, "{pointer}");
        assert_eq!(merchants_then != merchants, merchants_too, "{pointer}");
        assert!(buyers_then.len() == 34 && buyers_then.starts_with('"'));
    }
}
