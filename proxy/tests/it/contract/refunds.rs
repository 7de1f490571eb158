//! `/v1/refunds`: asked for, approved, sent or cancelled, shown and listed.

use super::refusals::{self, Asked};
use super::shop::{PAYMENT, Shop};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::{MERCHANT_KEY, Reply, text};

const PATH: &str = "/v1/refunds";
const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";
const SENT: &str =
    r#"{"transaction":"0x3f7a5c0e9b1d2468ace013579bdf02468ace013579bdf02468ace013579bdf02"}"#;
const TO: &str = "TMdXdBXTZNmGeLSVPCoBZQk3htdJVYyUVs";

/// What is to be sent back, with other fields beside.
fn order(checkout: &str, fields: &str) -> String {
    format!(
        r#"{{"checkout":"{checkout}","currency":"USDT_TRX","amount":"1.5","address":"{TO}","reason":"Returned goods"{fields}}}"#
    )
}

async fn ask(shop: &Shop, body: &str, key: &str) -> Reply {
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", key)];
    shop.post(PATH, body, &headers).await
}

async fn step(shop: &Shop, id: &str, step: &str) -> Reply {
    let body = (step == "sent").then_some(SENT);
    shop.by_merchant("POST", &format!("{PATH}/{id}/{step}"), body)
        .await
}

/// A payment that was paid in full.
async fn paid(shop: &Shop) -> String {
    let id = shop.made(PAYMENT).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    shop.pays(&view, text(&view, "/invoice/due"), "confirmed")
        .await;
    shop.wait(60_000);
    shop.as_merchant(&format!("/v1/checkouts/{id}"))
        .await
        .expect(200);
    id
}

async fn refund(shop: &Shop, checkout: &str, key: &str) -> String {
    let made = ask(shop, &order(checkout, ""), key)
        .await
        .expect(201)
        .json();
    text(&made, "/id").to_owned()
}

