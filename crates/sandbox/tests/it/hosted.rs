//! The gateway's own pages: a buyer chooses, sees where to pay, and follows the payment, without a script.

use calypso_sandbox::Settings;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use crate::desk::{Answer, Desk, settings};

async fn widget(desk: &Desk) -> Value {
    let payload = "{\"cryptoCurrencies\":[\"USDT_TRX\",\"ETH\"],\"fiatAmount\":100.50,\"fiatCurrency\":\"EUR\",\
        \"description\":\"Tea & <b>cake</b> \\\"1001\\\"\",\"returnUrl\":\"https://shop.example/done?a=1&b=2\",\
        \"supportUrl\":\"javascript:alert(1)\",\"logoUrl\":\"https://cdn.shop.example:8443/logo.png\"}";
    desk.call("/api/v1/payment-widget/single-fiat/create", payload)
        .await
        .ok()
}

fn link(widget: &Value) -> String {
    format!(
        "/pay?widgetKey={}",
        widget["idempotencyKey"].as_str().unwrap()
    )
}

/// What the browser sends that presses a button of the form on this page.
async fn press(desk: &Desk, link: &str, currency: &str) -> (String, Answer) {
    let own = desk.base.clone();
    let request = desk
        .client
        .post(format!("{}{link}", desk.base))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("origin", own)
        .header("sec-fetch-site", "same-origin")
        .body(format!("currency={currency}"));
    let response = request.send().await.unwrap();
    (
        response.url().path().to_owned(),
        Answer::new(response).await,
    )
}

/// What stands in the first element that has this start.
fn inside<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let from = page
        .find(start)
        .unwrap_or_else(|| panic!("no {start} in {page}"))
        + start.len();
    let length = page[from..].find(end).unwrap();
    &page[from..from + length]
}

