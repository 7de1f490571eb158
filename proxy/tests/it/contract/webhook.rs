//! `POST /webhooks/calypso`: what the gateway tells by itself.

use serde_json::json;

use super::shop::{PAYMENT, Shop};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::support::behind_a_proxy;
use crate::support::hook::{Hook, NOWHERE, PATH, event};
use crate::support::text;

#[tokio::test]
async fn the_gateway_tells_of_a_payment() {
    let shop = Shop::with(behind_a_proxy).await;
    let mut said = Transcript::of("POST", PATH, Who::Gateway);
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let id = shop.priced(PAYMENT).await;
    let view = shop.choose(&id, "USDT_TRX").await.expect(200).json();
    let address = text(&view, "/invoice/address");
    let invoice = shop.gateway.invoice_at(address).await;
    shop.pays(&view, text(&view, "/invoice/due"), "confirmed")
        .await;
    let tell = async |number| hook.tell(&shop, number, "INVOICE_PAID", &invoice).await;
    said.answered("news of an invoice", 200, &tell(1).await);
    said.answered("the same news once more", 200, &tell(1).await);
    let nobodys = hook.tell(&shop, 2, "INVOICE_PAID", "1").await;
    said.answered("news of nobody's invoice", 200, &nobodys);
    let unreadable = hook.send(&shop, b"signed, and no delivery").await;
    said.answered("something signed that nobody can read", 200, &unreadable);

    let body = event(3, "INVOICE_PAID", json!({}));
    let (key, sign) = (hook.key.as_str(), hook.sign(b"other bytes"));
    let headers = [("key", key), ("sign", sign.as_str())];
    let forged = shop.request("POST", PATH, &headers, Some(body.as_bytes()));
    said.refused(
        "signed by somebody else",
        "webhook_not_signed",
        &forged.await,
    );
    let unsigned = shop.request("POST", PATH, &[], Some(body.as_bytes())).await;
    said.refused("not signed", "webhook_not_signed", &unsigned);
    let most = shop.proxy().config().limits.body_bytes;
    let long = hook.send(&shop, &vec![b' '; most + 1]).await;
    said.refused("more than is read", "body_too_large", &long);
    said.refused_everywhere(&shop, PATH).await;
    shop.break_deliveries();
    said.refused("a broken store", "store_unavailable", &tell(4).await);
    said.compare();
}
