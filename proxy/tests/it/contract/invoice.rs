//! `POST /v1/checkouts/{id}/invoice`: the buyer picks a currency.

use super::shop::{DEPOSIT, PAYMENT, Shop, TOPUP};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::{CREATE, SHOP, behind_a_proxy};

const PATH: &str = "/v1/checkouts/{id}/invoice";
const BODY: &str = r#"{"currency":"USDT_TRX"}"#;
/// More than one network may pick in an hour.
const MANY: usize = 1_000;

async fn answered(said: &mut Transcript, shop: &Shop) {
    let id = shop.priced(PAYMENT).await;
    said.answered(
        "a currency of a payment",
        200,
        &shop.choose(&id, "USDT_TRX").await,
    );
    said.answered(
        "the currency once more",
        200,
        &shop.choose(&id, "USDT_TRX").await,
    );
    said.answered("another currency", 200, &shop.choose(&id, "BTC").await);
    let topup = shop.made(TOPUP).await;
    said.answered(
        "a currency of a top-up",
        200,
        &shop.choose(&topup, "USDT_TRX").await,
    );
    let deposit = shop.made(DEPOSIT).await;
    said.answered(
        "a currency of a deposit",
        200,
        &shop.choose(&deposit, "USDT_TRX").await,
    );
    shop.advance(2 * 24 * 60 * 60);
    said.refused(
        "a day later",
        "checkout_closed",
        &shop.choose(&id, "ETH").await,
    );
}

#[tokio::test]
async fn a_buyer_picks_a_currency() {
    let mut shop = Shop::with(behind_a_proxy).await;
    let mut said = Transcript::of("POST", PATH, Who::Buyer);
    answered(&mut said, &shop).await;
    let id = shop.priced(PAYMENT).await;
    let path = format!("/v1/checkouts/{id}/invoice");
    let origin = [("origin", SHOP)];
    let long = format!(r#"{{"currency":"{}"}}"#, "x".repeat(65_536));
    for (code, case, body) in [
        (
            "currency_not_offered",
            "a currency that there is not",
            r#"{"currency":"GOLD"}"#,
        ),
        (
            "currency_not_offered",
            "one that this shop does not take",
            r#"{"currency":"LTC"}"#,
        ),
        (
            "amount_not_accepted",
            "an amount",
            r#"{"currency":"BTC","amount":"1"}"#,
        ),
        ("field_invalid", "no currency", "{}"),
        (
            "field_unknown",
            "a field too many",
            r#"{"currency":"BTC","fast":true}"#,
        ),
        ("body_not_json", "no JSON", "BTC"),
        (
            "duplicate_key",
            "two currencies",
            r#"{"currency":"BTC","currency":"ETH"}"#,
        ),
        ("body_too_large", "64 KiB and more", &long),
    ] {
        said.refused(case, code, &shop.post(&path, body, &origin).await);
    }
    let plain = shop
        .request("POST", &path, &origin, Some(BODY.as_bytes()))
        .await;
    said.refused("no content type", "content_type_not_json", &plain);
    let key = [("authorization", "Bearer nobody")];
    let wrong = shop.post(&path, BODY, &key).await;
    said.refused("another key", "merchant_key_wrong", &wrong);
    let malformed = shop.post("/v1/checkouts/1/invoice", BODY, &origin).await;
    said.refused("no UUID", "checkout_id_malformed", &malformed);
    let nobody = "/v1/checkouts/00000000-0000-4000-8000-000000000000/invoice";
    said.refused(
        "an id of nothing",
        "checkout_not_found",
        &shop.post(nobody, BODY, &origin).await,
    );
    said.refused_everywhere(&shop, &path).await;
    refused_by_the_gateway(&mut said, &mut shop).await;
    let mut reply = shop.post_choice(&id, "GOLD", "203.0.113.7").await;
    for _ in 0..MANY {
        if reply.status == 429 {
            break;
        }
        reply = shop.post_choice(&id, "GOLD", "203.0.113.7").await;
    }
    said.refused("too many of one network", "rate_limited", &reply);
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &shop.choose(&id, "USDT_TRX").await,
    );
    said.compare();
}

async fn refused_by_the_gateway(said: &mut Transcript, shop: &mut Shop) {
    let id = shop.priced(PAYMENT).await;
    shop.gateway.fault(CREATE, "error500", 1000).await;
    said.refused(
        "an error of the gateway",
        "gateway_failed",
        &shop.choose(&id, "USDT_TRX").await,
    );
    shop.gateway.no_faults().await;
    shop.gateway
        .rewrite(|_, text| text.replace("\"BTC\"", "\"ETH\""));
    said.refused(
        "an invoice in another currency",
        "gateway_unsound",
        &shop.choose(&id, "BTC").await,
    );
    shop.gateway.honest();
    shop.stop_gateway().await;
    said.refused(
        "no gateway",
        "gateway_unavailable",
        &shop.choose(&id, "ETH").await,
    );
}
