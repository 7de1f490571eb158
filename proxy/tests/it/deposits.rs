//! Deposit checkouts: the permanent address of a customer, every payment to it listed once, the sum exact.

use serde_json::{Value, json};

use crate::support::receiving::{DEPOSIT, a_long_history_is_read, amounts, receiving};
use crate::support::{TestProxy, text};

const ADDRESS: &str = "/api/v1/customer-purse/address/get";
const FIND: &str = "/api/v1/customer-purse/transaction/find";

#[tokio::test]
async fn a_deposit_checkout_lists_three_deposits_as_they_arrive() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    let first = shop.show(&id).await;
    assert_eq!(
        (&first["kind"], &first["state"]),
        (&json!("deposit"), &json!("choosing"))
    );
    assert_eq!(first["receiving"], Value::Null);
    assert!(
        !first.to_string().contains("user-7"),
        "the customer's id is not the buyer's business"
    );
    let view = shop.choose(&id, "USDT_BSC").await.expect(200).json();
    assert_eq!(
        (&view["state"], &view["price"], &view["invoice"]),
        (&json!("awaiting"), &Value::Null, &Value::Null)
    );
    let address = text(&view, "/receiving/address").to_owned();

    shop.gateway
        .deposit_in(&address, "USDT_BSC", "0.1", "confirmed")
        .await;
    let seen = receiving(&shop, &id).await;
    assert_eq!(
        (amounts(&seen), &seen["received"]),
        (vec!["0.1"], &json!("0.1"))
    );

    shop.advance(10);
    let pending = shop
        .gateway
        .deposit_in(&address, "USDT_BSC", "0.2", "mempool")
        .await;
    let seen = receiving(&shop, &id).await;
    assert_eq!(amounts(&seen), ["0.1", "0.2"]);
    assert_eq!(seen["deposits"][1]["state"], "detected");
    assert_eq!(seen["received"], "0.1", "what is on its way does not count");
    shop.gateway.move_on(&pending, "confirmed").await;
    for _ in 0..3 {
        let seen = receiving(&shop, &id).await;
        assert_eq!(seen["deposits"][1]["state"], "confirmed");
        assert_eq!(seen["received"], "0.3");
    }

    shop.advance(10);
    let third = shop
        .gateway
        .deposit_in(&address, "USDT_BSC", "7.000001", "mempool")
        .await;
    shop.gateway.move_on(&third, "review").await;
    assert_eq!(
        receiving(&shop, &id).await["deposits"][2]["state"],
        "reviewing"
    );
    shop.gateway.move_on(&third, "confirmed").await;
    // Money in another currency of the same address is another sum.
    shop.gateway
        .deposit_in(&address, "BNB", "2", "confirmed")
        .await;
    let dropped = shop
        .gateway
        .deposit_in(&address, "USDT_BSC", "9", "mempool")
        .await;
    assert_eq!(amounts(&receiving(&shop, &id).await).len(), 4);
    shop.gateway.move_on(&dropped, "dropped").await;
    let seen = receiving(&shop, &id).await;
    assert_eq!(amounts(&seen), ["0.1", "0.2", "7.000001"]);
    assert_eq!(seen["received"], "7.300001");
    let times: Vec<&str> = (0..3)
        .map(|place| text(&seen, &format!("/deposits/{place}/at")))
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(shop.fresh(&id).await["state"], "awaiting", "it stays open");
    let bnb = shop.choose(&id, "BNB").await.expect(200).json();
    assert_eq!(
        bnb["receiving"]["address"], view["receiving"]["address"],
        "one family, one address"
    );
    assert_eq!(
        bnb["receiving"]["received"], "2",
        "known with the first answer"
    );
}

#[tokio::test]
async fn every_page_of_a_long_history_of_a_customer_is_read() {
    a_long_history_is_read(DEPOSIT, FIND).await;
}

#[tokio::test]
async fn an_unsound_answer_shows_nothing_and_changes_nothing() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    shop.gateway.rewrite(|path, text| {
        if path == ADDRESS {
            r#"{"id":"p","address":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeD"}"#.to_owned()
        } else {
            text
        }
    });
    assert_eq!(shop.choose(&id, "ETH").await.code(), "gateway_unsound");
    assert_eq!(shop.show(&id).await["state"], "choosing");
    shop.gateway.honest();
    let view = shop.choose(&id, "ETH").await.expect(200).json();
    let address = text(&view, "/receiving/address").to_owned();
    shop.gateway
        .deposit_in(&address, "ETH", "1.5", "confirmed")
        .await;
    let before = receiving(&shop, &id).await;
    assert_eq!(before["received"], "1.5");
    for (from, to) in [
        ("\"amount\":1.5", "\"amount\":15"),
        ("\"result\":[{", "\"result\":[{\"id\":\"\",\"x\":"),
        ("[{", "["),
    ] {
        shop.gateway.rewrite(move |path, text| {
            if path == FIND {
                text.replace(from, to)
            } else {
                text
            }
        });
        assert_eq!(receiving(&shop, &id).await, before, "{to}");
    }
    shop.gateway.honest();
    // An address that another customer has is nobody's.
    let other = shop.made(&DEPOSIT.replace("user-7", "user-8")).await;
    shop.gateway.rewrite(move |path, text| {
        if path == ADDRESS {
            format!(r#"{{"id":"p","address":"{address}"}}"#)
        } else {
            text
        }
    });
    assert_eq!(shop.choose(&other, "ETH").await.code(), "gateway_unsound");
}

#[tokio::test]
async fn an_address_the_gateway_has_not_named_for_a_day_is_not_shown() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    let view = shop.choose(&id, "BTC").await.expect(200).json();
    let old = text(&view, "/receiving/address").to_owned();
    shop.gateway.fault(ADDRESS, "error500", 1000).await;
    shop.advance(3600);
    assert_eq!(shop.fresh(&id).await["receiving"]["address"], old);
    shop.advance(24 * 3600);
    let view = shop.fresh(&id).await;
    assert_eq!(
        (&view["state"], &view["receiving"]),
        (&json!("choosing"), &Value::Null)
    );
    shop.gateway.no_faults().await;
    // The gateway lets go of an address that was never used; then there is a new one, and never the old one again.
    shop.advance(40 * 86_400);
    let view = shop.fresh(&id).await;
    assert_eq!(view["state"], "awaiting");
    assert_ne!(text(&view, "/receiving/address"), old);
}

#[tokio::test]
async fn a_deposit_checkout_closes_at_its_expiry() {
    let shop = TestProxy::start().await;
    let expires = shop.now().plus_seconds(3600);
    let body = DEPOSIT.replacen('{', &format!(r#"{{"expiresAt":"{expires}","#), 1);
    let id = shop.made(&body).await;
    shop.choose(&id, "BTC").await.expect(200);
    shop.advance(3601);
    assert_eq!(shop.show(&id).await["state"], "expired");
    assert_eq!(shop.choose(&id, "ETH").await.code(), "checkout_closed");
}

#[tokio::test]
async fn the_hosted_page_shows_a_deposit_checkout_without_its_customer() {
    let shop = TestProxy::start().await;
    let id = shop.made(DEPOSIT).await;
    let page = shop.get(&format!("/pay/{id}")).await.expect(200).text();
    assert!(page.contains(&id) && !page.contains("user-7"), "{page}");
}
