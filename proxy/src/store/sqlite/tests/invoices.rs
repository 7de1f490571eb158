//! Invoices on disk: what is kept, what is brought over from older files, and which of two may have an address.

use checkout::{Currency, InterventionKind, InvoiceStatus, Phase, Timestamp};
use rusqlite::Connection;

use super::open;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::{CustomerId, Purse};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::{Invoice, WATCHED_AFTER_EXPIRY, WATCHED_WHEN_OVER};
use crate::checkouts::tests::{NOW, amount, invoice, payment_closing_in as order};
use crate::checkouts::unsound::Unsound;
use crate::store::database::{Alarms, Attempts, Checkouts, Customers};
use crate::store::outcome::Finished;
use crate::store::sqlite::Sqlite;
use std::sync::Arc;

const DAY: i64 = 24 * 3600;

/// A checkout on disk, with a request for an invoice and the invoice that answers it; not kept yet.
async fn asked(store: &Sqlite, gateway_id: u128) -> (Checkout, Invoice) {
    let checkout = order(DAY);
    store.add_checkout(checkout.clone()).await.unwrap();
    let usdt = Currency::find("USDT").unwrap();
    let request = InvoiceAttempt::new(&checkout, usdt, 1, NOW);
    let request = store.start_attempt(request).await.unwrap();
    let mut invoice = invoice(&checkout, gateway_id, Phase::Awaiting);
    invoice.key = request.key;
    (checkout, invoice)
}

async fn new() -> (tempfile::TempDir, Arc<Sqlite>) {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("s.sqlite3")).await.unwrap();
    (directory, store)
}

async fn finish(store: &Sqlite, invoice: &Invoice, now: Timestamp) -> Finished {
    let finished = store.finish_attempt(invoice.clone(), vec![], now).await;
    finished.unwrap()
}

#[tokio::test]
async fn everything_known_of_an_invoice_is_read_back() {
    let (_directory, store) = new().await;
    let (checkout, mut invoice) = asked(&store, 7).await;
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
    let finished = store.finish_attempt(invoice.clone(), vec![alarm.clone()], NOW);
    assert_eq!(finished.await.unwrap(), Finished::Kept);
    let read = store.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(format!("{:?}", read.invoices), format!("{:?}", [&invoice]));
    assert_eq!(read.alarms, std::slice::from_ref(&alarm));
    assert!(read.has_alarm(invoice.key, "bad_transaction"));
    assert!(!read.has_alarm(invoice.key, "no_id"));
    assert!(!read.has_alarm(uuid::Uuid::nil(), "bad_transaction"));
    assert!(
        !store.raise(checkout.id, alarm.clone()).await.unwrap(),
        "each kind once"
    );
    let other = Alarm::new(invoice.key, &Unsound::NoId, NOW.plus_seconds(9));
    assert!(store.raise(checkout.id, other.clone()).await.unwrap());
    let read = store.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(read.alarms, [alarm, other], "the oldest first");
}

#[tokio::test]
async fn one_address_serves_one_invoice_for_as_long_as_it_is_watched() {
    for phase in Phase::ALL {
        let (_directory, store) = new().await;
        let (_, mut first) = asked(&store, 1).await;
        first.phase = phase;
        assert_eq!(finish(&store, &first, NOW).await, Finished::Kept);
        assert_eq!(
            finish(&store, &first, NOW).await,
            Finished::Kept,
            "a retry finds its own"
        );
        let (checkout, mut second) = asked(&store, 1).await;
        assert_eq!(finish(&store, &second, NOW).await, Finished::SharedId);
        second.gateway_id = "2".to_owned();
        let end = first.latest_expiry.plus_seconds(watch_seconds(phase));
        for now in [NOW, end.plus_millis(-1)] {
            assert!(first.is_watched(now), "{phase}");
            let finished = finish(&store, &second, now).await;
            assert_eq!(finished, Finished::SharedAddress, "{phase}");
            let kept = store.snapshot(checkout.id).await.unwrap().unwrap();
            assert_eq!(kept.invoices.len(), 0, "nothing of it is kept");
            assert_eq!(store.started_attempts(9).await.unwrap().len(), 1);
        }
        assert!(!first.is_watched(end), "{phase}");
        assert_eq!(finish(&store, &second, end).await, Finished::Kept);
    }
}

/// How long after its expiry a payment's invoice is watched.
fn watch_seconds(phase: Phase) -> i64 {
    match phase {
        Phase::Completed | Phase::Expired | Phase::Archived => WATCHED_WHEN_OVER,
        _ => WATCHED_AFTER_EXPIRY,
    }
}

