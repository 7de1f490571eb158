//! `POST /v1/checkouts/{id}/intervention`: the merchant decides about what has come.

use super::refusals::{self, Asked};
use super::shop::{PAYMENT, Shop, TOPUP};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::Reply;

const PATH: &str = "/v1/checkouts/{id}/intervention";
const ACCEPT: &str = r#"{"action":"return_to_paid"}"#;
const CLOSE: &str = r#"{"action":"close"}"#;

fn path(id: &str) -> String {
    format!("/v1/checkouts/{id}/intervention")
}

async fn ask(shop: &Shop, id: &str, body: &str) -> Reply {
    shop.by_merchant("POST", &path(id), Some(body)).await
}

/// A payment to which too little has come.
async fn underpaid(shop: &Shop) -> String {
    let id = shop.made(PAYMENT).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    shop.pays(&view, "5", "confirmed").await;
    id
}

#[tokio::test]
async fn the_merchants_server_decides_about_what_has_come() {
    let mut shop = Shop::open().await;
    let mut said = Transcript::of("POST", PATH, Who::Merchant);
    let id = underpaid(&shop).await;
    said.answered(
        "too little is accepted",
        200,
        &ask(&shop, &id, ACCEPT).await,
    );
    said.answered("once more", 200, &ask(&shop, &id, ACCEPT).await);
    said.refused(
        "to close one that is not credited yet",
        "intervention_not_possible",
        &ask(&shop, &id, CLOSE).await,
    );
    shop.advance(5);
    said.answered(
        "closed when it is credited",
        200,
        &ask(&shop, &id, CLOSE).await,
    );

    let waiting = shop.made(PAYMENT).await;
    shop.choose(&waiting, "USDT_TRX").await.expect(200);
    let unchosen = shop.made(PAYMENT).await;
    let topup = shop.made(TOPUP).await;
    shop.choose(&topup, "USDT_TRX").await.expect(200);
    for (case, id) in [
        ("one that waits for money", &waiting),
        ("one without an invoice", &unchosen),
        ("a top-up", &topup),
    ] {
        let reply = ask(&shop, id, ACCEPT).await;
        said.refused(case, "intervention_not_possible", &reply);
    }
    let asked = Asked {
        method: "POST",
        path: &path(&id),
        body: Some(ACCEPT),
    };
    refusals::every_one(&mut said, &shop, asked).await;
    for (case, body) in [
        ("an action that there is not", r#"{"action":"refund"}"#),
        ("an action of another call", r#"{"action":"archive"}"#),
        (
            "an invoice that is none",
            r#"{"action":"return_to_paid","invoice":"1"}"#,
        ),
        (
            "an invoice of nothing",
            r#"{"action":"return_to_paid","invoice":"00000000-0000-5000-8000-000000000000"}"#,
        ),
    ] {
        said.refused(case, "field_invalid", &ask(&shop, &id, body).await);
    }
    let malformed = ask(&shop, "1", ACCEPT).await;
    said.refused("no UUID", "checkout_id_malformed", &malformed);
    let nothing = ask(&shop, "00000000-0000-4000-8000-000000000000", ACCEPT).await;
    said.refused("an id of nothing", "checkout_not_found", &nothing);
    let other = underpaid(&shop).await;
    shop.stop_gateway().await;
    said.refused(
        "no gateway that says what has come",
        "gateway_unavailable",
        &ask(&shop, &other, ACCEPT).await,
    );
    shop.break_store();
    let broken = ask(&shop, &id, ACCEPT).await;
    said.refused("a broken store", "store_unavailable", &broken);
    said.compare();
}
