//! What strangers can make the proxy do is bounded, and honest buyers do not notice them.

use calypso_proxy::Topology;

use crate::support::{CREATE, READ, Reply, TestProxy, behind_a_proxy, text};

const PRODUCT: &str = r#"{"product":"demo-order"}"#;

async fn create_from(shop: &TestProxy, address: &str) -> Reply {
    shop.post("/v1/checkouts", PRODUCT, &[("x-forwarded-for", address)])
        .await
}

#[track_caller]
fn assert_limited(reply: &Reply) {
    assert_eq!((reply.status, reply.code().as_str()), (429, "rate_limited"));
    assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn a_flood_from_one_network_fills_nothing_and_others_are_served() {
    let shop = TestProxy::with(behind_a_proxy).await;
    for n in 0..1000 {
        let reply = create_from(&shop, &format!("203.0.113.{}", n % 256)).await;
        if n < 60 {
            reply.expect(201);
        } else {
            assert_limited(&reply);
        }
    }
    assert_eq!(shop.books().await.checkouts, 60);
    create_from(&shop, "198.51.100.1").await.expect(201);
    // What the client writes itself into the header does not help it.
    assert_limited(&create_from(&shop, "192.0.2.1, 203.0.113.7").await);
    let body = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
    shop.made(body).await;
    shop.wait(6_000);
    create_from(&shop, "203.0.113.7").await.expect(201);
    assert_limited(&create_from(&shop, "203.0.113.7").await);
}

#[tokio::test]
async fn choices_of_one_network_are_bounded_too() {
    let shop = TestProxy::with(|config| {
        behind_a_proxy(config);
        config.limits.network_choices_per_hour = 30;
    })
    .await;
    let id = shop.checkout().await;
    let choose = |address: &'static str| shop.post_choice(&id, "BTC", address);
    for _ in 0..3 {
        choose("2001:db8:0:1::1").await.expect(200);
    }
    assert_limited(&choose("2001:db8:0:1:ffff::2").await);
    choose("2001:db8:0:2::1").await.expect(200);
}

#[tokio::test]
async fn clients_on_this_computer_are_counted_where_nothing_stands_in_front() {
    let shop = TestProxy::with(|config| {
        config.limits.topology = Topology::Proxies(Vec::new());
        config.limits.network_checkouts_per_hour = 50;
    })
    .await;
    for _ in 0..5 {
        shop.checkout().await;
    }
    assert_limited(&create_from(&shop, "198.51.100.1").await);
}

#[tokio::test]
async fn one_product_is_bounded_wherever_its_buyers_are() {
    let shop = TestProxy::with(|config| config.limits.product_checkouts_per_hour = 100).await;
    for _ in 0..10 {
        shop.checkout().await;
    }
    assert_limited(&shop.post("/v1/checkouts", PRODUCT, &[]).await);
    let other = r#"{"product":"gift-card"}"#;
    shop.post("/v1/checkouts", other, &[]).await.expect(201);
}

#[tokio::test]
async fn two_hundred_clicks_on_a_currency_the_gateway_refuses_are_a_few_calls() {
    for kind in ["unknown_currency", "error500", "error429"] {
        let shop = TestProxy::start().await;
        let id = shop.checkout().await;
        shop.gateway.fault(CREATE, kind, 10_000).await;
        for n in 0..200 {
            let reply = shop.choose(&id, "BTC").await;
            if n >= 4 {
                assert_limited(&reply);
            }
        }
        assert!(
            shop.gateway.calls(CREATE).await <= 8,
            "{kind}: each asked at most twice"
        );
        assert!(shop.books().await.attempts() <= 4, "{kind}");
        // Another currency and another buyer are not held up by it.
        shop.gateway.no_faults().await;
        shop.choose(&id, "LTC").await.expect(200);
        shop.awaiting("BTC").await;
        shop.wait(2_000);
        shop.choose(&id, "BTC").await.expect(200);
    }
}

#[tokio::test]
async fn a_checkout_has_so_many_open_invoices_and_each_stays_payable() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    for currency in ["USDT_TRX", "USDT", "BTC", "ETH", "LTC", "TRX"] {
        shop.choose(&id, currency).await.expect(200);
    }
    assert_limited(&shop.choose(&id, "XDG").await);
    assert_eq!(shop.gateway.calls(CREATE).await, 6);
    let again = shop.choose(&id, "BTC").await.expect(200).json();
    assert_eq!(text(&again, "/invoice/currency"), "BTC");
}

/// Which invoices a round of the watcher read, by address, in order.
async fn read_in_a_round(shop: &TestProxy) -> Vec<String> {
    let before = shop.gateway.calls(READ).await;
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    let requests = shop.gateway.requests().await;
    let reads = requests.iter().filter(|request| request["path"] == READ);
    reads
        .skip(before)
        .map(|request| request["answer"]["body"].to_string())
        .collect()
}

#[tokio::test]
async fn a_payment_on_a_closed_page_is_noticed_as_soon_in_a_flood() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("BTC").await;
    shop.show(&id).await;
    for _ in 0..250 {
        shop.awaiting("LTC").await;
    }
    let address = text(&invoice, "/address");
    shop.gateway
        .deposit(address, text(&invoice, "/amount"), "confirmed")
        .await;
    let reads = read_in_a_round(&shop).await;
    assert!(
        reads[..8].iter().any(|read| read.contains(address)),
        "the honest buyer's is among the first, which are read at the same time"
    );
    assert_eq!(reads.len(), 120, "and a round has its end");
    let books = shop.books().await;
    let paid = books.invoices.iter().filter(|(phase, _)| phase.has_money());
    assert_eq!(paid.map(|(_, count)| count).sum::<u32>(), 1);

    // Those nobody came back to have their turn all the same.
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..5 {
        seen.extend(read_in_a_round(&shop).await);
    }
    let unseen = shop
        .gateway
        .invoices_made()
        .await
        .into_iter()
        .filter(|made| !seen.iter().any(|read| read.contains(made.as_str())));
    assert!(
        unseen.count() <= 1,
        "all but the honest one, which is completed"
    );
}