#[tokio::test]
async fn a_buyer_chooses_pays_and_is_thanked() {
    let desk = Desk::open().await;
    let widget = widget(&desk).await;
    let page = desk.read(&link(&widget)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(
        page.text
            .contains("<h1>Tea &amp; &lt;b&gt;cake&lt;/b&gt; &quot;1001&quot;</h1>")
    );
    assert!(page.text.contains("100.50 EUR"));
    for currency in ["USDT_TRX", "ETH"] {
        assert!(
            page.text
                .contains(&format!("name=\"currency\" value=\"{currency}\""))
        );
    }
    assert_eq!(inside(&page.text, "action=\"", "\""), link(&widget));

    let (path, chosen) = press(&desk, &link(&widget), "ETH").await;
    assert!(path.starts_with("/invoice/"), "{path}");
    let state = desk.read("/sandbox/v1/state").await.ok();
    let invoice = &state["invoices"][0];
    assert_eq!(inside(&chosen.text, "<code>", "<"), invoice["address"]);
    assert!(
        chosen
            .text
            .contains(&format!("{} ETH", invoice["amount"].as_str().unwrap()))
    );
    assert!(chosen.text.contains("<svg class=\"qr\""));
    assert!(chosen.text.contains("Waiting for your payment."));
    assert!(chosen.text.contains(&format!("href=\"{}\"", link(&widget))));
    assert!(
        chosen
            .text
            .contains("<a href=\"https://shop.example/done?a=1&amp;b=2\">Back to the shop</a>")
    );
    assert!(!chosen.text.contains("javascript:"));
    // The page loads itself again, and is the same page then.
    let again = inside(&chosen.text, "content=\"5;url=", "\"").replace("&amp;", "&");
    assert!(again.starts_with(&path));

    let body = serde_json::json!({ "address": invoice["address"], "amount": invoice["amount"], "stage": "mempool" });
    let deposit = desk.control("deposits", &body).await.ok();
    let seen = desk.read(&again).await.text;
    assert!(
        seen.contains("was seen") && !seen.contains("<svg"),
        "{seen}"
    );
    desk.advance_deposit(&deposit, "confirmed").await;
    let paid = desk.read(&again).await.text;
    assert!(
        paid.contains("This is paid") && paid.contains("Received: "),
        "{paid}"
    );
    assert!(
        desk.read(&link(&widget))
            .await
            .text
            .contains("This is paid.")
    );
    desk.advance(5).await;
    let done = desk.read(&again).await.text;
    assert!(!done.contains("http-equiv=\"refresh\""), "{done}");
}

#[tokio::test]
async fn every_kind_of_invoice_has_its_page_and_an_ended_one_shows_no_address() {
    let desk = Desk::open().await;
    for (kind, fields, expected) in [
        ("single", ",\"amount\":12.5", "12.5 USDT"),
        ("bound", ",\"lowerBound\":10", "At least 10 USDT"),
        ("unlimited", "", "Any amount of USDT"),
    ] {
        let order = format!("{{\"currency\":\"USDT\",\"description\":\"x\"{fields}}}");
        let invoice = desk
            .call(&format!("/api/v1/invoice/{kind}/create"), &order)
            .await
            .ok();
        let path = format!("/invoice/{}", invoice["idempotencyKey"].as_str().unwrap());
        let page = desk.read(&path).await.text;
        assert!(page.contains(expected), "{page}");
        assert_eq!(inside(&page, "<code>", "<"), invoice["invoiceAddress"]);
        desk.call(
            "/api/v1/invoice/archive",
            &format!("{{\"id\":{}}}", invoice["id"]),
        )
        .await
        .ok();
        let ended = desk.read(&path).await.text;
        assert!(
            ended.contains("has ended") && !ended.contains("<code>"),
            "{ended}"
        );
        assert!(!ended.contains(invoice["invoiceAddress"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn pages_come_under_a_strict_policy_and_no_other_page_can_send_their_form() {
    let desk = Desk::open().await;
    let widget = widget(&desk).await;
    for (path, pictures) in [
        (link(&widget), "img-src https://cdn.shop.example:8443;"),
        (
            format!("{}&logo=false&theme=dark", link(&widget)),
            "img-src 'none';",
        ),
    ] {
        let response = desk
            .client
            .get(format!("{}{path}", desk.base))
            .send()
            .await
            .unwrap();
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'; ")
                && policy.contains(pictures),
            "{policy}"
        );
        assert!(policy.contains("form-action 'self'") && !policy.contains("unsafe"));
        assert_eq!(response.headers()["cache-control"], "no-store");
        let text = response.text().await.unwrap();
        for active in ["<script", " style=", " onclick="] {
            assert!(!text.contains(active), "{active}");
        }
    }
    let dark = desk
        .read(&format!("{}&theme=dark", link(&widget)))
        .await
        .text;
    assert!(dark.contains("<html lang=\"en\" data-theme=\"dark\">"));
    assert_eq!(
        inside(&dark, "action=\"", "\""),
        format!("{}&amp;theme=dark", link(&widget))
    );
    for (name, value) in [
        ("origin", "http://evil.test"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("host", "rebind.test"),
    ] {
        let request = desk
            .client
            .post(format!("{}{}", desk.base, link(&widget)))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value)
            .body("currency=ETH");
        assert_eq!(
            request.send().await.unwrap().status(),
            403,
            "{name}: {value}"
        );
    }
    assert_eq!(desk.read("/sandbox/v1/state").await.ok()["invoiceCount"], 0);
}

#[tokio::test]
async fn a_link_without_anything_behind_it_says_so() {
    let desk = Desk::open().await;
    let widget = widget(&desk).await;
    for path in [
        "/pay",
        "/pay?widgetKey=",
        "/pay?widgetKey=x",
        "/pay?widgetKey=d9732536-acdd-41bd-87c3-ec40aeeb6a37",
        "/invoice/x",
        "/invoice/d9732536-acdd-41bd-87c3-ec40aeeb6a37",
    ] {
        let page = desk.read(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text.contains("There is nothing to pay here"), "{path}");
    }
    for wrong in ["BTC", "", "ETH%22%3E"] {
        let (_, page) = press(&desk, &link(&widget), wrong).await;
        assert_eq!(page.status, 409);
        assert!(
            page.text.contains("expected a currency of this widget"),
            "{}",
            page.text
        );
    }
    desk.advance(86_400).await;
    assert!(desk.read(&link(&widget)).await.text.contains("has expired"));
    let (_, page) = press(&desk, &link(&widget), "ETH").await;
    assert_eq!(page.status, 409);
}

#[tokio::test]
async fn opening_the_link_reprices_only_when_that_is_switched_on() {
    for on in [false, true] {
        let desk = Desk::with(Settings {
            reprice_on_opening: on,
            ..settings()
        })
        .await;
        desk.rate("ETH", "EUR", "2500").await;
        let invoice = desk.invoice("ETH").await;
        let path = format!("/invoice/{}", invoice["idempotencyKey"].as_str().unwrap());
        desk.rate("ETH", "EUR", "2000").await;
        desk.advance(60).await;
        // Neither reading the invoice nor the page that loads itself again opens the link.
        assert_eq!(desk.get(&invoice).await["amount"].to_string(), "0.01");
        desk.read(&format!("{path}?again=1")).await;
        assert_eq!(desk.get(&invoice).await["amount"].to_string(), "0.01");
        let page = desk.read(&path).await.text;
        let (amount, updated) = if on {
            ("0.0125", "\"2026-01-05T10:01:00\"")
        } else {
            ("0.01", "null")
        };
        assert!(page.contains(&format!("{amount} ETH")), "{page}");
        let read = desk.get(&invoice).await;
        assert_eq!(read["amount"].to_string(), amount);
        assert_eq!(read["lastFiatUpdated"].to_string(), updated);
        // The usual moments stay: counted from the creation.
        desk.rate("ETH", "EUR", "1000").await;
        desk.advance(14 * 60).await;
        let read = desk.get(&invoice).await;
        assert_eq!(read["lastFiatUpdated"], "2026-01-05T10:15:00");
        // What is in sight keeps its amount.
        desk.deposit(&invoice, "0.001", "mempool").await;
        desk.rate("ETH", "EUR", "500").await;
        desk.read(&path).await;
        assert_eq!(desk.get(&invoice).await["amount"], read["amount"]);
    }
}
