//! `GET /v1/checkouts`: the checkouts of one order.

use super::shop::{PAYMENT, Shop};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::{behind_a_proxy, text};

const PATH: &str = "/v1/checkouts";
/// More than one network may send before it is slowed down.
const MANY: usize = 1_000;

#[tokio::test]
async fn the_merchants_server_finds_its_order() {
    let shop = Shop::with(behind_a_proxy).await;
    let mut said = Transcript::of("GET", PATH, Who::Merchant);
    let id = shop.priced(PAYMENT).await;
    shop.choose(&id, "USDT_TRX").await.expect(200);
    shop.advance(1);
    shop.made(PAYMENT).await;
    let ask = async |query: &str| shop.as_merchant(&format!("{PATH}{query}")).await;
    said.answered("two of one order", 200, &ask("?externalId=1001").await);
    said.answered("none", 200, &ask("?externalId=1002").await);
    let range = "from=2026-05-04T12:00:00Z&to=2026-05-04T12:00:01.000Z";
    let first = ask(&format!("?state=awaiting,detected&{range}&limit=1")).await;
    said.answered("in a state, made in a time", 200, &first);
    assert_eq!(text(&first.json(), "/checkouts/0/id"), id);
    let one = ask("?limit=1").await;
    said.answered("one, and where it goes on", 200, &one);
    assert_ne!(text(&one.json(), "/checkouts/0/id"), id);
    for (code, case, query) in [
        ("field_invalid", "an empty order", "?externalId="),
        (
            "field_invalid",
            "a cursor that was never given",
            "?externalId=1001&cursor=x",
        ),
        (
            "field_invalid",
            "a state that there is not",
            "?state=paid,lost",
        ),
        ("field_invalid", "no state", "?state="),
        ("field_invalid", "a date", "?from=2026-05-04"),
        (
            "field_invalid",
            "a time in another zone",
            "?to=2026-05-04T12:00:00%2B02:00",
        ),
        (
            "field_invalid",
            "a time that ends before it begins",
            "?from=2026-05-04T12:00:00Z&to=2026-05-04T12:00:00Z",
        ),
        ("field_invalid", "a limit of none", "?limit=0"),
        ("field_invalid", "a limit above the highest", "?limit=101"),
        ("field_invalid", "a limit that is no number", "?limit=+5"),
        (
            "field_unknown",
            "another parameter",
            "?externalId=1001&status=paid",
        ),
        ("duplicate_key", "two states", "?state=paid&state=completed"),
        (
            "duplicate_key",
            "two orders",
            "?externalId=1001&externalId=1002",
        ),
    ] {
        said.refused(case, code, &ask(query).await);
    }
    let path = format!("{PATH}?externalId=1001");
    said.refused("no key", "merchant_key_missing", &shop.get(&path).await);
    let guess = async || {
        let headers = [
            ("authorization", "Bearer nobody"),
            ("x-forwarded-for", "203.0.113.7"),
        ];
        shop.request("GET", &path, &headers, None).await
    };
    let first = guess().await;
    said.refused("another key", "merchant_key_wrong", &first);
    let mut reply = first;
    for _ in 0..MANY {
        if reply.status == 429 {
            break;
        }
        reply = guess().await;
    }
    said.refused("too many wrong keys of one network", "rate_limited", &reply);
    said.refused_everywhere(&shop, PATH).await;
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &shop.as_merchant(&path).await,
    );
    said.compare();
}

#[tokio::test]
async fn a_hundred_are_listed_at_once() {
    let shop = Shop::open().await;
    for _ in 0..101 {
        shop.made(PAYMENT).await;
    }
    let path = format!("{PATH}?externalId=1001");
    let first = shop.as_merchant(&path).await.expect(200).json();
    assert_eq!(first["checkouts"].as_array().map(Vec::len), Some(100));
    let cursor = first["cursor"].as_str().unwrap();
    let rest = shop
        .as_merchant(&format!("{path}&cursor={cursor}"))
        .await
        .expect(200)
        .json();
    assert_eq!(rest["checkouts"].as_array().map(Vec::len), Some(1));
    assert!(rest["cursor"].is_null());
}
