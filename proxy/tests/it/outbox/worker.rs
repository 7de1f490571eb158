//! How events are sent: in order, by one, again and again, and never in the way of another store.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::asked::{paid, replayed};
use super::{listed, tell, told};
use crate::postgres::TestDatabase;
use crate::shops::{GARDEN_KEY, Two};
use crate::support::target::{Reply, Target};
use crate::support::{Gateway, Home, MERCHANT_KEY, TestProxy, text};

const HOUR: u64 = 3600;

#[tokio::test]
async fn what_is_put_off_keeps_the_rest_of_its_checkout_waiting_and_no_other() {
    let (shop, target) = told().await;
    let first = paid(&shop).await;
    target.next([Reply::Later(503, 60)]);
    tell(&shop).await;
    let second = paid(&shop).await;
    tell(&shop).await;
    let came: Vec<_> = target
        .came()
        .iter()
        .map(|came| (came.checkout(), came.kind()))
        .collect();
    let of = |id: &str, kind: &str| (id.to_owned(), kind.to_owned());
    // Two minutes have passed by the second payment.
    assert_eq!(came[0], of(&first, "checkout.paid"));
    let rest: Vec<_> = came[1..].to_vec();
    for id in [&first, &second] {
        let kinds: Vec<_> = rest
            .iter()
            .filter(|(of, _)| of == id)
            .map(|(_, kind)| kind.as_str())
            .collect();
        assert_eq!(kinds, ["checkout.paid", "checkout.completed"]);
    }
}

#[tokio::test]
async fn a_dead_event_is_told_and_the_rest_goes_on() {
    let (shop, target) = told().await;
    paid(&shop).await;
    target.next([Reply::Status(500); 10]);
    for _ in 0..10 {
        tell(&shop).await;
        shop.advance(29 * HOUR);
    }
    tell(&shop).await;
    let kinds = target.kinds();
    assert_eq!(kinds[..10], ["checkout.paid"; 10]);
    assert_eq!(kinds[10..], ["checkout.completed", "webhook.dead"]);
    let dead = listed(&shop, "?state=dead").await;
    assert_eq!(dead.len(), 1);
    let told = target.came()[11].json();
    assert_eq!(told["data"]["event"]["id"], dead[0]["id"]);
    assert_eq!(told["data"]["event"]["type"], "checkout.paid");
    let log = crate::support::logged();
    let id = text(&dead[0], "/id");
    assert!(
        log.lines()
            .any(|line| line.contains("ERROR") && line.contains(id))
    );
}

#[tokio::test]
async fn a_target_that_wants_no_more_is_sent_no_more_until_somebody_asks() {
    let (mut shop, target) = told().await;
    paid(&shop).await;
    target.next([Reply::Status(410)]);
    tell(&shop).await;
    assert_eq!(target.came().len(), 1);
    shop.restarted().await;
    paid(&shop).await;
    shop.advance(HOUR);
    tell(&shop).await;
    assert_eq!(target.came().len(), 1, "it has said so");
    assert_eq!(listed(&shop, "?state=dead").await.len(), 1);
    // Two of the first payment are left, with the news of the dead one, and two of the second.
    let waiting = listed(&shop, "?state=pending").await;
    assert_eq!(waiting.len(), 4);
    replayed(&shop, text(&waiting[0], "/id")).await.expect(202);
    tell(&shop).await;
    assert_eq!(target.came().len(), 5);
    assert_eq!(listed(&shop, "?state=pending").await.len(), 0);
}

#[tokio::test]
async fn a_slow_target_of_one_store_keeps_no_other_store_waiting() {
    let (slow, quick) = (Target::start().await, Target::start().await);
    slow.usual(Reply::Held);
    let (of_slow, of_quick) = (slow.config(), quick.config());
    let two = Two::with(|config| {
        config.shops[0].events = of_quick;
        config.shops[1].events = of_slow;
    })
    .await;
    let shutdown = CancellationToken::new();
    let watching = {
        let (proxy, shutdown) = (two.proxy.proxy.clone(), shutdown.clone());
        tokio::spawn(async move { proxy.watch(shutdown).await })
    };
    for (key, gateway) in [(GARDEN_KEY, &two.garden), (MERCHANT_KEY, &two.gateway)] {
        for _ in 0..20 {
            let id = two.made_by(key, crate::shops::PAYMENT).await;
            let view = two.choose(&id, "TRX").await.expect(200).json();
            let (address, amount) = (
                text(&view, "/invoice/address"),
                text(&view, "/invoice/amount"),
            );
            gateway.deposit(address, amount, "mempool").await;
            two.told_to(key, &id).await;
        }
    }
    // The slow one has its hands full.
    slow.has(16).await;
    quick.has(20).await;
    assert_eq!(slow.came().len(), 16, "and is sent no more at once");
    // Told to stop, the proxy waits for what is on its way.
    shutdown.cancel();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!watching.is_finished());
    slow.go_on();
    watching.await.unwrap();
    assert_eq!(slow.came().len(), 16, "nothing new was begun");
    assert!(slow.at_once().is_empty() && quick.at_once().is_empty());
}

/// The proxy dies between sending and writing down what came of it: the event comes once more, under the same id, and none is lost.
#[tokio::test]
async fn a_proxy_that_dies_in_the_middle_of_a_delivery_sends_it_again_under_its_id() {
    let (mut shop, target) = told().await;
    paid(&shop).await;
    target.next([Reply::Held]);
    let sending = {
        let proxy = shop.proxy.clone();
        tokio::spawn(async move { proxy.tell_once().await })
    };
    target.has(1).await;
    sending.abort();
    assert!(sending.await.is_err());
    target.senders_have_died();
    shop.restarted().await;
    tell(&shop).await;
    assert_eq!(target.came().len(), 1, "it may still be on its way");
    shop.advance(60);
    tell(&shop).await;
    let came = target.came();
    assert_eq!(
        target.kinds(),
        ["checkout.paid", "checkout.paid", "checkout.completed"]
    );
    assert_eq!((&came[0].id, &came[0].body), (&came[1].id, &came[1].body));
    assert!(target.at_once().is_empty());
}

/// Before it is sent at all, an event is on disk with what it tells of.
#[tokio::test]
async fn a_proxy_that_dies_before_a_delivery_has_lost_nothing() {
    let (mut shop, target) = told().await;
    let id = paid(&shop).await;
    shop.restarted().await;
    tell(&shop).await;
    assert_eq!(target.kinds(), ["checkout.paid", "checkout.completed"]);
    assert!(target.came().iter().all(|came| came.checkout() == id));
}

#[tokio::test]
async fn of_two_proxies_one_sends_each_event() {
    let target = Target::start().await;
    let events = target.config();
    let home = Home::Postgres(TestDatabase::without_tables().await);
    let shop = TestProxy::at_home(home, Gateway::start().await, |config| {
        config.shops[0].events = events;
    })
    .await;
    let beside = Arc::new(shop.beside().await);
    for _ in 0..5 {
        paid(&shop).await;
    }
    let (here, there) = tokio::join!(shop.proxy.tell_once(), beside.proxy.tell_once());
    let sent = here.unwrap().delivered + there.unwrap().delivered;
    tell(&shop).await;
    assert_eq!((sent, target.came().len()), (10, 10));
    assert!(target.at_once().is_empty());
}

#[tokio::test]
async fn nothing_is_sent_where_there_is_no_target() {
    let shop = TestProxy::start().await;
    paid(&shop).await;
    let told = shop.proxy.tell_once().await.unwrap();
    assert_eq!((told.delivered, told.failed), (0, 0));
}
