//! Which checkouts are deleted, and which never are: one row of each kind, beside one of which nothing keeps it.

use checkout::{Phase, Timestamp};
use rusqlite::Connection;

use std::sync::Arc;

use crate::store::database::Retention;
use crate::store::sqlite::Sqlite;
use crate::store::sqlite::derived::repeat_rules;
use crate::store::sqlite::tests::open;

const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);
const DAY: i64 = 24 * 60 * 60;

/// A store, with a second hand in its file.
struct Shelf {
    store: Arc<Sqlite>,
    file: Connection,
    made: u128,
    _directory: tempfile::TempDir,
}

impl Shelf {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s.sqlite3");
        let store = open(&path).await.unwrap();
        let file = Connection::open(path).unwrap();
        file.pragma_update(None, "foreign_keys", true).unwrap();
        Self {
            store,
            file,
            made: 0,
            _directory: directory,
        }
    }

    /// A checkout that expires so many seconds from now; its id.
    fn checkout(&mut self, made_by: &str, expires_in: i64) -> String {
        self.made += 1;
        let id = uuid::Builder::from_random_bytes(self.made.to_be_bytes())
            .into_uuid()
            .to_string();
        self.file
            .execute(
                "INSERT INTO checkouts (id, made_by, price_amount, price_currency, description, currencies, created_at, expires_at)
                 VALUES (?1, ?2, '25.00', 'EUR', 'Order 1001', 'USDT BTC', 0, ?3)",
                (&id, made_by, NOW.plus_seconds(expires_in).millis()),
            )
            .unwrap();
        id
    }

    /// A request of a checkout, in this state.
    fn request(&self, checkout: &str, state: &str) {
        self.file
            .execute(
                "INSERT INTO invoice_requests VALUES (?1, ?1, 'USDT', 1, NULL, ?2, 0)",
                (checkout, state),
            )
            .unwrap();
    }

    /// An invoice of a checkout to which nothing was ever paid, over since as many seconds ago.
    fn unpaid(&self, checkout: &str, over_for: i64) {
        self.request(checkout, "made");
        self.file
            .execute(
                "INSERT INTO invoices (idempotency_key, checkout_id, currency, attempt, gateway_id, address, amount, received, phase,
                                       status, priced_at, expires_at, latest_expiry, chosen)
                 VALUES (?1, ?1, 'USDT', 1, ?1, '0xdAC17F958D2ee523a2206206994597C13D831ec7', '10', '0', 'expired', 'ARCHIVED', 0, ?2, ?2, 1)",
                (checkout, NOW.plus_seconds(-over_for).millis()),
            )
            .unwrap();
    }

    fn has(&self, checkout: &str) -> bool {
        self.file
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM checkouts WHERE id = ?1)",
                [checkout],
                |row| row.get(0),
            )
            .unwrap()
    }

    fn rows(&self, table: &str) -> u32 {
        self.file
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap()
    }

    async fn forget(&self, unchosen_days: i64, unpaid_days: i64) -> usize {
        // As whatever writes a row does.
        repeat_rules(&self.file).unwrap();
        let (unchosen, unpaid) = (unchosen_days * DAY, unpaid_days * DAY);
        let forgotten = self
            .store
            .forget_unpaid(NOW.plus_seconds(-unchosen), NOW.plus_seconds(-unpaid));
        forgotten.await.unwrap()
    }
}

/// What keeps a checkout for ever: changes to one that has an unpaid, expired invoice, with its id as the parameter.
const KEEPERS: [(&str, &str); 11] = [
    (
        "the merchant made it",
        "UPDATE checkouts SET made_by = 'merchant' WHERE id = ?1",
    ),
    (
        "money arrived",
        "UPDATE invoices SET received = '0.00000001' WHERE checkout_id = ?1",
    ),
    (
        "a decision is open",
        "UPDATE invoices SET intervention = 'UNDERPAY' WHERE checkout_id = ?1",
    ),
    (
        "a transaction was seen",
        "UPDATE invoices SET transaction_hash = 'ab' WHERE checkout_id = ?1",
    ),
    (
        "it held money",
        "UPDATE invoices SET held_at = 1 WHERE checkout_id = ?1",
    ),
    (
        "it was paid",
        "UPDATE invoices SET paid_at = 1 WHERE checkout_id = ?1",
    ),
    (
        "a deposit is known",
        "INSERT INTO deposits (receiver, id, currency, amount, state, seen_at) VALUES (?1, 'd', 'USDT', '1', 'declined', 0)",
    ),
    (
        "a deposit could not be read",
        "INSERT INTO deposit_flags VALUES (?1, 'd', 'unreadable', '', 'x', 0)",
    ),
    (
        "the gateway contradicted itself",
        "INSERT INTO alarms VALUES (?1, 'key', 'off_rate', '', 0)",
    ),
    (
        "a customer's address was shown",
        "INSERT INTO chosen_purses VALUES (?1, 'USDT')",
    ),
    (
        "a request may have made an invoice",
        "INSERT INTO invoice_requests VALUES ('other-' || ?1, ?1, 'BTC', 1, NULL, 'started', 0)",
    ),
];

