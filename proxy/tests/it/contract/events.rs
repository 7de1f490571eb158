//! `GET /v1/checkouts/{id}/events`: streams that end by themselves, and what comes instead of one.

use super::shop::{PAYMENT, Shop};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::{Reply, text};

#[tokio::test]
async fn a_buyer_listens_to_a_checkout() {
    let shop = Shop::with(|config| config.limits.push_connections = 1).await;
    let mut said = Transcript::of("GET", "/v1/checkouts/{id}/events", Who::Buyer);
    let id = shop.priced(PAYMENT).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    shop.pays(&view, text(&view, "/invoice/due"), "confirmed")
        .await;
    shop.advance(10);
    shop.show(&id).await;
    let tag = shop
        .get(&format!("/v1/checkouts/{id}"))
        .await
        .header("etag");
    let mut reply = Reply::read(shop.ask_to_listen(&id, None).await).await;
    // It is made from the id too.
    reply.bytes = reply.text().replace(&tag, "<tag>").into_bytes();
    said.answered("completed", 200, &reply);
    let again = Reply::read(shop.ask_to_listen(&id, Some(&tag)).await).await;
    said.answered("nothing more to come", 204, &again);
    let nobodys = "00000000-0000-4000-8000-000000000000";
    for (case, id, code) in [
        ("no UUID", "1", "checkout_id_malformed"),
        ("an id of nothing", nobodys, "checkout_not_found"),
    ] {
        let reply = Reply::read(shop.ask_to_listen(id, None).await).await;
        said.refused(case, code, &reply);
    }
    let open = shop.priced(PAYMENT).await;
    let stream = shop.listen(&open).await;
    let reply = Reply::read(shop.ask_to_listen(&open, None).await).await;
    said.refused("no place is left", "push_unavailable", &reply);
    drop(stream);
    said.refused_everywhere(&shop, &format!("/v1/checkouts/{id}/events"))
        .await;
    said.compare();
}
