//! The hosted page: whatever the merchant calls an order, it stays text.

use crate::support::{TestProxy, text};

async fn page_of(shop: &TestProxy, description: &str) -> crate::support::Reply {
    let body = serde_json::json!({"price": {"amount": "25.00", "currency": "EUR"}, "description": description}).to_string();
    let id = text(
        &shop
            .merchant(&body, &uuid::Uuid::new_v4().to_string())
            .await
            .expect(201)
            .json(),
        "/id",
    )
    .to_owned();
    shop.get(&format!("/pay/{id}")).await.expect(200)
}

#[tokio::test]
async fn it_shows_the_checkout_under_a_strict_policy() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let reply = shop.get(&format!("/pay/{id}")).await.expect(200);
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(
        reply.header("content-security-policy"),
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    );
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    let html = reply.text();
    assert!(html.contains(&format!("<calypso-pay checkout=\"{id}\">")));
    assert!(html.contains("<h1>Order 1001</h1>") && html.contains("25.00 EUR"));
    assert!(html.contains("<script type=\"module\" src=\"/calypso-pay.js\"></script>"));
    assert!(html.contains("<script type=\"module\" src=\"/pay/page.js\"></script>"));
    assert_eq!(html.matches("<script").count(), 2, "and no other script");
    assert!(
        !html.contains("<style") && !html.contains("style=") && !html.contains("onclick"),
        "nothing inline"
    );
    assert!(!html.contains("{{"), "every place is filled");
    let css = shop.get("/pay/page.css").await.expect(200);
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert!(!css.text().contains("url("), "no request goes elsewhere");
    let script = shop.get("/pay/page.js").await.expect(200);
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    for (path, file) in [("/pay/page.css", &css), ("/pay/page.js", &script)] {
        let tag = file.header("etag");
        let known = [("if-none-match", tag.as_str())];
        shop.request("GET", path, &known, None).await.expect(304);
    }
}

#[tokio::test]
async fn a_top_up_is_titled_by_its_description_alone_and_a_payment_by_its_price_too() {
    let shop = TestProxy::start().await;
    let made = |body: &'static str| {
        let shop = &shop;
        async move {
            let key = uuid::Uuid::new_v4().to_string();
            let made = shop.merchant(body, &key).await.expect(201).json();
            let id = text(&made, "/id").to_owned();
            shop.get(&format!("/pay/{id}")).await.expect(200)
        }
    };
    let top_up = made(r#"{"kind": "topup", "description": "Top up your account"}"#)
        .await
        .text();
    assert!(
        top_up.contains("<title>Top up your account</title>"),
        "{top_up}"
    );
    assert!(!top_up.contains("class=\"price\""), "{top_up}");
    let order =
        made(r#"{"price": {"amount": "25.00", "currency": "EUR"}, "description": "Order 1001"}"#)
            .await
            .text();
    assert!(
        order.contains("<title>25.00 EUR · Order 1001</title>"),
        "{order}"
    );
}

#[tokio::test]
async fn order_reference_and_ways_out_stand_on_the_page_whatever_becomes_of_the_widget() {
    let shop = TestProxy::start().await;
    let body = r#"{"price": {"amount": "25.00", "currency": "EUR"}, "description": "Order 1001",
        "supportUrl": "https://shop.example/help", "returnUrl": "https://shop.example/cart", "logoUrl": "https://cdn.shop.example/logo.png"}"#;
    let made = shop.merchant(body, "page-1").await.expect(201).json();
    let id = text(&made, "/id");
    let reply = shop.get(&format!("/pay/{id}")).await.expect(200);
    let html = reply.text();
    let element = html.find("<calypso-pay ").expect("the element");
    assert!(html.find("<h1>").expect("a heading") < element);
    for said in [
        &format!("<code>{id}</code>"),
        "https://shop.example/help",
        "https://shop.example/cart",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert!(
        reply
            .header("content-security-policy")
            .ends_with("; img-src https://cdn.shop.example"),
        "images come from the logo's origin alone"
    );
}

#[tokio::test]
async fn descriptions_stay_text() {
    let shop = TestProxy::start().await;
    for description in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'><svg/onload=alert(1)>",
        "</title><script>alert(1)</script>",
        "</h1><iframe src=javascript:alert(1)>",
        "{{id}}",
        "{{price}}{{",
        "&lt;b&gt; & \"quotes\" 'single' `back`",
        "<!-- -->",
        "<style>*{display:none}</style>",
        "<base href=//evil.example>",
        "</calypso-pay><calypso-pay checkout=evil>",
        "👩‍👩‍👧 注文 ‎".trim_end_matches('\u{200e}'),
    ] {
        let html = page_of(&shop, description).await.text();
        assert_eq!(html.matches("<script").count(), 2, "{description}");
        for tag in [
            "<img",
            "<svg",
            "<iframe",
            "<style",
            "<base",
            "<!--",
            "<calypso-pay checkout=evil",
        ] {
            assert!(!html.contains(tag), "{description}");
        }
        assert_eq!(html.matches("<calypso-pay ").count(), 1, "{description}");
        let escaped = description
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;")
            .replace('`', "&#96;");
        assert!(
            html.contains(&format!("<h1>{escaped}</h1>")),
            "{description}: {html}"
        );
    }
}

#[tokio::test]
async fn a_link_to_nothing_is_a_friendly_page() {
    let shop = TestProxy::start().await;
    for id in [
        "00000000-0000-4000-8000-000000000000",
        "x",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%ff",
    ] {
        let reply = shop.get(&format!("/pay/{id}")).await.expect(404);
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert!(
            reply
                .header("content-security-policy")
                .contains("frame-ancestors 'none'")
        );
        assert!(reply.text().contains("There is no payment at this link"));
        assert!(!reply.text().contains("<script"), "{id}");
    }
}
