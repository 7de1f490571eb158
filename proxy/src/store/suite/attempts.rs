//! Attempts and what they have made: each is started once, and ends once.

use checkout::{InterventionKind, InvoiceStatus, Phase};
use uuid::Uuid;

use super::Empty;
use super::samples::{DAY, address, asked, asked_again, caused, currency, finish};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::{AttemptState, InvoiceAttempt};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::checkouts::unsound::Unsound;
use crate::gateway::source::Source;
use crate::reading::events::tests::teller;
use crate::store::error::StoreError;
use crate::store::outcome::Finished;

pub(in crate::store) async fn the_latest_attempt_in_a_currency_is_found(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (usdt, btc) = (currency("USDT"), currency("BTC"));
    let checkouts = [sample::payment_closing_in(600), sample::topup()];
    for checkout in &checkouts {
        database.add_checkout(checkout.clone()).await.unwrap();
        assert_eq!(
            database.latest_attempt(checkout.id, usdt).await.unwrap(),
            None
        );
        for number in [2, 3, 1] {
            let attempt = InvoiceAttempt::new(checkout, usdt, number, NOW);
            let started = database
                .start_attempt(attempt.clone())
                .await
                .unwrap()
                .unwrap();
            assert_eq!(started, attempt);
        }
        let latest = database.latest_attempt(checkout.id, usdt).await.unwrap();
        let third = InvoiceAttempt::new(checkout, usdt, 3, NOW);
        assert_eq!(latest.as_ref(), Some(&third));
        assert_eq!(
            database.latest_attempt(checkout.id, btc).await.unwrap(),
            None
        );
    }
    // Of a checkout that is not stored nothing is.
    let attempt = InvoiceAttempt::new(&sample::payment(), usdt, 1, NOW);
    let refused = database.start_attempt(attempt).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
}

pub(in crate::store) async fn an_attempt_is_started_once_however_many_start_it(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let checkout = sample::payment_closing_in(DAY);
    database.add_checkout(checkout.clone()).await.unwrap();
    let starts: Vec<_> = (0..16)
        .map(|second| {
            let now = NOW.plus_seconds(second);
            let attempt = InvoiceAttempt::new(&checkout, currency("USDT"), 1, now);
            let database = database.shared();
            tokio::spawn(async move { database.start_attempt(attempt).await })
        })
        .collect();
    let stored = {
        let mut all = Vec::new();
        for start in starts {
            all.push(start.await.unwrap().unwrap().unwrap());
        }
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{all:?}");
        all.remove(0)
    };
    assert_eq!(
        database
            .started_attempts(ShopId::default(), 9)
            .await
            .unwrap(),
        [stored]
    );
}

pub(in crate::store) async fn started_attempts_are_listed_until_they_are_settled_the_oldest_first(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let checkout = sample::payment_closing_in(DAY);
    database.add_checkout(checkout.clone()).await.unwrap();
    let mut attempts = Vec::new();
    for (code, age) in [("USDT", 2), ("ETH", 3), ("USDC", 1)] {
        let started_at = NOW.plus_seconds(-age);
        let attempt = InvoiceAttempt::new(&checkout, currency(code), 1, started_at);
        attempts.push(database.start_attempt(attempt).await.unwrap().unwrap());
    }
    let listed = async |most| {
        let started = database
            .started_attempts(ShopId::default(), most)
            .await
            .unwrap();
        let codes = started.iter().map(|attempt| attempt.currency.code);
        codes.collect::<Vec<_>>()
    };
    assert_eq!(listed(9).await, ["ETH", "USDT", "USDC"]);
    assert_eq!(listed(2).await, ["ETH", "USDT"]);
    database.refuse_attempt(attempts[0].key).await.unwrap();
    let mut invoice = sample::invoice(&checkout, 7, Phase::Awaiting);
    (invoice.key, invoice.currency) = (attempts[1].key, attempts[1].currency);
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    assert_eq!(listed(9).await, ["USDC"]);
    // What is settled stays so, and an attempt that never was is no matter.
    database.refuse_attempt(attempts[1].key).await.unwrap();
    database.refuse_attempt(Uuid::nil()).await.unwrap();
    for (attempt, state) in attempts.iter().zip([
        AttemptState::Refused,
        AttemptState::Made,
        AttemptState::Started,
    ]) {
        let latest = database.latest_attempt(checkout.id, attempt.currency);
        assert_eq!(latest.await.unwrap().unwrap().state, state);
        let again = InvoiceAttempt {
            state: AttemptState::Started,
            ..attempt.clone()
        };
        let started = database.start_attempt(again).await.unwrap().unwrap();
        assert_eq!(started.state, state, "{}", attempt.currency.code);
    }
}

