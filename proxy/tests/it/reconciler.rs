//! How often the gateway is read: at a falling rate, within a budget, and much less often while webhooks tell.

mod budget;
mod lost;
mod replicas;
mod shared;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use calypso_proxy::Limits;
use calypso_sandbox::WallClock;

use crate::support::hook::{Hook, NOWHERE};
use crate::support::{Gateway, READ, TestProxy, text};

const HOUR: u64 = 3600;

/// A shop whose webhooks arrive, with an open invoice in `currency`: its checkout, the invoice as shown, and the gateway's id of it.
async fn told(currency: &str) -> (TestProxy, Hook, String, serde_json::Value, String) {
    let shop = TestProxy::start().await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let (id, invoice) = shop.awaiting(currency).await;
    let named = shop.gateway.invoice_at(text(&invoice, "/address")).await;
    hook.tell(&shop, 1, "INVOICE_CREATE_INVOICE", &named)
        .await
        .expect(200);
    (shop, hook, id, invoice, named)
}

/// Lets an hour pass, with a round of the watcher every half minute and somebody who polls if `polled` says so. How often was read.
async fn an_hour(shop: &TestProxy, polled: Option<&str>) -> usize {
    let before = shop.gateway.calls(READ).await;
    for _ in 0..HOUR / 30 {
        shop.advance(30);
        shop.proxy.watch_once().await.unwrap();
        if let Some(id) = polled {
            shop.show(id).await;
        }
    }
    shop.gateway.calls(READ).await - before
}

#[tokio::test]
async fn with_webhooks_an_unpaid_invoice_costs_twelve_readings_in_its_first_hour_and_two_an_hour_after()
 {
    // BTC has a new price each hour, USDT every quarter.
    for currency in ["BTC", "USDT_TRX"] {
        let (shop, _, _, _, _) = told(currency).await;
        let first = an_hour(&shop, None).await;
        assert!((8..=12).contains(&first), "{currency}: {first}");
        for hour in 2..=3 {
            let reads = an_hour(&shop, None).await;
            assert!((1..=2).contains(&reads), "{currency}, hour {hour}: {reads}");
        }
    }
}

#[tokio::test]
async fn with_webhooks_somebody_who_polls_all_the_time_costs_no_more_than_the_prices_that_are_worked_out_anew()
 {
    let (shop, _, id, _, _) = told("BTC").await;
    let first = an_hour(&shop, Some(&id)).await;
    assert!((8..=12).contains(&first), "{first}");
    let second = an_hour(&shop, Some(&id)).await;
    assert!(second <= 3, "two, and one for the price: {second}");
    let (shop, _, id, _, _) = told("USDT_TRX").await;
    let first = an_hour(&shop, Some(&id)).await;
    assert!((8..=12).contains(&first), "{first}");
    let second = an_hour(&shop, Some(&id)).await;
    assert!(second <= 5, "one for each price: {second}");
    // What is shown is never older than its price.
    let view = shop.show(&id).await;
    let reprice = checkout::Timestamp::parse(text(&view, "/invoice/repriceAt")).unwrap();
    assert!(reprice > shop.now(), "{view}");
}

#[tokio::test]
async fn without_webhooks_what_nobody_pays_is_read_less_and_less_often() {
    let shop = TestProxy::start().await;
    shop.awaiting("BTC").await;
    let hours = [
        an_hour(&shop, None).await,
        an_hour(&shop, None).await,
        an_hour(&shop, None).await,
    ];
    assert!((100..=120).contains(&hours[0]), "{hours:?}");
    assert!((25..=35).contains(&hours[1]), "{hours:?}");
    assert!((25..=35).contains(&hours[2]), "{hours:?}");
    shop.advance(4 * HOUR);
    assert!((4..=7).contains(&an_hour(&shop, None).await));
}

/// One client makes all invoices here.
fn unbounded(limits: &mut Limits) {
    limits.network_checkouts_per_hour = 0;
    limits.network_choices_per_hour = 0;
    limits.product_checkouts_per_hour = 0;
    limits.invoices_per_hour = 0;
}

/// How often each of `invoices` is polled in each of ten minutes by `buyers`, and how often that made the gateway be read.
async fn polled(invoices: usize, buyers: usize) -> usize {
    let shop = TestProxy::with(|config| unbounded(&mut config.limits)).await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let mut ids = Vec::new();
    for _ in 0..invoices {
        ids.push(shop.awaiting("LTC").await.0);
    }
    hook.tell(&shop, 1, "INVOICE_CREATE_INVOICE", "1")
        .await
        .expect(200);
    let before = shop.gateway.calls(READ).await;
    for _ in 0..20 {
        shop.advance(30);
        for id in &ids {
            for _ in 0..buyers {
                shop.show(id).await;
            }
        }
        shop.proxy.watch_once().await.unwrap();
    }
    shop.gateway.calls(READ).await - before
}

/// `CALYPSO_POLLED_INVOICES` says how many invoices; 1 000 take some minutes.
#[tokio::test]
async fn ten_buyers_of_an_invoice_cost_no_more_readings_than_one() {
    let invoices = std::env::var("CALYPSO_POLLED_INVOICES");
    let invoices = invoices.map_or(10, |text| text.parse().unwrap());
    let (one, ten) = (polled(invoices, 1).await, polled(invoices, 10).await);
    // The sandbox's clock goes on while it is polled, so some are read a round sooner or later.
    assert!(ten <= one + invoices / 2, "{one}, and {ten}");
    assert!(one <= invoices * 5, "{one}");
}

/// `CALYPSO_OPEN_INVOICES` says how many are open; 10 000 take some minutes.
#[tokio::test]
async fn many_open_invoices_are_read_at_an_even_rate_that_falls() {
    let many = std::env::var("CALYPSO_OPEN_INVOICES");
    let many: usize = many.map_or(60, |text| text.parse().unwrap());
    // The sandbox keeps the newest ten thousand requests only.
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let gateway = Gateway::with(WallClock::system(), |router| {
        router.layer(from_fn(move |request: Request, next: Next| {
            if request.uri().path() == READ {
                counted.fetch_add(1, Ordering::Relaxed);
            }
            next.run(request)
        }))
    });
    let shop = TestProxy::behind(gateway.await, |config| unbounded(&mut config.limits)).await;
    let hook = Hook::register(&shop, NOWHERE, false).await;
    let order = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
    for _ in 0..many {
        let id = shop.made(order).await;
        shop.choose(&id, "LTC").await.expect(200);
    }
    hook.tell(&shop, 1, "INVOICE_CREATE_INVOICE", "1")
        .await
        .expect(200);
    let mut hours = Vec::new();
    let (mut most, mut last) = (0, count.load(Ordering::Relaxed));
    for _ in 0..3 {
        let begun = last;
        for _ in 0..60 {
            // The second round is that which comes sooner when not all had their turn.
            for _ in 0..2 {
                shop.advance(30);
                shop.proxy.watch_once().await.unwrap();
            }
            let now = count.load(Ordering::Relaxed);
            most = most.max(now - last);
            last = now;
        }
        hours.push(last - begun);
    }
    eprintln!("{many} open invoices: {hours:?} readings in each hour, {most} in a minute at most");
    assert!(most <= 1_200 * 2, "{most}");
    assert!(hours[0] <= many * 12, "{hours:?}");
    assert!(hours[2] <= many * 2 && hours[2] >= many, "{hours:?}");
}