#[tokio::test]
async fn an_invoices_address_is_no_customers_for_as_long_as_it_is_watched() {
    let (_directory, store) = new().await;
    let (_, mut invoice) = asked(&store, 1).await;
    invoice.phase = Phase::Expired;
    assert_eq!(finish(&store, &invoice, NOW).await, Finished::Kept);
    let customer = CustomerId::parse("user-7".to_owned()).unwrap();
    store.start_customer(customer.clone(), NOW).await.unwrap();
    let made = store.finish_customer(customer.clone(), "g".to_owned());
    made.await.unwrap();
    let purse = |confirmed_at| Purse {
        customer: customer.clone(),
        gateway_id: "g".to_owned(),
        currency: invoice.currency,
        address: invoice.address.clone(),
        confirmed_at,
    };
    let end = invoice.latest_expiry.plus_seconds(WATCHED_WHEN_OVER);
    for now in [NOW, end.plus_millis(-1)] {
        assert!(!store.keep_purse(purse(now)).await.unwrap());
        let due = store.due_customers(now.plus_seconds(DAY), 9).await.unwrap();
        assert_eq!(due.len(), 0, "nothing of it is kept");
    }
    assert!(store.keep_purse(purse(end)).await.unwrap());
    // Once it is the customer's, no invoice gets it.
    let (_, mut next) = asked(&store, 2).await;
    next.address = invoice.address.clone();
    assert_eq!(finish(&store, &next, end).await, Finished::SharedAddress);
}

#[tokio::test]
async fn the_address_of_a_top_up_is_no_customers_however_old_it_is() {
    let (_directory, store) = new().await;
    let (_, mut topup) = asked(&store, 1).await;
    topup.amount = None;
    assert_eq!(finish(&store, &topup, NOW).await, Finished::Kept);
    let years_later = NOW.plus_seconds(3 * 365 * DAY);
    let customer = CustomerId::parse("user-7".to_owned()).unwrap();
    let purse = Purse {
        customer,
        gateway_id: "g".to_owned(),
        currency: topup.currency,
        address: topup.address.clone(),
        confirmed_at: years_later,
    };
    assert!(!store.keep_purse(purse).await.unwrap());
}

#[tokio::test]
async fn a_customers_address_is_no_invoices() {
    let (directory, store) = new().await;
    let (_, invoice) = asked(&store, 1).await;
    let file = Connection::open(directory.path().join("s.sqlite3")).unwrap();
    file.execute(
        "INSERT INTO customers (customer, gateway_id, open_calls, started_at) VALUES ('c', 'g', 0, 0)",
        [],
    )
    .unwrap();
    file.execute(
        "INSERT INTO purses (customer, currency, address, confirmed_at) VALUES ('c', 'ETH', ?1, 0)",
        [invoice.address.as_str()],
    )
    .unwrap();
    assert_eq!(finish(&store, &invoice, NOW).await, Finished::SharedAddress);
}

#[tokio::test]
async fn what_was_paid_before_the_upgrade_still_decides_in_its_order() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let id = "0d6c3f0e-58a4-4d0c-9d3b-6a1b3e0a7f11";
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../schema_1.sql")).unwrap();
    old.execute_batch(include_str!("../schema_2.sql")).unwrap();
    old.pragma_update(None, "user_version", 2).unwrap();
    old.execute(
        "INSERT INTO checkouts (id, made_by, price_amount, price_currency, description, currencies, created_at, expires_at)
         VALUES (?1, 'merchant', '25.00', 'EUR', 'Order 1001', 'USDT ETH', 1, 2)",
        [id],
    )
    .unwrap();
    let rows = [
        (1, "USDT", "completed", "10", None),
        (2, "ETH", "paid", "10", Some(5000)),
        (3, "USDT", "awaiting", "0", None),
        (4, "USDT", "underpaid", "4", None),
    ];
    for (number, currency, phase, received, second) in rows {
        let key = uuid::Uuid::from_u128(number).to_string();
        old.execute(
            "INSERT INTO invoice_requests VALUES (?1, ?2, ?3, ?4, NULL, 'made', 1)",
            (&key, id, currency, number as i64),
        )
        .unwrap();
        old.execute(
            "INSERT INTO invoices VALUES (?1, ?2, ?3, ?4, ?1, '0xdAC17F958D2ee523a2206206994597C13D831ec7', '10', ?5, ?6, 'PAID', NULL, NULL,
                                          1000, 9000, ?4, ?7)",
            (&key, id, currency, number as i64, received, phase, second),
        )
        .unwrap();
    }
    drop(old);
    let store = open(&path).await.unwrap();
    let read = store.snapshot(CheckoutId::parse(id).unwrap()).await;
    let read = read.unwrap().unwrap();
    let at = |millis| Some(Timestamp::from_millis(millis));
    let held: Vec<_> = read.invoices.iter().map(|i| i.held_at).collect();
    assert_eq!(held, [at(1000), at(5000), None, at(1000)]);
    let paid: Vec<_> = read.invoices.iter().map(|i| i.paid_at).collect();
    assert_eq!(paid, [at(1000), at(5000), None, None]);
    for invoice in &read.invoices {
        assert_eq!(invoice.latest_expiry, Timestamp::from_millis(9000));
    }
    let (phase, deciding) = read.standing(NOW);
    assert_eq!(
        (phase, deciding.map(|invoice| invoice.key.as_u128())),
        (Phase::Completed, Some(1))
    );
}
