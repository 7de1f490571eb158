//! `POST /v1/checkouts/{id}/hosted-widget`: the link to the gateway's own page.

use super::shop::{DEPOSIT, PAYMENT, Shop, TOPUP};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::Reply;

const PATH: &str = "/v1/checkouts/{id}/hosted-widget";
const FIND: &str = "/api/v1/payment-widget/single-fiat/find";

async fn ask(shop: &Shop, id: &str) -> Reply {
    let path = format!("/v1/checkouts/{id}/hosted-widget");
    shop.by_merchant("POST", &path, None).await
}

#[tokio::test]
async fn the_merchants_server_gets_a_link() {
    let mut shop = Shop::open().await;
    let mut said = Transcript::of("POST", PATH, Who::Merchant);
    let id = shop.made(PAYMENT).await;
    said.answered("a payment", 200, &ask(&shop, &id).await);
    said.answered("the payment once more", 200, &ask(&shop, &id).await);
    let topup = shop.made(TOPUP).await;
    said.answered("a top-up", 200, &ask(&shop, &topup).await);

    let path = format!("/v1/checkouts/{id}/hosted-widget");
    let without = shop.request("POST", &path, &[], None).await;
    said.refused("no key", "merchant_key_missing", &without);
    let wrong = [("authorization", "Bearer nobody")];
    let wrong = shop.request("POST", &path, &wrong, None).await;
    said.refused("another key", "merchant_key_wrong", &wrong);
    said.refused("no UUID", "checkout_id_malformed", &ask(&shop, "1").await);
    let nothing = ask(&shop, "00000000-0000-4000-8000-000000000000").await;
    said.refused("an id of nothing", "checkout_not_found", &nothing);
    let deposit = shop.made(DEPOSIT).await;
    said.refused(
        "a deposit",
        "hosted_widget_not_offered",
        &ask(&shop, &deposit).await,
    );
    said.refused_everywhere(&shop, &path).await;

    let other = shop.made(PAYMENT).await;
    shop.gateway.fault(FIND, "error500", 1000).await;
    said.refused(
        "an error of the gateway",
        "gateway_failed",
        &ask(&shop, &other).await,
    );
    shop.gateway.no_faults().await;
    shop.gateway
        .rewrite(|_, text| text.replace("\"idempotencyKey\":\"", "\"idempotencyKey\":\"x"));
    said.refused(
        "a widget of another key",
        "gateway_unsound",
        &ask(&shop, &id).await,
    );
    shop.gateway.honest();
    shop.advance(2 * 24 * 60 * 60);
    said.refused("a day later", "checkout_closed", &ask(&shop, &id).await);
    let unmade = shop.made(PAYMENT).await;
    shop.stop_gateway().await;
    said.refused(
        "no gateway",
        "gateway_unavailable",
        &ask(&shop, &unmade).await,
    );
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &ask(&shop, &id).await,
    );

    let unset = Shop::with(|config| config.shops[0].gateway.pay_url = None).await;
    let id = unset.made(PAYMENT).await;
    said.refused(
        "no base of pages",
        "hosted_widget_not_configured",
        &ask(&unset, &id).await,
    );
    said.compare();
}