#[tokio::test]
async fn the_merchants_server_asks_for_refunds() {
    let shop = Shop::open().await;
    let mut said = Transcript::of("POST", PATH, Who::Merchant);
    let id = paid(&shop).await;
    let told = shop
        .as_merchant(&format!("/v1/checkouts/{id}"))
        .await
        .json();
    let invoice = text(&told, "/merchant/invoices/0/idempotencyKey");
    let deposit = text(&told, "/merchant/deposits/0/id");
    let named = format!(r#","invoice":"{invoice}","deposit":"{deposit}""#);
    said.answered(
        "a part of a deposit",
        201,
        &ask(&shop, &order(&id, &named), "r-1").await,
    );
    said.answered(
        "once more",
        201,
        &ask(&shop, &order(&id, &named), "r-1").await,
    );
    said.refused(
        "the key of another one",
        "idempotency_key_reused",
        &ask(&shop, &order(&id, ""), "r-1").await,
    );
    let good = order(&id, "");
    let asked = Asked {
        method: "POST",
        path: PATH,
        body: Some(&good),
    };
    refusals::every_one(&mut said, &shop, asked).await;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let keyless = [("authorization", bearer.as_str())];
    let keyless = shop.post(PATH, &good, &keyless).await;
    said.refused("no key for it", "idempotency_key_missing", &keyless);
    said.refused(
        "an empty key",
        "idempotency_key_malformed",
        &ask(&shop, &good, "").await,
    );
    let with = |was: &str, is: &str| good.replace(was, is);
    for (code, case, body) in [
        (
            "refund_too_large",
            "more than has come",
            with("1.5", "1000"),
        ),
        (
            "refund_too_large",
            "a currency in which nothing has come",
            with("USDT_TRX", "TRX"),
        ),
        ("field_invalid", "nothing", with("1.5", "0")),
        ("field_invalid", "a number", with("\"1.5\"", "1.5")),
        ("field_invalid", "less than nothing", with("1.5", "-1")),
        (
            "field_invalid",
            "finer than the currency",
            with("1.5", "1.5000001"),
        ),
        (
            "field_invalid",
            "a currency that there is not",
            with("USDT_TRX", "GOLD"),
        ),
        ("field_invalid", "no reason", with("Returned goods", " ")),
        (
            "address_malformed",
            "an address of another network",
            with(TO, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ),
        (
            "address_malformed",
            "a misspelt address",
            with("TMdXdB", "TMdXdC"),
        ),
        ("checkout_id_malformed", "no UUID", with(&id, "1")),
        (
            "checkout_not_found",
            "a checkout that there is not",
            with(&id, UNKNOWN),
        ),
        (
            "field_invalid",
            "an invoice of nothing",
            order(&id, &format!(r#","invoice":"{UNKNOWN}""#)),
        ),
        (
            "field_invalid",
            "a deposit of nothing",
            order(&id, r#","deposit":"none""#),
        ),
    ] {
        said.refused(case, code, &ask(&shop, &body, "wrong").await);
    }
    shop.break_store();
    let broken = ask(&shop, &good, "r-2").await;
    said.refused("a broken store", "store_unavailable", &broken);
    said.compare();
}

#[tokio::test]
async fn refunds_are_shown_and_listed() {
    let shop = Shop::open().await;
    let id = paid(&shop).await;
    let first = refund(&shop, &id, "r-1").await;
    shop.advance(1);
    refund(&shop, &id, "r-2").await;
    let mut said = Transcript::of("GET", PATH, Who::Merchant);
    let list = async |query: &str| shop.as_merchant(&format!("{PATH}{query}")).await;
    said.answered("all", 200, &list("").await);
    let page = list("?limit=1").await;
    said.answered("one, and where it goes on", 200, &page);
    let cursor = format!("?cursor={}", text(&page.json(), "/cursor"));
    said.answered("the rest", 200, &list(&cursor).await);
    let of_one = list(&format!("?checkout={id}&state=requested")).await;
    assert_eq!(of_one.json()["refunds"].as_array().map(Vec::len), Some(2));
    said.answered("in another state", 200, &list("?state=sent").await);
    for (code, case, query) in [
        ("field_invalid", "a state that there is not", "?state=paid"),
        ("field_invalid", "a limit of none", "?limit=0"),
        (
            "field_invalid",
            "a cursor that was never given",
            "?cursor=1.x",
        ),
        ("checkout_id_malformed", "no UUID", "?checkout=1"),
        ("field_unknown", "another parameter", "?deposit=1"),
        ("duplicate_key", "two states", "?state=sent&state=sent"),
    ] {
        said.refused(case, code, &list(query).await);
    }
    let asked = Asked {
        method: "GET",
        path: PATH,
        body: None,
    };
    refusals::every_one(&mut said, &shop, asked).await;
    said.compare();

    let mut said = Transcript::of("GET", "/v1/refunds/{id}", Who::Merchant);
    let path = format!("{PATH}/{first}");
    said.answered("a refund", 200, &shop.as_merchant(&path).await);
    for (case, id) in [("an id of nothing", UNKNOWN), ("no UUID", "1")] {
        let reply = shop.as_merchant(&format!("{PATH}/{id}")).await;
        said.refused(case, "refund_not_found", &reply);
    }
    let asked = Asked {
        path: &path,
        ..asked
    };
    refusals::every_one(&mut said, &shop, asked).await;
    said.compare();
}

#[tokio::test]
async fn each_step_of_a_refund_is_said_once() {
    let shop = Shop::open().await;
    let id = paid(&shop).await;
    let (sent, cancelled) = (
        refund(&shop, &id, "r-1").await,
        refund(&shop, &id, "r-2").await,
    );
    for (name, of, wrong) in [
        ("cancel", &cancelled, &sent),
        ("approve", &sent, &cancelled),
        ("sent", &sent, &cancelled),
    ] {
        let call = format!("/v1/refunds/{{id}}/{name}");
        let mut said = Transcript::of("POST", &call, Who::Merchant);
        if name == "sent" {
            let early = refund(&shop, &id, "r-3").await;
            let reply = step(&shop, &early, name).await;
            said.refused("one that is not approved", "refund_state_wrong", &reply);
        }
        said.answered("a refund", 200, &step(&shop, of, name).await);
        said.answered("once more", 200, &step(&shop, of, name).await);
        if name != "cancel" {
            let reply = step(&shop, wrong, name).await;
            said.refused("one that is cancelled", "refund_state_wrong", &reply);
        } else {
            for before in ["approve", "sent"] {
                let early = refund(&shop, &id, "r-0").await;
                step(&shop, &early, before).await.expect(200);
            }
            let gone = refund(&shop, &id, "r-0").await;
            let reply = step(&shop, &gone, name).await;
            said.refused("one that is sent", "refund_state_wrong", &reply);
        }
        let nothing = step(&shop, UNKNOWN, name).await;
        said.refused("an id of nothing", "refund_not_found", &nothing);
        if name == "sent" {
            for (case, hash) in [
                ("a short hash", "0x1"),
                ("a hash with a blank", "0x12345 789"),
            ] {
                let body = format!(r#"{{"transaction":"{hash}"}}"#);
                let path = format!("{PATH}/{of}/sent");
                let reply = shop.by_merchant("POST", &path, Some(&body)).await;
                said.refused(case, "field_invalid", &reply);
            }
            let other = SENT.replace("0x3f", "0x4f");
            let path = format!("{PATH}/{of}/sent");
            let reply = shop.by_merchant("POST", &path, Some(&other)).await;
            said.refused("another transaction", "refund_state_wrong", &reply);
        }
        let path = format!("{PATH}/{of}/{name}");
        let asked = Asked {
            method: "POST",
            path: &path,
            body: (name == "sent").then_some(SENT),
        };
        refusals::every_one(&mut said, &shop, asked).await;
        said.compare();
    }
}
