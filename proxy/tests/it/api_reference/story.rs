//! The examples of the reference: calls that are made, with what was really answered.

use serde_json::Value;

use crate::support::{MERCHANT_KEY, Reply, TestProxy, text};

/// One call and its answer, with the values that differ in each run replaced.
pub(crate) struct Example {
    pub(crate) name: &'static str,
    pub(crate) request: String,
    pub(crate) answer: String,
}

/// Replaces what differs from run to run by what it looks like.
#[derive(Default)]
struct Steady {
    ids: Vec<String>,
}

impl Steady {
    fn value(&mut self, key: &str, value: &mut Value) {
        match value {
            Value::Object(members) => members
                .iter_mut()
                .for_each(|(key, value)| self.value(key, value)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(key, item)),
            Value::String(text) => *text = self.text(key, text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, key: &str, text: &str) -> String {
        let is_time = text.len() >= 20 && text.ends_with('Z') && text.as_bytes()[10] == b'T';
        match key {
            _ if is_time => "2026-05-04T12:00:00.000Z".to_owned(),
            "requestId" => "5f0e…".to_owned(),
            "address" => "TQn9…".to_owned(),
            "uri" => "tron:TQn9…?amount=27.314".to_owned(),
            "estimate" | "amount" | "due" | "received"
                if text.contains('.') && !text.ends_with(".00") =>
            {
                "27.314".to_owned()
            }
            _ => self.ids(text),
        }
    }

    /// Each checkout keeps one name through the whole story.
    fn ids(&mut self, text: &str) -> String {
        let mut out = text.to_owned();
        let mut at = 0;
        while let Some(piece) = out.get(at..at + 36) {
            if uuid::Uuid::parse_str(piece).is_ok() {
                let known = self
                    .ids
                    .iter()
                    .position(|id| id == piece)
                    .unwrap_or_else(|| {
                        self.ids.push(piece.to_owned());
                        self.ids.len() - 1
                    });
                let name = format!("{known}d6c3f0e-5a1b-4c7d-8e9f-0123456789ab");
                out.replace_range(at..at + 36, &name);
                at += 36;
            } else {
                at += 1;
                while !out.is_char_boundary(at) {
                    at += 1;
                }
            }
        }
        out
    }
}

struct Teller {
    steady: Steady,
    examples: Vec<Example>,
}

impl Teller {
    fn tell(
        &mut self,
        name: &'static str,
        method: &str,
        path: &str,
        headers: &[&str],
        body: &str,
        reply: &Reply,
    ) {
        let mut request = format!("{method} {}\n", self.steady.ids(path));
        for header in headers {
            request.push_str(&format!("{header}\n"));
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Type: application/json\n\n{body}\n"));
        }
        let mut json = reply.json();
        self.steady.value("", &mut json);
        let answer = format!(
            "{}\n\n{}\n",
            reply.status,
            serde_json::to_string_pretty(&json).unwrap()
        );
        self.examples.push(Example {
            name,
            request,
            answer,
        });
    }
}

const BEARER: &str = "Authorization: Bearer KEY";

/// Tells the whole story against a proxy with a sandbox behind it.
pub(crate) async fn tell() -> Vec<Example> {
    let shop = TestProxy::with(|config| {
        let offered = ["USDT_TRX", "BTC"];
        config.shops[0].currencies = calypso_proxy::Offer::try_from(&offered[..]).unwrap();
    })
    .await;
    let mut teller = Teller {
        steady: Steady::default(),
        examples: Vec::new(),
    };

    let payment = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001","externalId":"1001","returnUrl":"https://shop.example/thanks"}"#;
    let made = shop.merchant(payment, "order-1001").await.expect(201);
    let id = text(&made.json(), "/id").to_owned();
    teller.tell(
        "a payment",
        "POST",
        "/v1/checkouts",
        &[BEARER, "Idempotency-Key: order-1001"],
        payment,
        &made,
    );

    for (name, key, body) in [
        (
            "a top-up",
            "topup-7",
            r#"{"kind":"topup","description":"Your balance"}"#,
        ),
        (
            "a deposit",
            "deposit-7",
            r#"{"kind":"deposit","customer":"customer-7","description":"Your balance"}"#,
        ),
    ] {
        let made = shop.merchant(body, key).await.expect(201);
        teller.tell(
            name,
            "POST",
            "/v1/checkouts",
            &[BEARER, &format!("Idempotency-Key: {key}")],
            body,
            &made,
        );
    }
    let wrong = r#"{"price":{"amount":"25.001","currency":"EUR"},"description":"Order 1002"}"#;
    let refused = shop.merchant(wrong, "order-1002").await.expect(400);
    teller.tell(
        "a refusal",
        "POST",
        "/v1/checkouts",
        &[BEARER, "Idempotency-Key: order-1002"],
        wrong,
        &refused,
    );

    let product = r#"{"product":"demo-order"}"#;
    let origin = [("origin", crate::support::SHOP)];
    let made = shop
        .post("/v1/checkouts", product, &origin)
        .await
        .expect(201);
    teller.tell(
        "a product",
        "POST",
        "/v1/checkouts",
        &["Origin: https://shop.example"],
        product,
        &made,
    );

    let path = format!("/v1/checkouts/{id}/invoice");
    let currency = r#"{"currency":"USDT_TRX"}"#;
    let chosen = shop.post(&path, currency, &[]).await.expect(200);
    teller.tell("a currency", "POST", &path, &[], currency, &chosen);

    let invoice = chosen.json()["invoice"].clone();
    shop.gateway
        .deposit(
            text(&invoice, "/address"),
            text(&invoice, "/due"),
            "confirmed",
        )
        .await;
    shop.advance(10);
    let path = format!("/v1/checkouts/{id}");
    let read = shop.get(&path).await.expect(200);
    teller.tell("what your server reads", "GET", &path, &[], "", &read);

    let id = shop
        .made(r#"{"price":{"amount":"9.00","currency":"EUR"},"description":"Order 1003"}"#)
        .await;
    let path = format!("/v1/checkouts/{id}/hosted-widget");
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let hosted = shop
        .request("POST", &path, &[("authorization", &bearer)], None)
        .await
        .expect(200);
    teller.tell(
        "the gateway's own page",
        "POST",
        &path,
        &[BEARER],
        "",
        &hosted,
    );
    teller.examples
}
