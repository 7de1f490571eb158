//! Two shops' events: each is listed, shown and sent again by its own merchant alone, and sent to its own server alone.

use super::{GARDEN_KEY, PAYMENT, Two};
use crate::support::target::Target;
use crate::support::{MERCHANT_KEY, text};

#[tokio::test]
async fn an_event_is_its_own_shops_and_goes_to_its_own_server() {
    let (of_shop, of_garden) = (Target::start().await, Target::start().await);
    let configs = [of_shop.config(), of_garden.config()];
    let two = Two::with(|config| {
        for (shop, events) in config.shops.iter_mut().zip(configs) {
            shop.events = events;
        }
    })
    .await;
    let mut made = Vec::new();
    for (key, gateway) in [(MERCHANT_KEY, &two.gateway), (GARDEN_KEY, &two.garden)] {
        let id = two.made_by(key, PAYMENT).await;
        let view = two.choose(&id, "TRX").await.expect(200).json();
        let (address, amount) = (
            text(&view, "/invoice/address"),
            text(&view, "/invoice/amount"),
        );
        gateway.deposit(address, amount, "mempool").await;
        two.told_to(key, &id).await;
        made.push(id);
    }
    two.proxy.proxy.tell_once().await.unwrap();
    for (target, id) in [(&of_shop, &made[0]), (&of_garden, &made[1])] {
        let came = target.came();
        assert_eq!(came.len(), 1);
        assert_eq!(came[0].checkout(), *id);
    }
    for (own, others, target) in [
        (MERCHANT_KEY, GARDEN_KEY, &of_shop),
        (GARDEN_KEY, MERCHANT_KEY, &of_garden),
    ] {
        let event = &target.came()[0];
        let list = two.call(own, "GET", "/v1/events", None).await.expect(200);
        assert_eq!(list.json()["events"].as_array().map(Vec::len), Some(1));
        assert!(list.text().contains(&event.id));
        for (method, more) in [("GET", ""), ("POST", "/replay")] {
            let path = format!("/v1/events/{}{more}", event.id);
            let refused = two.call(others, method, &path, None).await;
            assert_eq!(refused.code(), "event_not_found", "{method} {path}");
        }
        let of_others = format!("/v1/events?checkout={}", event.checkout());
        let list = two.call(others, "GET", &of_others, None).await.expect(200);
        assert_eq!(list.json()["events"].as_array().map(Vec::len), Some(0));
    }
    two.proxy.proxy.tell_once().await.unwrap();
    assert_eq!((of_shop.came().len(), of_garden.came().len()), (1, 1));
}
