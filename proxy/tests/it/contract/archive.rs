//! `POST /v1/checkouts/{id}/archive`: a checkout is closed for its buyer, and its invoices at the gateway.

use super::refusals::{self, Asked};
use super::shop::{DEPOSIT, PAYMENT, PLAIN, Shop, TOPUP};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::{Reply, text};

const PATH: &str = "/v1/checkouts/{id}/archive";

fn path(id: &str) -> String {
    format!("/v1/checkouts/{id}/archive")
}

async fn ask(shop: &Shop, id: &str) -> Reply {
    shop.by_merchant("POST", &path(id), None).await
}

#[tokio::test]
async fn the_merchants_server_archives_checkouts() {
    let mut shop = Shop::open().await;
    let mut said = Transcript::of("POST", PATH, Who::Merchant);
    let id = shop.priced(PAYMENT).await;
    shop.choose(&id, "USDT_TRX").await.expect(200);
    said.answered(
        "a payment that waits for money",
        200,
        &ask(&shop, &id).await,
    );
    said.answered("the payment once more", 200, &ask(&shop, &id).await);
    let unchosen = shop.priced(PLAIN).await;
    said.answered("one without an invoice", 200, &ask(&shop, &unchosen).await);
    let topup = shop.made(TOPUP).await;
    shop.choose(&topup, "USDT_TRX").await.expect(200);
    said.answered("a top-up", 200, &ask(&shop, &topup).await);
    let deposit = shop.made(DEPOSIT).await;
    said.answered("a deposit", 200, &ask(&shop, &deposit).await);

    let paid = shop.made(PAYMENT).await;
    let view = shop.choose(&paid, "USDT_TRX").await.expect(200).json();
    let due = text(&view, "/invoice/due");
    shop.pays(&view, due, "mempool").await;
    let detected = ask(&shop, &paid).await;
    said.refused("a payment on its way", "checkout_has_money", &detected);
    let gone = Asked {
        method: "POST",
        path: &path(&id),
        body: None,
    };
    refusals::every_one(&mut said, &shop, gone).await;
    said.refused("no UUID", "checkout_id_malformed", &ask(&shop, "1").await);
    let nothing = ask(&shop, "00000000-0000-4000-8000-000000000000").await;
    said.refused("an id of nothing", "checkout_not_found", &nothing);
    let waiting = shop.made(PAYMENT).await;
    shop.choose(&waiting, "USDT_TRX").await.expect(200);
    shop.stop_gateway().await;
    said.refused(
        "no gateway that says what has come",
        "gateway_unavailable",
        &ask(&shop, &waiting).await,
    );
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &ask(&shop, &id).await,
    );
    said.compare();
}
