//! `GET /v1/events`, and one event, shown and sent again.

use super::shop::{PAYMENT, Shop};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::target::{Reply, Target};
use crate::support::text;

const LIST: &str = "/v1/events";
const ONE: &str = "/v1/events/{id}";
const REPLAY: &str = "/v1/events/{id}/replay";
const NOBODYS: &str = "evt_00000000000000000000000000000000";

/// A shop whose server is told of a payment, takes one event, and refuses the next.
async fn told() -> (Shop, Target, String) {
    let target = Target::start().await;
    let events = target.config();
    let shop = Shop::with(|config| config.shops[0].events = events).await;
    target.next([Reply::Status(204), Reply::Later(503, 3600)]);
    let id = shop.priced(PAYMENT).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    let due = text(&view, "/invoice/due");
    let deposit = shop.pays(&view, due, "mempool").await;
    shop.wait(10_000);
    shop.show(&id).await;
    shop.gateway.move_on(&deposit, "confirmed").await;
    shop.advance(60);
    shop.show(&id).await;
    shop.show(&id).await;
    shop.proxy().tell_once().await.unwrap();
    (shop, target, id)
}

async fn first(shop: &Shop, query: &str) -> String {
    let list = shop.as_merchant(&format!("{LIST}{query}")).await;
    text(&list.expect(200).json(), "/events/0/id").to_owned()
}

#[tokio::test]
async fn the_merchants_server_lists_its_events() {
    let mut said = Transcript::of("GET", LIST, Who::Merchant);
    let quiet = Shop::open().await;
    said.answered("none yet", 200, &quiet.as_merchant(LIST).await);
    let (shop, _target, id) = told().await;
    said.answered("a payment", 200, &shop.as_merchant(LIST).await);
    let query = format!("{LIST}?type=checkout.paid&state=pending&checkout={id}");
    said.answered("some of them", 200, &shop.as_merchant(&query).await);
    for (code, case, query) in [
        ("field_invalid", "a type of nothing", "?type=paid"),
        ("field_invalid", "a state of nothing", "?state=sent"),
        (
            "field_invalid",
            "a cursor that was never given",
            "?cursor=x",
        ),
        ("checkout_id_malformed", "no UUID", "?checkout=7"),
        ("field_unknown", "another parameter", "?kind=checkout.paid"),
        ("duplicate_key", "two states", "?state=dead&state=unsent"),
    ] {
        let asked = format!("{LIST}{query}");
        said.refused(case, code, &shop.as_merchant(&asked).await);
    }
    said.refused("no key", "merchant_key_missing", &shop.get(LIST).await);
    let wrong = [("authorization", "Bearer nobody")];
    let wrong = shop.request("GET", LIST, &wrong, None).await;
    said.refused("another key", "merchant_key_wrong", &wrong);
    said.refused_everywhere(&shop, LIST).await;
    shop.break_events();
    let broken = shop.as_merchant(LIST).await;
    said.refused("a broken store", "store_unavailable", &broken);
    said.compare();
}

#[tokio::test]
async fn the_merchants_server_reads_one_event() {
    let mut said = Transcript::of("GET", ONE, Who::Merchant);
    let (shop, _target, _) = told().await;
    let path = ONE.replace("{id}", &first(&shop, "?type=checkout.detected").await);
    said.answered(
        "one that was delivered",
        200,
        &shop.as_merchant(&path).await,
    );
    for (case, id) in [("an id of nothing", NOBODYS), ("no id", "7")] {
        let missing = shop.as_merchant(&ONE.replace("{id}", id)).await;
        said.refused(case, "event_not_found", &missing);
    }
    said.refused("no key", "merchant_key_missing", &shop.get(&path).await);
    let wrong = [("authorization", "Bearer nobody")];
    let wrong = shop.request("GET", &path, &wrong, None).await;
    said.refused("another key", "merchant_key_wrong", &wrong);
    said.refused_everywhere(&shop, &path).await;
    shop.break_events();
    let broken = shop.as_merchant(&path).await;
    said.refused("a broken store", "store_unavailable", &broken);
    said.compare();
}

#[tokio::test]
async fn the_merchants_server_has_an_event_sent_again() {
    let mut said = Transcript::of("POST", REPLAY, Who::Merchant);
    let (shop, _target, _) = told().await;
    let path = REPLAY.replace("{id}", &first(&shop, "?type=checkout.detected").await);
    let replayed = shop.by_merchant("POST", &path, None).await;
    said.answered("one that was delivered", 202, &replayed);
    for (case, id) in [("an id of nothing", NOBODYS), ("no id", "7")] {
        let path = REPLAY.replace("{id}", id);
        let missing = shop.by_merchant("POST", &path, None).await;
        said.refused(case, "event_not_found", &missing);
    }
    let quiet = Shop::open().await;
    let nowhere = quiet.by_merchant("POST", &path, None).await;
    said.refused("no server to send to", "event_target_missing", &nowhere);
    let nobody = shop.request("POST", &path, &[], None).await;
    said.refused("no key", "merchant_key_missing", &nobody);
    let wrong = [("authorization", "Bearer nobody")];
    let wrong = shop.request("POST", &path, &wrong, None).await;
    said.refused("another key", "merchant_key_wrong", &wrong);
    said.refused_everywhere(&shop, &path).await;
    shop.break_events();
    let broken = shop.by_merchant("POST", &path, None).await;
    said.refused("a broken store", "store_unavailable", &broken);
    said.compare();
}
