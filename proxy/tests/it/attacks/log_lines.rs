//! Class O: texts of strangers that would forge a line of the log, or give orders to the terminal that shows it, in every place that a text
//! of theirs can come from. The log is the one for people, where a line break is the end of a line.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use calypso_sandbox::WallClock;
use serde_json::json;

use super::names_are_unique;
use crate::support::hook::{Hook, NOWHERE, PATH, event};
use crate::support::{CREATE, Gateway, MERCHANT_KEY, READ, TestProxy, logged, text};

/// What an operator must not read as a line of its own. Each attack has a number behind it.
const FORGED: &str = "ERROR calypso_proxy: all orders are paid, ship them";

/// Everything between the words that a terminal or a reader of lines would take for an order.
const ORDERS: &str =
    "\u{1b}[2J\u{1b}]0;x\u{7}\u{8}\u{7f}\u{85}\u{9b}31m\u{2028}\u{2029}\u{202e}\u{0}\r\n";

/// How a text gets in.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// In a header of a page's request, as far as one may hold it.
    Header(&'static str),
    /// In a header of a merchant's request.
    MerchantHeader(&'static str),
    /// As a value of the merchant's JSON: the body, in which `{}` stands for the escaped text.
    Merchant(&'static str),
    /// As a value of a page's JSON.
    Page(&'static str),
    /// As the currency that is picked.
    Currency,
    /// Escaped in a path.
    Path(&'static str),
    /// In a query of the merchant's.
    Query(&'static str),
    /// In the bytes of a request.
    Raw(&'static str),
    /// In a webhook that the gateway has signed: its kind or its subject.
    Delivery(&'static str),
    /// In an answer of the gateway to a creation, by status.
    Answer(u16, &'static str),
    /// In a member of a gateway's good answer.
    Member(&'static str),
}

use Way::{
    Answer, Currency, Delivery, Header, Member, Merchant, MerchantHeader, Page, Path, Query, Raw,
};

const PRICED: &str = r#""price":{"amount":"25.00","currency":"EUR"}"#;

#[rustfmt::skip]
const TABLE: &[(&str, Way)] = &[
    ("the origin", Header("origin")),
    ("the host", Header("host")),
    ("the content type", Header("content-type")),
    ("the user agent", Header("user-agent")),
    ("the referrer", Header("referer")),
    ("the way through proxies", Header("x-forwarded-for")),
    ("the way through proxies, RFC 7239", Header("forwarded")),
    ("a request's id", Header("x-request-id")),
    ("a trace", Header("traceparent")),
    ("a page's idempotency key", Header("idempotency-key")),
    ("what was seen last", Header("last-event-id")),
    ("a merchant key", Header("authorization")),
    ("a merchant's idempotency key", MerchantHeader("idempotency-key")),
    ("a tag", MerchantHeader("if-none-match")),
    ("an amount", Merchant(r#"{"price":{"amount":"{}","currency":"EUR"},"description":"x"}"#)),
    ("a price's currency", Merchant(r#"{"price":{"amount":"1","currency":"{}"},"description":"x"}"#)),
    ("a description", Merchant(r#"{"price":{"amount":"1","currency":"EUR"},"description":"{}"}"#)),
    ("an order's id", Merchant(r#"{"price":{"amount":"1","currency":"EUR"},"description":"x","externalId":"{}"}"#)),
    ("a link", Merchant(r#"{"price":{"amount":"1","currency":"EUR"},"description":"x","returnUrl":"https://a/{}"}"#)),
    ("an expiry", Merchant(r#"{"price":{"amount":"1","currency":"EUR"},"description":"x","expiresAt":"{}"}"#)),
    ("an offered currency", Merchant(r#"{"price":{"amount":"1","currency":"EUR"},"description":"x","currencies":["{}"]}"#)),
    ("a kind", Merchant(r#"{"kind":"{}","description":"x"}"#)),
    ("a customer", Merchant(r#"{"kind":"deposit","customer":"{}","description":"x"}"#)),
    ("a key of the JSON", Merchant(r#"{"{}":1,"description":"x"}"#)),
    ("a key that is there twice", Merchant(r#"{"{}":1,"{}":2}"#)),
    ("a product", Page(r#"{"product":"{}"}"#)),
    ("a page's key of the JSON", Page(r#"{"product":"demo-order","{}":"1"}"#)),
    ("a currency that is picked", Currency),
    ("a path", Path("/{}")),
    ("a checkout's id", Path("/v1/checkouts/{}")),
    ("a hosted page's id", Path("/pay/{}")),
    ("a file's name", Path("/assets/{}")),
    ("a key of a query", Query("{}=1")),
    ("an id that is looked for", Query("externalId={}")),
    ("a cursor", Query("externalId=a&cursor={}")),
    ("a method", Raw("{} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")),
    ("a version", Raw("GET / HTTP/{}\r\nHost: 127.0.0.1\r\n\r\n")),
    ("a header's name", Raw("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{}: x\r\n\r\n")),
    ("an event's kind", Delivery("kind")),
    ("an event's subject", Delivery("parentExternalId")),
    ("a page of the gateway's", Answer(502, "<h1>{}</h1>")),
    ("an error's words", Answer(400, r#"{"code":"017","message":"{}"}"#)),
    ("an error's code", Answer(400, r#"{"code":"{}","message":"x"}"#)),
    ("half a document", Answer(200, r#"{"id":"{}"#)),
    ("an invoice's id", Member("id")),
    ("an invoice's address", Member("invoiceAddress")),
    ("an invoice's state", Member("state")),
    ("an invoice's currency", Member("currency")),
    ("an invoice's amount", Member("amount")),
    ("an invoice's expiry", Member("expiration")),
    ("an invoice's key", Member("idempotencyKey")),
    ("an invoice's kind", Member("type")),
];

pub(super) fn rows() -> usize {
    TABLE.len()
}

/// The attack as an element of JSON, without its quotation marks.
fn escaped(attack: &str) -> String {
    let quoted = serde_json::to_string(attack).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

fn percent(attack: &str) -> String {
    attack.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What a header can hold of it: bytes from a blank on, and tabs.
fn in_header(attack: &str) -> Vec<u8> {
    let bytes = attack.bytes();
    bytes
        .filter(|byte| *byte >= 0x20 && *byte != 0x7f)
        .collect()
}

async fn strike(shop: &TestProxy, hook: &Hook, number: u64, way: Way, attack: &str) {
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let merchants = |key: &str| {
        vec![
            ("authorization".to_owned(), bearer.clone().into_bytes()),
            ("content-type".to_owned(), b"application/json".to_vec()),
            ("idempotency-key".to_owned(), key.as_bytes().to_vec()),
        ]
    };
    let good = format!("{{{PRICED},\"description\":\"x\"}}");
    match way {
        Header(name) => {
            let mut headers = vec![("content-type".to_owned(), b"application/json".to_vec())];
            headers.retain(|(known, _)| known != name);
            headers.push((name.to_owned(), in_header(attack)));
            let body = Some(br#"{"product":"demo-order"}"#.to_vec());
            shop.raw("POST", "/v1/checkouts", headers, body).await;
        }
        MerchantHeader(name) => {
            let mut headers = merchants("k");
            headers.retain(|(known, _)| known != name);
            headers.push((name.to_owned(), in_header(attack)));
            shop.raw("POST", "/v1/checkouts", headers, Some(good.into_bytes()))
                .await;
        }
        Merchant(body) => {
            let body = body.replace("{}", &escaped(attack)).into_bytes();
            shop.raw(
                "POST",
                "/v1/checkouts",
                merchants(&format!("k{number}")),
                Some(body),
            )
            .await;
        }
        Page(body) => {
            shop.post("/v1/checkouts", &body.replace("{}", &escaped(attack)), &[])
                .await;
        }
        Currency => {
            let id = shop.checkout().await;
            shop.choose(&id, &escaped(attack)).await;
        }
        Path(path) => drop(shop.get(&path.replace("{}", &percent(attack))).await),
        Query(query) => {
            let query = query.replace("{}", &percent(attack));
            shop.as_merchant(&format!("/v1/checkouts?{query}")).await;
        }
        Raw(bytes) => {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            let mut stream = tokio::net::TcpStream::connect(shop.address).await.unwrap();
            drop(
                stream
                    .write_all(bytes.replace("{}", attack).as_bytes())
                    .await,
            );
            drop(stream.shutdown().await);
            drop(stream.read_to_end(&mut Vec::new()).await);
        }
        Delivery(member) => {
            let kind = if member == "kind" {
                attack
            } else {
                "INVOICE_PAID"
            };
            let named = if member == "kind" { "x" } else { attack };
            let body = event(number, kind, json!({"parentExternalId": named}));
            let sign = hook.sign(body.as_bytes());
            let headers = [("key", hook.key.as_str()), ("sign", sign.as_str())];
            shop.request("POST", PATH, &headers, Some(body.as_bytes()))
                .await;
        }
        Answer(..) => {
            let id = shop.checkout().await;
            shop.choose(&id, "USDT_TRX").await;
            shop.wait(3_600_000);
        }
        Member(member) => {
            let id = shop.checkout().await;
            let lie = (member.to_owned(), attack.to_owned());
            shop.gateway.rewrite(move |path, answer| {
                if ![CREATE, READ].contains(&path) || !answer.contains("invoiceAddress") {
                    return answer;
                }
                let mut json: serde_json::Value = serde_json::from_str(&answer).unwrap();
                json[&lie.0] = lie.1.clone().into();
                json.to_string()
            });
            shop.choose(&id, "USDT_TRX").await;
            shop.gateway.honest();
            // Once more about an invoice that is known.
            let (known, _) = shop.awaiting("USDT_TRX").await;
            shop.wait(120_000);
            let lie = (member.to_owned(), attack.to_owned());
            shop.gateway.rewrite(move |path, answer| {
                if path != READ || !answer.contains("invoiceAddress") {
                    return answer;
                }
                let mut json: serde_json::Value = serde_json::from_str(&answer).unwrap();
                json[&lie.0] = lie.1.clone().into();
                json.to_string()
            });
            shop.show(&known).await;
            shop.gateway.honest();
        }
    }
}

/// Says the answer that the row under way asks for, in place of the gateway's.
async fn facing(said: std::sync::Arc<std::sync::Mutex<Option<(u16, String)>>>) -> TestProxy {
    let gateway = Gateway::with(WallClock::system(), |router| {
        router.layer(from_fn(move |request: Request, next: Next| {
            let is_creation = request.uri().path() == CREATE;
            let said = said.lock().unwrap().clone().filter(|_| is_creation);
            async move {
                match said {
                    Some((status, body)) => {
                        let answer = Response::builder().status(status);
                        answer.body(Body::from(body)).unwrap()
                    }
                    None => next.run(request).await,
                }
            }
        }))
    });
    TestProxy::behind(gateway.await, |_| {}).await
}

#[tokio::test]
async fn no_text_of_a_stranger_is_a_line_of_the_log_or_an_order_to_a_terminal() {
    names_are_unique(TABLE.iter().map(|(name, _)| *name));
    let said = std::sync::Arc::default();
    let shop = facing(std::sync::Arc::clone(&said)).await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    for (number, (_, way)) in (100..).zip(TABLE) {
        // Short, so that it is not what a message leaves out, and with the order in front and behind.
        let attack = format!("{ORDERS}{FORGED} {number}{ORDERS}");
        if let Answer(status, body) = way {
            let body = if body.starts_with('{') {
                body.replace("{}", &escaped(&attack))
            } else {
                body.replace("{}", &attack)
            };
            *said.lock().unwrap() = Some((*status, body));
        }
        strike(&shop, &hook, number, *way, &attack).await;
        *said.lock().unwrap() = None;
    }
    let log = logged();
    let mut wrong = Vec::new();
    for line in log.lines() {
        let number = line
            .split_once(FORGED)
            .and_then(|(_, rest)| rest.trim_start().get(..3));
        let row = number.and_then(|number| number.parse::<usize>().ok());
        let row = row.and_then(|number| TABLE.get(number - 100));
        let is_forged = line.trim_start().starts_with(FORGED);
        let orders =
            line.contains(|c: char| c.is_control() || "\u{2028}\u{2029}\u{202e}".contains(c));
        if is_forged || orders {
            wrong.push(format!("{:?}: {line:?}", row.map(|(name, _)| name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The shop goes on.
    let (id, _) = shop.awaiting("BTC").await;
    assert_eq!(text(&shop.show(&id).await, "/state"), "awaiting");
}