pub(in crate::store) async fn everything_known_of_an_invoice_is_read_back(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, mut invoice) = asked(&*database, sample::payment_closing_in(DAY), 7).await;
    invoice.received = amount("4.50");
    invoice.fee = Some(amount("0.045"));
    invoice.phase = Phase::Underpaid;
    invoice.status = InvoiceStatus::PendingIntervention;
    invoice.intervention = Some(InterventionKind::Underpay);
    invoice.transaction = Some("0xab".to_owned());
    invoice.priced_at = NOW.plus_seconds(1);
    invoice.expires_at = NOW.plus_seconds(2);
    invoice.latest_expiry = NOW.plus_seconds(3);
    invoice.held_at = Some(NOW.plus_seconds(4));
    invoice.paid_at = Some(NOW.plus_seconds(5));
    invoice.second_payment_at = Some(NOW.plus_seconds(6));
    let alarm = Alarm::new(invoice.key, &Unsound::BadTransaction, NOW);
    let finished =
        database.finish_attempt(invoice.clone(), vec![alarm.clone()], caused(NOW), teller());
    assert_eq!(finished.await.unwrap(), Finished::Kept);
    let read = database.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(format!("{:?}", read.invoices), format!("{:?}", [&invoice]));
    assert_eq!(read.alarms, [alarm]);
    // A top-up's takes any amount, and nothing is known of it but that.
    let (checkout, mut topup) = asked(&*database, sample::topup(), 8).await;
    topup.amount = None;
    topup.address = address(8);
    assert_eq!(finish(&*database, &topup, NOW).await, Finished::Kept);
    let read = database.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(format!("{:?}", read.invoices), format!("{:?}", [&topup]));
}

pub(in crate::store) async fn an_invoice_that_is_there_already_stays_as_it_is(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, first) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    let mut second = asked_again(&*database, &checkout, "ETH", 2).await;
    second.address = address(2);
    for invoice in [&first, &second] {
        assert_eq!(finish(&*database, invoice, NOW).await, Finished::Kept);
    }
    let mut again = first.clone();
    again.phase = Phase::Paid;
    assert_eq!(finish(&*database, &again, NOW).await, Finished::Kept);
    let read = database.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(
        format!("{:?}", read.invoices),
        format!("{:?}", [first, second])
    );
}

pub(in crate::store) async fn the_invoice_chosen_last_is_the_one_shown(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, first) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    let mut keys = vec![first.key];
    assert_eq!(finish(&*database, &first, NOW).await, Finished::Kept);
    for (code, number) in [("ETH", 2), ("USDC", 3)] {
        let mut next = asked_again(&*database, &checkout, code, number).await;
        next.address = address(number);
        assert_eq!(finish(&*database, &next, NOW).await, Finished::Kept);
        keys.push(next.key);
    }
    let order = async || {
        let read = database.snapshot(checkout.id).await.unwrap().unwrap();
        read.invoices.iter().map(|one| one.key).collect::<Vec<_>>()
    };
    assert_eq!(order().await, keys, "a new one is chosen");
    for (chosen, shown) in [(0, [1, 2, 0]), (0, [1, 2, 0]), (2, [1, 0, 2])] {
        database
            .choose_invoice(keys[chosen], caused(NOW))
            .await
            .unwrap();
        assert_eq!(order().await, shown.map(|place| keys[place]));
    }
    let gone = database.choose_invoice(Uuid::nil(), caused(NOW)).await;
    assert!(!gone.unwrap());
    assert_eq!(order().await, [keys[1], keys[0], keys[2]]);
}

pub(in crate::store) async fn each_kind_of_alarm_is_kept_once_for_an_invoice(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let checkout = sample::payment();
    database.add_checkout(checkout.clone()).await.unwrap();
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let alarm =
        |invoice, unsound: &Unsound, second| Alarm::new(invoice, unsound, NOW.plus_seconds(second));
    let first = alarm(one, &Unsound::BadTransaction, 5);
    let raised = [
        (first.clone(), true),
        (alarm(one, &Unsound::BadTransaction, 1), false),
        (alarm(one, &Unsound::NoId, 4), true),
        (alarm(other, &Unsound::BadTransaction, 3), true),
    ];
    for (alarm, is_new) in raised.clone() {
        assert_eq!(
            database
                .raise(checkout.id, alarm, Source::Poll)
                .await
                .unwrap(),
            is_new
        );
    }
    let read = database.snapshot(checkout.id).await.unwrap().unwrap();
    let oldest_first = [3, 2, 0].map(|place: usize| raised[place].0.clone());
    assert_eq!(read.alarms, oldest_first);
    assert!(read.has_alarm(one, "bad_transaction") && read.has_alarm(one, "no_id"));
    assert!(!read.has_alarm(other, "no_id") && !read.has_alarm(Uuid::nil(), "no_id"));
    // Each checkout has its own; one that is not stored has none.
    let second = sample::payment();
    let gone = database.raise(second.id, first.clone(), Source::Poll).await;
    assert!(matches!(gone, Err(StoreError::Refused(_))));
    database.add_checkout(second.clone()).await.unwrap();
    assert!(
        database
            .raise(second.id, first, Source::Poll)
            .await
            .unwrap()
    );
}
