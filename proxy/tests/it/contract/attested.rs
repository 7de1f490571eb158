//! What is signed: the answer of an invoice, `GET /v1/checkouts/{id}/receipt` and `GET /v1/attestation-keys`.

use super::shop::{DEPOSIT, PAYMENT, Shop, TOPUP};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::attestation::signing;
use crate::support::text;

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

#[tokio::test]
async fn whoever_has_the_id_gets_the_receipt() {
    let shop = Shop::with(signing).await;
    let mut said = Transcript::of("GET", "/v1/checkouts/{id}/receipt", Who::Buyer);
    let path = |id: &str| format!("/v1/checkouts/{id}/receipt");
    let id = shop.priced(PAYMENT).await;
    let not_available = "receipt_not_available";
    said.refused(
        "no currency chosen",
        not_available,
        &shop.get(&path(&id)).await,
    );
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    shop.pays(&view, text(&view, "/invoice/due"), "confirmed")
        .await;
    shop.wait(10_000);
    shop.show(&id).await;
    said.refused(
        "a payment that is paid",
        not_available,
        &shop.get(&path(&id)).await,
    );
    shop.advance(60);
    shop.show(&id).await;
    said.answered(
        "a payment that is completed",
        200,
        &shop.get(&path(&id)).await,
    );
    for (case, body) in [("a top-up", TOPUP), ("a deposit", DEPOSIT)] {
        let id = shop.made(body).await;
        said.refused(case, not_available, &shop.get(&path(&id)).await);
    }
    said.refused(
        "no UUID",
        "checkout_id_malformed",
        &shop.get(&path("1")).await,
    );
    let nobodys = shop.get(&path(NOBODY)).await;
    said.refused("an id of nothing", "checkout_not_found", &nobodys);
    said.refused_everywhere(&shop, &path(&id)).await;
    said.compare();
}

#[tokio::test]
async fn what_buyers_are_asked_for_is_signed() {
    let shop = Shop::with(signing).await;
    let mut said = Transcript::named("signed-invoices");
    for (case, body) in [
        ("a payment", PAYMENT),
        ("a top-up", TOPUP),
        ("a deposit", DEPOSIT),
    ] {
        let id = match body {
            PAYMENT => shop.priced(body).await,
            _ => shop.made(body).await,
        };
        let view = shop.choose(&id, "USDT_TRX").await;
        said.answered(case, 200, &view);
    }
    said.compare();
}

#[tokio::test]
async fn anyone_gets_the_public_keys() {
    let shop = Shop::with(signing).await;
    let mut said = Transcript::of("GET", "/v1/attestation-keys", Who::Anyone);
    let path = "/v1/attestation-keys";
    said.answered("a store that signs", 200, &shop.get(path).await);
    let wrong = [("authorization", "Bearer nobody")];
    let wrong = shop.request("GET", path, &wrong, None).await;
    said.refused("another key", "merchant_key_wrong", &wrong);
    said.refused_everywhere(&shop, path).await;
    let silent = Shop::open().await;
    said.answered("a store that signs nothing", 200, &silent.get(path).await);
    said.compare();
}
