//! Readings of invoices: each is decided on what is stored at that moment, and kept as a whole or not at all.

use checkout::Phase;

use super::Empty;
use super::samples::{DAY, address, asked, asked_again, finish, read};
use crate::checkouts::tests as sample;
use crate::checkouts::tests::{NOW, amount};
use crate::checkouts::unsound::Unsound;
use crate::reading::invoice_reading::InvoiceReading;
use crate::store::error::TakeInError;
use crate::store::outcome::Finished;

pub(in crate::store) async fn a_reading_is_kept_with_its_alarms_and_changes_nothing_twice(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, invoice) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    let nothing_new = database.take_in(read(&invoice, "PENDING_PAYMENT", "0"));
    assert!(nothing_new.await.unwrap().is_none());
    // A status nobody knows raises an alarm, and the money beside it counts.
    let reading = read(&invoice, "SOMETHING_NEW", "4.5");
    let change = database.take_in(reading.clone()).await.unwrap().unwrap();
    assert_eq!(change.before, Phase::Awaiting);
    assert_eq!(change.invoice.received, amount("4.5"));
    assert!(!change.alarms.is_empty());
    let stored = database.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(
        format!("{:?}", stored.invoices),
        format!("{:?}", [change.invoice])
    );
    let mut alarms = change.alarms;
    alarms.sort_by_key(|alarm| alarm.kind.clone());
    assert_eq!(stored.alarms, alarms);
    assert!(database.take_in(reading).await.unwrap().is_none());
    let paid = database.take_in(read(&invoice, "PAID", "10")).await;
    let paid = paid.unwrap().unwrap();
    assert_eq!((paid.invoice.phase, paid.second), (Phase::Paid, None));
}

pub(in crate::store) async fn money_beside_a_text_that_a_database_refuses_is_kept(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, invoice) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    // Only the status has a zero in it; the money beside it is as good as any.
    let reading = read(&invoice, "SOMETHING\\u0000NEW", "4.5");
    database.take_in(reading).await.unwrap().unwrap();
    let stored = database.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(stored.invoices[0].received, amount("4.5"));
}

pub(in crate::store) async fn a_reading_that_cannot_be_true_changes_nothing(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, invoice) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    let mut other = invoice.clone();
    other.gateway_id = "2".to_owned();
    let refused = database.take_in(read(&other, "PAID", "10")).await;
    let unsound = TakeInError::Unsound(Unsound::OtherId {
        known: "1".to_owned(),
        read: "2".to_owned(),
    });
    assert_eq!(
        format!("{:?}", refused.unwrap_err()),
        format!("{unsound:?}")
    );
    let stored = database.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(format!("{:?}", stored.invoices), format!("{:?}", [invoice]));
    assert_eq!(stored.alarms, []);
}

pub(in crate::store) async fn a_reading_of_what_is_gone_changes_nothing(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, invoice) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    let reading = read(&invoice, "PAID", "10");
    let change = database.take_in(reading.clone()).await.unwrap();
    assert!(change.is_none(), "the invoice was never kept");
    let stored = database.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(stored.invoices.len(), 0);
    let elsewhere = InvoiceReading {
        checkout_id: sample::payment().id,
        ..reading
    };
    assert!(database.take_in(elsewhere).await.unwrap().is_none());
}

pub(in crate::store) async fn of_equal_readings_at_once_one_changes_something(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (_, invoice) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    let taken: Vec<_> = (0..16)
        .map(|_| {
            let (database, reading) = (database.shared(), read(&invoice, "PAID", "10"));
            tokio::spawn(async move { database.take_in(reading).await })
        })
        .collect();
    let mut changes = 0;
    for taken in taken {
        changes += usize::from(taken.await.unwrap().unwrap().is_some());
    }
    assert_eq!(changes, 1);
}

/// What a reading means depends on the other invoices of its checkout as well, so it is decided on all of them.
pub(in crate::store) async fn of_two_invoices_paid_at_once_one_is_the_second_payment(
    empty: impl AsyncFn() -> Empty,
) {
    for _ in 0..10 {
        let database = empty().await;
        let (checkout, first) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
        let mut second = asked_again(&*database, &checkout, "USDC", 2).await;
        second.address = address(2);
        for invoice in [&first, &second] {
            assert_eq!(finish(&*database, invoice, NOW).await, Finished::Kept);
        }
        let taken = [&first, &second].map(|invoice| {
            let (database, reading) = (database.shared(), read(invoice, "PAID", "10"));
            tokio::spawn(async move { database.take_in(reading).await })
        });
        let mut second_payments = 0;
        for taken in taken {
            let change = taken.await.unwrap().unwrap().unwrap();
            assert_eq!(change.invoice.phase, Phase::Paid);
            second_payments += usize::from(change.second.is_some());
        }
        assert_eq!(second_payments, 1);
        let stored = database.snapshot(checkout.id).await.unwrap().unwrap();
        let told = stored.invoices.iter();
        let told = told.filter(|invoice| invoice.second_payment_at.is_some());
        assert_eq!(told.count(), 1);
    }
}
