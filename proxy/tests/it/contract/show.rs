//! `GET /v1/checkouts/{id}` and the deposits of one, in every state that a sandbox brings about by itself.

use super::shop::{DEPOSIT, PAYMENT, Shop, TOPUP};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::{Reply, text};

const PATH: &str = "/v1/checkouts/{id}";
const DEPOSITS: &str = "/v1/checkouts/{id}/deposits";
const NOBODY: &str = "/v1/checkouts/00000000-0000-4000-8000-000000000000";
const MALFORMED: &str = "/v1/checkouts/1";

/// Who looks, and at what.
enum Reader {
    Buyer,
    Merchant,
    Deposits,
}

impl Reader {
    async fn looks(&self, shop: &Shop, id: &str) -> Reply {
        let path = format!("/v1/checkouts/{id}");
        match self {
            Self::Buyer => shop.get(&path).await,
            Self::Merchant => shop.as_merchant(&path).await,
            Self::Deposits => shop.as_merchant(&format!("{path}/deposits")).await,
        }
    }

    /// Follows checkouts from the first look to their ends.
    async fn follows(&self, said: &mut Transcript, shop: &Shop) {
        self.follows_a_payment(said, shop).await;
        self.follows_money_that_differs(said, shop).await;
        self.follows_addresses(said, shop).await;
    }

    async fn follows_a_payment(&self, said: &mut Transcript, shop: &Shop) {
        let id = shop.priced(PAYMENT).await;
        said.answered("choosing", 200, &self.looks(shop, &id).await);
        let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
        said.answered("awaiting", 200, &self.looks(shop, &id).await);
        let due = text(&view, "/invoice/due");
        let deposit = shop.pays(&view, due, "mempool").await;
        shop.wait(10_000);
        said.answered("detected", 200, &self.looks(shop, &id).await);
        shop.gateway.move_on(&deposit, "confirmed").await;
        shop.wait(10_000);
        said.answered("paid", 200, &self.looks(shop, &id).await);
        shop.advance(10);
        said.answered("completed", 200, &self.looks(shop, &id).await);
    }

    async fn follows_money_that_differs(&self, said: &mut Transcript, shop: &Shop) {
        let id = shop.priced(PAYMENT).await;
        let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
        shop.pays(&view, "10", "confirmed").await;
        shop.advance(10);
        said.answered("a part has come", 200, &self.looks(shop, &id).await);
        let late = shop.priced(PAYMENT).await;
        shop.choose(&late, "USDT_TRX").await.expect(200);
        shop.advance(4 * 60 * 60);
        shop.rates_are_known(&late).await;
        said.answered("underpaid", 200, &self.looks(shop, &id).await);
        said.answered(
            "an invoice that is over",
            200,
            &self.looks(shop, &late).await,
        );
        let over = shop.priced(PAYMENT).await;
        let view = shop.choose(&over, "BTC").await.expect(200).json();
        shop.pays(&view, "1", "confirmed").await;
        shop.advance(10);
        said.answered("overpaid", 200, &self.looks(shop, &over).await);
    }

    async fn follows_addresses(&self, said: &mut Transcript, shop: &Shop) {
        for (case, body) in [("a top-up", TOPUP), ("a deposit", DEPOSIT)] {
            let id = shop.made(body).await;
            said.answered(case, 200, &self.looks(shop, &id).await);
            let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
            let shown = format!("{case}, with an address");
            said.answered(&shown, 200, &self.looks(shop, &id).await);
            let address = text(&view, "/receiving/address");
            if body == TOPUP {
                shop.gateway.deposit(address, "12.5", "confirmed").await;
            } else {
                shop.gateway
                    .deposit_in(address, "USDT_TRX", "12.5", "confirmed")
                    .await;
            }
            shop.advance(10);
            let arrived = format!("{case}, with money");
            said.answered(&arrived, 200, &self.looks(shop, &id).await);
        }
    }
}

#[tokio::test]
async fn a_buyer_reads_a_checkout() {
    let shop = Shop::open().await;
    let mut said = Transcript::of("GET", PATH, Who::Buyer);
    Reader::Buyer.follows(&mut said, &shop).await;
    let id = shop.priced(PAYMENT).await;
    let path = format!("/v1/checkouts/{id}");
    let tag = shop.get(&path).await.expect(200).header("etag");
    let same = shop
        .request("GET", &path, &[("if-none-match", &tag)], None)
        .await;
    said.answered("nothing new", 304, &same);
    said.refused(
        "no UUID",
        "checkout_id_malformed",
        &shop.get(MALFORMED).await,
    );
    said.refused(
        "an id of nothing",
        "checkout_not_found",
        &shop.get(NOBODY).await,
    );
    said.refused_everywhere(&shop, &path).await;
    // One that nobody has looked at: what was seen a moment ago is shown for a moment without the store.
    let path = format!("/v1/checkouts/{}", shop.made(PAYMENT).await);
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &shop.get(&path).await,
    );
    said.compare();
}

#[tokio::test]
async fn the_merchants_server_reads_a_checkout() {
    let shop = Shop::open().await;
    let mut said = Transcript::of("GET", PATH, Who::Merchant);
    Reader::Merchant.follows(&mut said, &shop).await;
    let id = shop.priced(PAYMENT).await;
    let path = format!("/v1/checkouts/{id}");
    let tag = shop.as_merchant(&path).await.expect(200).header("etag");
    let bearer = format!("Bearer {}", crate::support::MERCHANT_KEY);
    let headers = [("authorization", bearer.as_str()), ("if-none-match", &tag)];
    said.answered(
        "nothing new",
        304,
        &shop.request("GET", &path, &headers, None).await,
    );
    let wrong = shop
        .request("GET", &path, &[("authorization", "Bearer nobody")], None)
        .await;
    said.refused("another key", "merchant_key_wrong", &wrong);
    said.refused(
        "no UUID",
        "checkout_id_malformed",
        &shop.as_merchant(MALFORMED).await,
    );
    said.refused(
        "an id of nothing",
        "checkout_not_found",
        &shop.as_merchant(NOBODY).await,
    );
    said.refused_everywhere(&shop, &path).await;
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &shop.as_merchant(&path).await,
    );
    said.compare();
}

#[tokio::test]
async fn the_merchants_server_reads_deposits() {
    let shop = Shop::open().await;
    let mut said = Transcript::of("GET", DEPOSITS, Who::Merchant);
    Reader::Deposits.follows(&mut said, &shop).await;
    let id = shop.made(PAYMENT).await;
    let path = format!("/v1/checkouts/{id}/deposits");
    said.refused("no key", "merchant_key_missing", &shop.get(&path).await);
    let wrong = shop
        .request("GET", &path, &[("authorization", "Bearer nobody")], None)
        .await;
    said.refused("another key", "merchant_key_wrong", &wrong);
    let malformed = shop.as_merchant(&format!("{MALFORMED}/deposits")).await;
    said.refused("no UUID", "checkout_id_malformed", &malformed);
    let missing = shop.as_merchant(&format!("{NOBODY}/deposits")).await;
    said.refused("an id of nothing", "checkout_not_found", &missing);
    said.refused_everywhere(&shop, &path).await;
    shop.break_store();
    said.refused(
        "a broken store",
        "store_unavailable",
        &shop.as_merchant(&path).await,
    );
    said.compare();
}
