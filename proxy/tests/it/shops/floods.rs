//! A flood of one shop is nobody else's trouble: whatever strangers use up at one of two shops, the other's buyers have everything.

use super::{GARDEN, GARDEN_KEY, Two};
use crate::support::{CREATE, MERCHANT_KEY, SHOP, behind_a_proxy, text};

const PRODUCT: &str = r#"{"product":"demo-order"}"#;

/// Makes checkouts as a page of this origin until it is refused, at most so many; their ids.
async fn make_all(two: &Two, origin: &str, most: usize) -> Vec<String> {
    let mut ids = Vec::new();
    while ids.len() < most {
        let reply = two
            .page(origin, "POST", "/v1/checkouts", Some(PRODUCT))
            .await;
        if reply.status != 201 {
            assert_eq!(reply.code(), "rate_limited");
            break;
        }
        ids.push(text(&reply.json(), "/id").to_owned());
    }
    ids
}

async fn choose(two: &Two, origin: &str, id: &str, currency: &str) -> u16 {
    let path = format!("/v1/checkouts/{id}/invoice");
    let body = format!(r#"{{"currency":"{currency}"}}"#);
    two.page(origin, "POST", &path, Some(&body)).await.status
}

#[tokio::test]
async fn checkouts_that_a_network_makes_at_one_shop_leave_it_its_number_at_the_other() {
    for by_day in [false, true] {
        let two = Two::with(|config| {
            let limits = &mut config.limits;
            if by_day {
                limits.network_checkouts_per_day = 4;
            } else {
                limits.network_checkouts_per_hour = 10;
            }
        })
        .await;
        assert_eq!(make_all(&two, SHOP, 100).await.len(), 12);
        assert_eq!(make_all(&two, GARDEN, 100).await.len(), 12);
    }
}

#[tokio::test]
async fn choices_and_invoices_at_one_shop_leave_the_other_its_number() {
    let two = Two::with(|config| config.limits.invoices_per_hour = 20).await;
    let ids = make_all(&two, SHOP, 5).await;
    let gardens = make_all(&two, GARDEN, 2).await;
    let mut statuses = Vec::new();
    for id in &ids {
        statuses.push(choose(&two, SHOP, id, "BTC").await);
    }
    assert_eq!(statuses, [200, 200, 429, 429, 429]);
    for id in &gardens {
        assert_eq!(choose(&two, GARDEN, id, "BTC").await, 200);
    }
    assert_eq!(two.gateway.calls(CREATE).await, 2);

    let two = Two::with(|config| config.limits.network_choices_per_hour = 1).await;
    let [id] = make_all(&two, SHOP, 1).await.try_into().unwrap();
    let [garden] = make_all(&two, GARDEN, 1).await.try_into().unwrap();
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(choose(&two, SHOP, &id, "BTC").await);
    }
    assert_eq!(statuses, [200, 429, 429]);
    assert_eq!(choose(&two, GARDEN, &garden, "BTC").await, 200);
}

#[tokio::test]
async fn a_shop_full_of_open_checkouts_leaves_the_other_its_part() {
    let two = Two::with(|config| config.limits.open_checkouts = 8).await;
    // Its own two, and the common four; a currency is picked for each, so that none can go.
    for _ in 0..6 {
        let [id] = make_all(&two, SHOP, 1).await.try_into().unwrap();
        assert_eq!(choose(&two, SHOP, &id, "BTC").await, 200);
    }
    assert_eq!(make_all(&two, SHOP, 1).await.len(), 0);
    for _ in 0..2 {
        let [id] = make_all(&two, GARDEN, 1).await.try_into().unwrap();
        assert_eq!(choose(&two, GARDEN, &id, "BTC").await, 200);
    }
    assert_eq!(
        make_all(&two, GARDEN, 1).await.len(),
        0,
        "and no more than all"
    );
    assert_eq!(two.books().await.checkouts, 8);
    two.proxy.proxy.watch_once().await.unwrap();
    assert_eq!(two.books().await.checkouts, 8);
}

#[tokio::test]
async fn room_is_made_among_the_checkouts_of_the_shop_that_needs_it() {
    let two = Two::with(|config| config.limits.open_checkouts = 8).await;
    let [garden] = make_all(&two, GARDEN, 1).await.try_into().unwrap();
    make_all(&two, SHOP, 40).await;
    two.proxy.proxy.watch_once().await.unwrap();
    assert!(two.books().await.checkouts <= 8);
    two.page(GARDEN, "GET", &format!("/v1/checkouts/{garden}"), None)
        .await
        .expect(200);
}

#[tokio::test]
async fn streams_of_one_shop_leave_the_other_its_places() {
    let two = Two::with(|config| config.limits.push_connections = 8).await;
    let [id] = make_all(&two, SHOP, 1).await.try_into().unwrap();
    let [garden] = make_all(&two, GARDEN, 1).await.try_into().unwrap();
    let mut open = Vec::new();
    let mut statuses = Vec::new();
    for (id, times) in [(&id, 8), (&garden, 3)] {
        for _ in 0..times {
            let stream = two.ask_to_listen(id, None).await;
            statuses.push(stream.status().as_u16());
            open.push(stream);
        }
    }
    assert_eq!(
        statuses,
        [200, 200, 200, 200, 200, 200, 503, 503, 200, 200, 503]
    );
}

#[tokio::test]
async fn calls_with_one_shops_key_are_not_counted_for_the_other() {
    let two = Two::with(|config| {
        behind_a_proxy(config);
        config.limits.merchant_calls_per_minute = 3;
    })
    .await;
    let list = "/v1/checkouts?externalId=order-1001";
    let mut statuses = Vec::new();
    for key in [
        MERCHANT_KEY,
        MERCHANT_KEY,
        MERCHANT_KEY,
        MERCHANT_KEY,
        GARDEN_KEY,
    ] {
        statuses.push(two.call(key, "GET", list, None).await.status);
    }
    assert_eq!(statuses, [200, 200, 200, 429, 200]);
}

#[tokio::test]
async fn a_shop_whose_gateway_is_slow_takes_no_place_of_the_other() {
    let two = Two::with(|config| config.limits.choices_at_once = 1).await;
    let shops = make_all(&two, SHOP, 2).await;
    let [garden] = make_all(&two, GARDEN, 1).await.try_into().unwrap();
    two.gateway.hold(Some(CREATE));
    let (waits, (refused, others)) = tokio::join!(choose(&two, SHOP, &shops[0], "BTC"), async {
        while two.gateway.held().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let refused = choose(&two, SHOP, &shops[1], "BTC").await;
        let others = choose(&two, GARDEN, &garden, "BTC").await;
        two.gateway.hold(None);
        (refused, others)
    });
    assert_eq!((waits, refused, others), (200, 503, 200));
}
