//! A storm of webhooks, many at once and every fifth twice: each is acknowledged, each counts once, and a payment among them is seen.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::size::Size;
use crate::support::hook::{Hook, NOWHERE, event};
use crate::support::{TestProxy, text};

/// How many invoices they are about.
const INVOICES: usize = 12;
/// How many are on their way at the same time.
const AT_ONCE: usize = 32;

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_events_is_acknowledged_and_each_counts_once() {
    let size = Size::of("storm", 250);
    let shop = Arc::new(TestProxy::start().await);
    let mut buyers = Vec::new();
    for _ in 0..INVOICES {
        buyers.push(shop.awaiting("USDT_TRX").await);
    }
    let named = shop.gateway.invoices_made().await;
    let hook = Arc::new(Hook::register(&shop, NOWHERE, false).await);
    // Somebody pays, and the news of it are as many as of everything else.
    let (paid, invoice) = &buyers[0];
    let (to, amount) = (text(invoice, "/address"), text(invoice, "/amount"));
    shop.gateway.deposit(to, amount, "confirmed").await;
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut sent = JoinSet::new();
    let mut doubled = 0;
    for number in 0..size.count {
        let about = &named[usize::try_from(number).unwrap() % named.len()];
        let body = event(
            number + 1,
            "INVOICE_PAID",
            json!({"parentExternalId": about}),
        );
        let times = if number % 5 == 0 { 2 } else { 1 };
        doubled += times - 1;
        for _ in 0..times {
            let (shop, hook, places) = (Arc::clone(&shop), Arc::clone(&hook), Arc::clone(&places));
            let body = body.clone();
            sent.spawn(async move {
                let _place = places.acquire().await.unwrap();
                hook.send(&shop, body.as_bytes()).await.status
            });
        }
    }
    let mut answers = 0;
    while let Some(status) = sent.join_next().await {
        assert_eq!(status.unwrap(), 200);
        answers += 1;
    }
    let kept = u64::from(shop.books().await.deliveries);
    assert_eq!(kept, size.count, "each once");
    // It is credited a few seconds after it was paid, and a long storm takes longer.
    let state = text(&shop.fresh(paid).await, "/state").to_owned();
    assert!(["paid", "completed"].contains(&state.as_str()), "{state}");
    for (id, _) in &buyers[1..] {
        assert_eq!(text(&shop.show(id).await, "/state"), "awaiting");
    }
    println!(
        "{answers} deliveries of {} events, {doubled} of them twice: all acknowledged, each kept once",
        size.count
    );
}
