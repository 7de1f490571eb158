//! `GET /v1/checkouts/{id}/history`: what has happened to a checkout.

use super::shop::{DEPOSIT, PAYMENT, Shop, TOPUP};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::text;

const PATH: &str = "/v1/checkouts/{id}/history";

fn path(id: &str) -> String {
    format!("/v1/checkouts/{id}/history")
}

#[tokio::test]
async fn the_merchants_server_reads_what_has_happened() {
    let shop = Shop::open().await;
    let mut said = Transcript::of("GET", PATH, Who::Merchant);
    let id = shop.priced(PAYMENT).await;
    said.answered("a new checkout", 200, &shop.as_merchant(&path(&id)).await);
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    let due = text(&view, "/invoice/due");
    let deposit = shop.pays(&view, due, "mempool").await;
    shop.wait(10_000);
    shop.show(&id).await;
    shop.gateway.move_on(&deposit, "confirmed").await;
    shop.wait(10_000);
    shop.show(&id).await;
    shop.advance(60);
    shop.proxy().watch_once().await.unwrap();
    said.answered("a payment", 200, &shop.as_merchant(&path(&id)).await);
    let to_customer = shop.made(DEPOSIT).await;
    let view = shop.choose(&to_customer, "USDT_TRX").await.expect(200);
    let address = text(&view.json(), "/receiving/address").to_owned();
    shop.gateway
        .deposit_in(&address, "USDT_TRX", "12.5", "confirmed")
        .await;
    shop.advance(10);
    shop.show(&to_customer).await;
    said.answered(
        "a deposit, with money",
        200,
        &shop.as_merchant(&path(&to_customer)).await,
    );
    for (code, case, query) in [
        (
            "field_invalid",
            "a cursor that was never given",
            "?cursor=0",
        ),
        ("field_unknown", "another parameter", "?from=1"),
        ("duplicate_key", "two cursors", "?cursor=1&cursor=2"),
    ] {
        let asked = format!("{}{query}", path(&id));
        said.refused(case, code, &shop.as_merchant(&asked).await);
    }
    said.refused(
        "no key",
        "merchant_key_missing",
        &shop.get(&path(&id)).await,
    );
    let wrong = [("authorization", "Bearer nobody")];
    let wrong = shop.request("GET", &path(&id), &wrong, None).await;
    said.refused("another key", "merchant_key_wrong", &wrong);
    let malformed = shop.as_merchant(&path("1")).await;
    said.refused("no UUID", "checkout_id_malformed", &malformed);
    let nobody = path("00000000-0000-4000-8000-000000000000");
    let missing = shop.as_merchant(&nobody).await;
    said.refused("an id of nothing", "checkout_not_found", &missing);
    said.refused_everywhere(&shop, &path(&id)).await;
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &shop.as_merchant(&path(&id)).await,
    );
    said.compare();
}

#[tokio::test]
async fn a_hundred_changes_are_listed_at_once() {
    let shop = Shop::open().await;
    let id = shop.made(TOPUP).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address");
    for _ in 0..120 {
        shop.gateway.deposit(address, "1", "confirmed").await;
    }
    shop.advance(10);
    shop.show(&id).await;
    let first = shop.as_merchant(&path(&id)).await.expect(200).json();
    let count = |page: &serde_json::Value| page["history"].as_array().map(Vec::len);
    assert_eq!(count(&first), Some(100));
    let cursor = text(&first, "/cursor");
    let rest = format!("{}?cursor={cursor}", path(&id));
    let rest = shop.as_merchant(&rest).await.expect(200).json();
    assert_eq!(rest["cursor"], serde_json::Value::Null);
    // The making of the checkout and its invoice, 120 deposits, what was received, and the last transaction.
    let kind = |kind: &str| {
        let pages = [&first, &rest];
        let all = pages.iter().flat_map(|page| page["history"].as_array());
        let all = all.flatten().filter(|change| change["kind"] == kind);
        all.count()
    };
    assert_eq!(kind("deposit_confirmed"), 120);
    assert_eq!((kind("created"), kind("invoice_made")), (1, 1));
    assert_eq!(kind("received"), 1);
}
