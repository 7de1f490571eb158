//! One shop's gateway is down, or keeps everybody waiting: buyers of the other notice nothing.

use std::time::Duration;

use checkout::Timestamp;

use super::{GARDEN_KEY, PAYMENT, Two};
use crate::support::{MERCHANT_KEY, READ, text};

#[tokio::test]
async fn a_dead_gateway_is_its_own_shops_trouble() {
    let mut two = Two::start().await;
    // More than a round asks before it gives a gateway up.
    let mut of_garden = Vec::new();
    for _ in 0..8 {
        let id = two.made_by(GARDEN_KEY, PAYMENT).await;
        two.choose(&id, "TRX").await.expect(200);
        of_garden.push(id);
    }
    let id = two.made_by(MERCHANT_KEY, PAYMENT).await;
    let view = two.choose(&id, "TRX").await.expect(200).json();
    let address = text(&view, "/invoice/address").to_owned();
    let amount = text(&view, "/invoice/amount").to_owned();
    two.garden.stop().await;
    // Its own buyers are told so, and what is known is shown.
    let refused = two.choose(&of_garden[0], "BTC").await;
    assert_eq!(refused.code(), "gateway_unavailable");
    let shown = two.fresh(&of_garden[0]).await;
    assert_eq!(shown["state"], "awaiting");
    // The other's pay as ever, looked at or not.
    let other = two.made_by(MERCHANT_KEY, PAYMENT).await;
    two.choose(&other, "BTC").await.expect(200);
    two.advance(60);
    two.gateway.deposit(&address, &amount, "confirmed").await;
    two.wait(60_000);
    let round = two.proxy.proxy.watch_once().await.unwrap();
    assert!(round.failed >= 5, "{round:?}");
    assert!(round.read >= 2, "{round:?}");
    let path = format!("/v1/checkouts/{id}");
    let told = two.call(MERCHANT_KEY, "GET", &path, None).await;
    assert_eq!(told.expect(200).json()["state"], "paid");
}

#[tokio::test]
async fn a_gateway_that_keeps_silent_holds_up_no_other_shops_round() {
    let two = Two::start().await;
    for _ in 0..8 {
        let id = two.made_by(GARDEN_KEY, PAYMENT).await;
        two.choose(&id, "TRX").await.expect(200);
    }
    let id = two.made_by(MERCHANT_KEY, PAYMENT).await;
    let view = two.choose(&id, "TRX").await.expect(200).json();
    let (address, amount) = (
        text(&view, "/invoice/address"),
        text(&view, "/invoice/amount"),
    );
    two.advance(60);
    two.gateway.deposit(address, amount, "confirmed").await;
    two.garden.hold(Some(READ));
    two.wait(60_000);
    let proxy = two.proxy.proxy.clone();
    let round = tokio::spawn(async move { proxy.watch_once().await });
    let mut follower = two.proxy.proxy.follow(&id).unwrap();
    // As soon as the first shop's invoice was read, while the other's are still waited for.
    let completed = async {
        loop {
            let shown = follower.next().await.unwrap().unwrap();
            let body = shown.body(Timestamp::MAX);
            if body.contains(r#""state":"paid""#) {
                return;
            }
        }
    };
    let patience = Duration::from_secs(60);
    tokio::time::timeout(patience, completed).await.unwrap();
    assert!(!two.garden.held().is_empty());
    assert!(
        !round.is_finished(),
        "the garden's gateway has not answered"
    );
    two.garden.hold(None);
    let round = round.await.unwrap().unwrap();
    assert_eq!((round.read, round.failed), (9, 0), "{round:?}");
}
