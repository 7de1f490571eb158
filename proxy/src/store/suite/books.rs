//! The books: each thing is counted where it belongs.

use checkout::Phase;

use super::Empty;
use super::deliveries::{subscription, told};
use super::samples::{
    DAY, address, asked, asked_again, confirmed, currency, customer, finish, listed, to,
};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::delivery::DeliveryOutcome;
use crate::checkouts::idempotency_key::IdempotencyKey;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::checkouts::unsound::Unsound;
use crate::gateway::source::Source;
use crate::reading::deposits::UnreadableEntry;
use crate::store::books::Books;
use crate::store::outcome::Finished;

pub(in crate::store) async fn each_thing_is_counted_where_it_belongs(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    assert_eq!(database.books().await.unwrap(), Books::default());
    let (checkout, first) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    for (number, phase) in [(2, Phase::Paid), (3, Phase::Awaiting)] {
        let code = if number == 2 { "ETH" } else { "USDC" };
        let mut invoice = asked_again(&*database, &checkout, code, number).await;
        invoice.address = address(number);
        invoice.phase = phase;
        assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    }
    assert_eq!(finish(&*database, &first, NOW).await, Finished::Kept);
    for number in 1..=6 {
        let attempt = InvoiceAttempt::new(&checkout, currency("BTC"), number, NOW);
        let attempt = database.start_attempt(attempt).await.unwrap().unwrap();
        if number > 2 {
            database.refuse_attempt(attempt.key).await.unwrap();
        }
    }
    for key in ["one", "other"] {
        let key = IdempotencyKey {
            shop: ShopId::default(),
            scope: "merchant".to_owned(),
            key: key.to_owned(),
            fingerprint: [1; 32],
        };
        let made = database.add_checkout_once(sample::payment(), key);
        made.await.unwrap();
    }
    let mut list = listed(
        to(&first),
        &[confirmed("a", "1", NOW), confirmed("b", "1", NOW)],
    );
    for name in ["c", "d", "e"] {
        list.listed.unreadable.push(UnreadableEntry {
            name: name.to_owned(),
            has_id: true,
            says: "no amount".to_owned(),
        });
    }
    database.take_in_deposits(list).await.unwrap();
    let alarm = Alarm::new(first.key, &Unsound::NoId, NOW);
    assert!(
        database
            .raise(checkout.id, alarm, Source::Poll)
            .await
            .unwrap()
    );
    for (name, calls) in [("made", 3), ("asked", 1)] {
        for _ in 0..calls {
            database.start_customer(customer(name), NOW).await.unwrap();
        }
    }
    let made = database.finish_customer(customer("made"), "1".to_owned());
    made.await.unwrap();
    for (event, outcome) in [
        ("1", DeliveryOutcome::Open),
        ("2", DeliveryOutcome::TakenIn),
        ("3", DeliveryOutcome::Open),
    ] {
        let delivery = told(event, outcome, NOW);
        database.keep_delivery(delivery).await.unwrap();
    }
    let kept = database.keep_subscription(subscription("default", 1, "a"));
    kept.await.unwrap();
    assert_eq!(
        database.books().await.unwrap(),
        Books {
            checkouts: 3,
            idempotency_keys: 2,
            attempts_started: 2,
            attempts_made: 3,
            attempts_refused: 4,
            invoices: vec![(Phase::Awaiting, 2), (Phase::Paid, 1)],
            deposits: 2,
            flags: 3,
            alarms: 1,
            customers: 1,
            deliveries: 3,
            deliveries_open: 2,
            subscriptions: 1,
            customer_calls: 3,
        }
    );
}
