//! Older files: what is worked out for the rows that are in them.

use std::path::Path;

use checkout::{Phase, Timestamp};
use rusqlite::Connection;

use super::open;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests::NOW;
use crate::store::database::Checkouts;

const CHECKOUT: &str = "0d6c3f0e-58a4-4d0c-9d3b-6a1b3e0a7f11";

/// A file of version 2 with a checkout of four invoices, of which two are paid.
fn make_old(path: &Path) {
    let id = CHECKOUT;
    let old = Connection::open(path).unwrap();
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
}

/// The checkout in such a file after it was opened.
async fn upgraded(path: &Path) -> Snapshot {
    make_old(path);
    let store = open(path).await.unwrap();
    let read = store.snapshot(CheckoutId::parse(CHECKOUT).unwrap());
    read.await.unwrap().unwrap()
}

#[tokio::test]
async fn what_was_paid_before_the_upgrade_still_decides_in_its_order() {
    let directory = tempfile::tempdir().unwrap();
    let read = upgraded(&directory.path().join("s.sqlite3")).await;
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

#[tokio::test]
async fn what_rows_repeat_of_the_rules_is_worked_out_for_those_that_were_there() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    let read = upgraded(&path).await;
    let file = Connection::open(&path).unwrap();
    for invoice in read.invoices {
        let repeated: (i64, bool) = file
            .query_row(
                "SELECT watched_until, saw_money FROM invoices WHERE idempotency_key = ?1",
                [invoice.key.to_string()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        let rules = (invoice.watched_until().millis(), invoice.saw_money());
        assert_eq!(repeated, rules);
    }
}