#[tokio::test]
async fn whatever_may_be_money_keeps_a_checkout_for_ever() {
    let mut shelf = Shelf::new().await;
    let mut kept = Vec::new();
    for (why, change) in KEEPERS {
        let id = shelf.checkout("page", -1000 * DAY);
        shelf.unpaid(&id, 1000 * DAY);
        assert_eq!(shelf.file.execute(change, [&id]).unwrap(), 1, "{why}");
        kept.push((why.to_owned(), id));
    }
    let mut gone = Vec::new();
    for phase in Phase::ALL {
        let id = shelf.checkout("page", -1000 * DAY);
        shelf.unpaid(&id, 1000 * DAY);
        shelf
            .file
            .execute(
                "UPDATE invoices SET phase = ?2 WHERE checkout_id = ?1",
                (&id, phase.as_str()),
            )
            .unwrap();
        if matches!(phase, Phase::Expired | Phase::Archived) {
            gone.push(id);
        } else {
            kept.push((format!("it is {phase}"), id));
        }
    }
    // Without an invoice, the same holds of what may stand without one.
    for (why, change) in &KEEPERS[8..] {
        let id = shelf.checkout("page", -1000 * DAY);
        shelf.file.execute(change, [&id]).unwrap();
        kept.push((format!("{why}, without an invoice"), id));
    }
    gone.push(shelf.checkout("page", -1000 * DAY));
    assert_eq!(shelf.forget(2, 30).await, gone.len());
    // Room is made among what is open only, however little there is.
    assert_eq!(shelf.store.make_room(NOW, 0).await.unwrap(), 0);
    for (why, id) in &kept {
        assert!(shelf.has(id), "{why}");
    }
    for id in &gone {
        assert!(!shelf.has(id));
    }
}

#[tokio::test]
async fn an_unpaid_checkout_goes_when_it_and_its_last_invoice_are_old_enough() {
    let mut shelf = Shelf::new().await;
    let young = shelf.checkout("page", -2 * DAY);
    let unchosen = shelf.checkout("page", -2 * DAY - 1);
    let refused = shelf.checkout("page", -2 * DAY - 1);
    shelf.request(&refused, "refused");
    let unpaid = shelf.checkout("page", -30 * DAY - 1);
    shelf.unpaid(&unpaid, 30 * DAY + 1);
    let lately_over = shelf.checkout("page", -30 * DAY - 1);
    shelf.unpaid(&lately_over, 30 * DAY);
    assert_eq!(shelf.forget(2, 30).await, 2);
    for id in [&unchosen, &unpaid] {
        assert!(!shelf.has(id));
    }
    for id in [&young, &refused, &lately_over] {
        assert!(shelf.has(id));
    }
    assert_eq!(
        (shelf.rows("invoices"), shelf.rows("invoice_requests")),
        (1, 2)
    );
}

#[tokio::test]
async fn room_is_made_by_those_that_nobody_chose_for_and_that_close_first() {
    let mut shelf = Shelf::new().await;
    let expired = shelf.checkout("page", 0);
    let merchants = shelf.checkout("merchant", 1);
    let mut never = vec![expired, merchants];
    for state in ["started", "made", "refused"] {
        let id = shelf.checkout("page", 2);
        shelf.request(&id, state);
        never.push(id);
    }
    for change in [KEEPERS[8].1, KEEPERS[9].1] {
        let id = shelf.checkout("page", 3);
        shelf.file.execute(change, [&id]).unwrap();
        never.push(id);
    }
    // Made in another order than they close in.
    let mut unchosen: Vec<_> = [400, 100, 300, 200]
        .map(|seconds| (seconds, shelf.checkout("page", seconds)))
        .into();
    unchosen.sort();
    // Nine of pages are open: five that stay whatever comes, and these four.
    for (most, removed) in [(9, 0), (8, 1), (8, 0), (6, 2), (1, 1), (0, 0)] {
        let made = shelf.store.make_room(NOW, most).await.unwrap();
        assert_eq!(made, removed, "room for {most}");
        for (_, gone) in unchosen.drain(..removed) {
            assert!(!shelf.has(&gone), "the first to close goes first");
        }
        for id in never.iter().chain(unchosen.iter().map(|(_, id)| id)) {
            assert!(shelf.has(id));
        }
    }
}

#[tokio::test]
async fn a_flood_of_more_than_one_write_takes_is_cut_down_to_the_limit() {
    let mut shelf = Shelf::new().await;
    shelf.file.execute_batch("BEGIN").unwrap();
    for seconds in 1..=1203 {
        shelf.checkout("page", seconds);
    }
    shelf.file.execute_batch("COMMIT").unwrap();
    assert_eq!(shelf.store.make_room(NOW, 100).await.unwrap(), 1103);
    let first: i64 = shelf
        .file
        .query_row("SELECT min(expires_at) FROM checkouts", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(first, NOW.plus_seconds(1104).millis());
    assert_eq!(shelf.rows("checkouts"), 100);
}
