//! How often the gateway is read, counted at the gateway: not more often for ten thousand buyers than for one thousand.

use std::sync::Arc;

use calypso_sandbox::WallClock;
use tokio::task::JoinSet;

use super::calls::Calls;
use super::size::Size;
use crate::support::{Gateway, READ, TestProxy};

const INVOICES: usize = 1000;
/// So many ask at the same time, as many as one network may have read for it; the others come right after them.
const AT_ONCE: usize = 8;
const ROUNDS: usize = 3;
/// More than any crowd here may cause.
const READS: u32 = 1_000_000;

async fn counted() -> (Calls, TestProxy) {
    let calls = Calls::default();
    let gateway = Gateway::with(WallClock::system(), |router| calls.before(router)).await;
    let shop = TestProxy::behind(gateway, |config| {
        config.limits.network_choices_per_hour = 0;
        config.limits.network_checkouts_per_hour = 0;
        config.limits.product_checkouts_per_hour = 0;
        config.limits.invoices_per_hour = 0;
        // What the account's budget refuses would hide how often the crowd would have read.
        config.shops[0].gateway.reads_per_minute = READS;
    });
    (calls, shop.await)
}

/// How often the gateway is read while so many buyers look at so many invoices, each in every round, a pace apart.
async fn reads(buyers: usize, invoices: usize) -> usize {
    let (calls, shop) = counted().await;
    let mut ids = Vec::new();
    for _ in 0..invoices {
        ids.push(shop.awaiting("BTC").await.0);
    }
    let (shop, ids) = (Arc::new(shop), Arc::new(ids));
    let before = calls.of(READ);
    for _ in 0..ROUNDS {
        shop.wait(3_000);
        let mut asking = JoinSet::new();
        for buyer in 0..buyers {
            if asking.len() == AT_ONCE {
                asking.join_next().await.unwrap().unwrap();
            }
            let (shop, ids) = (Arc::clone(&shop), Arc::clone(&ids));
            asking.spawn(async move { shop.show(&ids[buyer % ids.len()]).await });
        }
        while let Some(answer) = asking.join_next().await {
            assert_eq!(answer.unwrap()["state"], "awaiting");
        }
    }
    calls.of(READ) - before
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_times_as_many_buyers_cost_no_more_reads() {
    // A tenth of the crowd in a test run, and all of it where it is asked for.
    let size = Size::of("crowds", 100);
    let invoices = usize::try_from(size.count).unwrap().min(INVOICES);
    let few = reads(invoices, invoices).await;
    let many = reads(10 * invoices, invoices).await;
    println!(
        "{invoices} invoices, {ROUNDS} rounds: {few} reads for {invoices} buyers, {many} for {}",
        10 * invoices
    );
    assert_eq!(few, ROUNDS * invoices, "each is read once a round");
    assert!(many <= few, "{many} reads are more than {few}");
}
