//! One customer at the gateway for each of the merchant's own ids, and one address for each family of networks.

use std::sync::Arc;

use serde_json::Value;

use crate::support::{TestProxy, text};

const CREATE: &str = "/api/v1/customer-purse/customer/create";

async fn checkout_of(shop: &TestProxy, customer: &str) -> String {
    shop.made(&format!(
        r#"{{"kind":"deposit","customer":"{customer}","description":"Your address"}}"#
    ))
    .await
}

async fn address(shop: &TestProxy, id: &str, currency: &str) -> String {
    let view = shop.choose(id, currency).await.expect(200).json();
    text(&view, "/receiving/address").to_owned()
}

/// How many customers are known, and how many calls to make one have no outcome.
async fn customers(shop: &TestProxy) -> (u32, u32) {
    let books = shop.books().await;
    (books.customers, books.customer_calls)
}

#[tokio::test]
async fn sixty_four_at_once_make_one_customer() {
    let mut shop = TestProxy::start().await;
    let mut ids = Vec::new();
    for _ in 0..64 {
        ids.push(checkout_of(&shop, "user-7").await);
    }
    let shared = Arc::new(shop);
    let calls: Vec<_> = ids
        .iter()
        .map(|id| {
            let (shop, id) = (Arc::clone(&shared), id.clone());
            tokio::spawn(async move { address(&shop, &id, "USDT_TRX").await })
        })
        .collect();
    let mut addresses = Vec::new();
    for call in calls {
        addresses.push(call.await.unwrap());
    }
    addresses.dedup();
    assert_eq!(addresses.len(), 1, "{addresses:?}");
    assert_eq!(shared.gateway.calls(CREATE).await, 1);
    assert_eq!(shared.books().await.customers, 1);
    shop = Arc::into_inner(shared).unwrap();
    shop.restarted().await;
    let again = checkout_of(&shop, "user-7").await;
    assert_eq!(
        address(&shop, &again, "USDT_TRX").await,
        addresses[0],
        "permanent"
    );
    assert_eq!(shop.gateway.calls(CREATE).await, 1);
    assert_eq!(customers(&shop).await, (1, 0), "every call is settled");
}

#[tokio::test]
async fn one_address_for_each_customer_and_family() {
    let shop = TestProxy::start().await;
    let mut all = Vec::new();
    for customer in ["user-7", "user-8", "USER-7"] {
        let id = checkout_of(&shop, customer).await;
        let evm = address(&shop, &id, "ETH").await;
        for currency in ["USDT", "USDC", "BNB", "USDT_BSC", "POL"] {
            assert_eq!(address(&shop, &id, currency).await, evm, "{currency}");
        }
        all.push(evm);
        for currency in ["BTC", "LTC", "XDG", "TRX"] {
            all.push(address(&shop, &id, currency).await);
        }
        assert_eq!(address(&shop, &id, "USDT_TRX").await, *all.last().unwrap());
    }
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(
        (all.len(), count),
        (15, 15),
        "three customers, five families"
    );
    assert_eq!(shop.gateway.calls(CREATE).await, 3);
    let asked: Vec<Value> = shop.gateway.requests().await;
    let sent: Vec<&Value> = asked
        .iter()
        .filter(|request| request["path"] == CREATE)
        .map(|request| &request["body"]["payload"])
        .collect();
    assert_eq!(*sent[0], serde_json::json!({"externalId": "user-7"}));
}

#[tokio::test]
async fn a_call_that_was_never_sent_leaves_nothing_open() {
    let mut shop = TestProxy::start().await;
    let id = checkout_of(&shop, "user-7").await;
    shop.gateway.stop().await;
    assert_eq!(shop.choose(&id, "BTC").await.code(), "gateway_unavailable");
    assert_eq!(customers(&shop).await, (0, 0));
}

#[tokio::test]
async fn an_answer_that_is_none_is_not_believed() {
    let shop = TestProxy::start().await;
    let id = checkout_of(&shop, "user-7").await;
    // In a successful answer even an error may stand for a customer that was made.
    let answers = [
        r#"{"errorCode":"001","message":"payload.externalId=[not now]"}"#,
        "{}",
        "<html>",
    ];
    for (place, answer) in (1..).zip(answers) {
        shop.gateway.rewrite(move |path, text| {
            if path == CREATE {
                answer.to_owned()
            } else {
                text
            }
        });
        assert_eq!(shop.choose(&id, "BTC").await.code(), "gateway_failed");
        assert_eq!(customers(&shop).await, (0, place), "{answer}");
    }
    shop.gateway.honest();
    shop.choose(&id, "BTC").await.expect(200);
    assert_eq!(customers(&shop).await.0, 1);
}

#[tokio::test]
async fn a_lost_answer_leaves_a_customer_nobody_was_shown() {
    let mut shop = TestProxy::hasty().await;
    let id = checkout_of(&shop, "user-7").await;
    shop.gateway.fault(CREATE, "timeout_after", 1).await;
    assert_eq!(shop.choose(&id, "BTC").await.code(), "gateway_unavailable");
    assert_eq!(
        customers(&shop).await,
        (0, 1),
        "the call was written down and is open"
    );
    assert_eq!(shop.show(&id).await["state"], "choosing");
    shop.gateway.no_faults().await;
    shop.restarted().await;
    let shown = address(&shop, &id, "BTC").await;
    assert_eq!(
        shop.gateway.calls(CREATE).await,
        2,
        "as decision record 0005 says"
    );
    assert_eq!(
        customers(&shop).await,
        (1, 1),
        "what may have been made and is not used stays on record"
    );
    // Only the customer that was kept was ever asked for an address: the one whose making was answered.
    let requests = shop.gateway.requests().await;
    let mut made = requests.iter().filter(|request| request["path"] == CREATE);
    let kept = text(made.next_back().unwrap(), "/answer/body/id");
    let asked = requests
        .iter()
        .filter(|request| request["path"] == "/api/v1/customer-purse/address/get")
        .map(|request| text(&request["body"]["payload"], "/customerId").to_owned());
    for customer in asked {
        assert_eq!(customer, kept);
    }
    let again = checkout_of(&shop, "user-7").await;
    assert_eq!(address(&shop, &again, "BTC").await, shown);
    assert_eq!(shop.gateway.calls(CREATE).await, 2);
}

#[tokio::test]
async fn a_customer_of_another_name_is_not_taken() {
    let shop = TestProxy::start().await;
    let id = checkout_of(&shop, "user-7").await;
    for answer in [
        r#"{"id":"1","externalId":"user-8"}"#,
        r#"{"id":"","externalId":"user-7"}"#,
    ] {
        shop.gateway.rewrite(move |path, text| {
            if path == CREATE {
                answer.to_owned()
            } else {
                text
            }
        });
        assert_eq!(
            shop.choose(&id, "BTC").await.code(),
            "gateway_unsound",
            "{answer}"
        );
        assert_eq!(customers(&shop).await.0, 0);
    }
}
