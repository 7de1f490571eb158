//! A database of every older version is opened by this program: nothing in it is lost, and all of it is served.

use std::path::Path;
use std::sync::Arc;

use calypso_proxy::{OpenError, Proxy, StoreError, SystemClock};
use calypso_sandbox::WallClock;
use checkout::Timestamp;
use rusqlite::{Connection, named_params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{self, Gateway, TestProxy, text};

/// The steps of the schema as they have shipped. A file of version `n` is what the first `n` made.
const STEPS: [&str; 18] = [
    include_str!("../../../src/store/sqlite/schema_1.sql"),
    include_str!("../../../src/store/sqlite/schema_2.sql"),
    include_str!("../../../src/store/sqlite/schema_3.sql"),
    include_str!("../../../src/store/sqlite/schema_4.sql"),
    include_str!("../../../src/store/sqlite/schema_5.sql"),
    include_str!("../../../src/store/sqlite/schema_6.sql"),
    include_str!("../../../src/store/sqlite/schema_7.sql"),
    include_str!("../../../src/store/sqlite/schema_8.sql"),
    include_str!("../../../src/store/sqlite/schema_9.sql"),
    include_str!("../../../src/store/sqlite/schema_10.sql"),
    include_str!("../../../src/store/sqlite/schema_11.sql"),
    include_str!("../../../src/store/sqlite/schema_12.sql"),
    include_str!("../../../src/store/sqlite/schema_13.sql"),
    include_str!("../../../src/store/sqlite/schema_14.sql"),
    include_str!("../../../src/store/sqlite/schema_15.sql"),
    include_str!("../../../src/store/sqlite/schema_16.sql"),
    include_str!("../../../src/store/sqlite/schema_17.sql"),
    include_str!("../../../src/store/sqlite/schema_18.sql"),
];
/// The newest version whose rows are written here as its program wrote them. Those of a later one are what its steps make of these.
const WRITTEN: usize = 7;

const ORDER: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001","externalId":"order-1001"}"#;

/// Paid in USDT, after a look at ETH.
const PAID: &str = "11111111-58a4-4d0c-9d3b-6a1b3e0a7f11";
/// Paid in part, which waits for the merchant's decision.
const UNDERPAID: &str = "22222222-58a4-4d0c-9d3b-6a1b3e0a7f11";
/// Made by a page, waiting for LTC; its request for BTC was never answered.
const WAITING: &str = "33333333-58a4-4d0c-9d3b-6a1b3e0a7f11";
/// Made by a page; nobody has picked a currency.
const UNCHOSEN: &str = "44444444-58a4-4d0c-9d3b-6a1b3e0a7f11";
/// Takes any amount, twice so far.
const TOPUP: &str = "55555555-58a4-4d0c-9d3b-6a1b3e0a7f11";
/// Shows the permanent address of `user-7`.
const DEPOSIT: &str = "66666666-58a4-4d0c-9d3b-6a1b3e0a7f11";

const ETHEREUM: [&str; 3] = [
    "0xdAC17F958D2ee523a2206206994597C13D831ec7",
    "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
    "0xB8c77482e45F1F44dE1745F52C74426C631bDD52",
];
const LITECOIN: &str = "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9";
const TRON: [&str; 2] = [
    "TMdXdBXTZNmGeLSVPCoBZQk3htdJVYyUVs",
    "TSMdUNh9CyFdptkfnkMVHMLwuoHsurCvJG",
];

fn customers_key() -> String {
    support::customer_key("user-7")
}

/// The key of the request for a checkout's first invoice in a currency.
fn key(checkout: &str, currency: &str) -> String {
    support::invoice_key(checkout, currency, 1)
}

/// A file of one of the older versions, being filled as the program of that version did.
pub(crate) struct OldFile {
    file: Connection,
    version: usize,
    now: Timestamp,
}

struct OldInvoice {
    checkout: &'static str,
    currency: &'static str,
    gateway_id: &'static str,
    address: &'static str,
    /// Empty for one that takes any.
    amount: &'static str,
    received: &'static str,
    phase: &'static str,
    status: &'static str,
    intervention: Option<&'static str>,
}

impl OldFile {
    pub(crate) fn make(path: &Path, version: usize, now: Timestamp) {
        let file = Connection::open(path).unwrap();
        file.pragma_update(None, "journal_mode", "WAL").unwrap();
        let written = version.min(WRITTEN);
        for step in &STEPS[..written] {
            file.execute_batch(step).unwrap();
        }
        let old = Self { file, version, now };
        old.payments();
        old.keys();
        if version >= 2 {
            old.receiving();
        }
        if version >= 3 {
            old.file
                .execute(
                    "INSERT INTO alarms VALUES (?1, ?2, 'off_rate', 'expected 29, got 40', ?3)",
                    (UNDERPAID, key(UNDERPAID, "USDC"), old.at(-50)),
                )
                .unwrap();
        }
        for step in &STEPS[written..version] {
            old.file.execute_batch(step).unwrap();
        }
        let version = u32::try_from(version).unwrap();
        old.file
            .pragma_update(None, "user_version", version)
            .unwrap();
    }

    fn at(&self, seconds: i64) -> i64 {
        self.now.plus_seconds(seconds).millis()
    }

    fn payments(&self) {
        self.checkout(PAID, None, Some("order-1001"));
        self.checkout(UNDERPAID, None, None);
        self.checkout(WAITING, Some("demo-order"), None);
        self.checkout(UNCHOSEN, Some("demo-order"), None);
        let awaiting = OldInvoice {
            checkout: WAITING,
            currency: "LTC",
            gateway_id: "gateway-ltc",
            address: LITECOIN,
            amount: "0.25",
            received: "0",
            phase: "awaiting",
            status: "PENDING_PAYMENT",
            intervention: None,
        };
        self.invoice(&OldInvoice {
            checkout: PAID,
            currency: "ETH",
            gateway_id: "gateway-eth",
            address: ETHEREUM[0],
            amount: "0.0115",
            phase: "expired",
            ..awaiting
        });
        self.invoice(&OldInvoice {
            checkout: PAID,
            currency: "USDT",
            gateway_id: "gateway-usdt",
            address: ETHEREUM[1],
            amount: "28.7356",
            received: "28.7356",
            phase: "completed",
            status: "COMPLETED",
            ..awaiting
        });
        self.invoice(&OldInvoice {
            checkout: UNDERPAID,
            currency: "USDC",
            gateway_id: "gateway-usdc",
            address: ETHEREUM[2],
            amount: "28.7356",
            received: "20",
            phase: "underpaid",
            status: "PENDING_INTERVENTION",
            intervention: Some("UNDERPAY"),
        });
        self.invoice(&awaiting);
        self.request(WAITING, "BTC", "started");
    }

    fn checkout(&self, id: &str, product: Option<&str>, external_id: Option<&str>) {
        let made_by = if product.is_some() {
            "page"
        } else {
            "merchant"
        };
        self.file
            .execute(
                "INSERT INTO checkouts (id, made_by, product, price_amount, price_currency, description, currencies, external_id,
                                        return_url, created_at, expires_at)
                 VALUES (?1, ?2, ?3, '25.00', 'EUR', 'Order 1001', 'USDT USDC ETH LTC BTC USDT_TRX', ?4, 'https://shop.example/', ?5, ?6)",
                (id, made_by, product, external_id, self.at(-900), self.at(86_400)),
            )
            .unwrap();
    }

    fn request(&self, checkout: &str, currency: &str, state: &str) {
        self.file
            .execute(
                "INSERT INTO invoice_requests VALUES (?1, ?2, ?3, 1, NULL, ?4, ?5)",
                (
                    key(checkout, currency),
                    checkout,
                    currency,
                    state,
                    self.at(-600),
                ),
            )
            .unwrap();
    }

    fn invoice(&self, invoice: &OldInvoice) {
        self.request(invoice.checkout, invoice.currency, "made");
        let has_money = invoice.received != "0";
        self.file
            .execute(
                "INSERT INTO invoices (idempotency_key, checkout_id, currency, attempt, gateway_id, address, amount, received, phase, status,
                                       intervention, transaction_hash, priced_at, expires_at, chosen)
                 VALUES (:key, :checkout, :currency, 1, :gateway_id, :address, :amount, :received, :phase, :status,
                         :intervention, :transaction, :priced_at, :expires_at,
                         (SELECT count(*) + 1 FROM invoices WHERE checkout_id = :checkout))",
                named_params! {
                    ":key": key(invoice.checkout, invoice.currency),
                    ":checkout": invoice.checkout,
                    ":currency": invoice.currency,
                    ":gateway_id": invoice.gateway_id,
                    ":address": invoice.address,
                    ":amount": invoice.amount,
                    ":received": invoice.received,
                    ":phase": invoice.phase,
                    ":status": invoice.status,
                    ":intervention": invoice.intervention,
                    ":transaction": has_money.then(|| "ab".repeat(32)),
                    ":priced_at": self.at(-600),
                    ":expires_at": self.at(3600),
                },
            )
            .unwrap();
        if self.version >= 3 {
            let paid = invoice.phase == "completed";
            self.file
                .execute(
                    "UPDATE invoices SET latest_expiry = expires_at, held_at = ?2, paid_at = ?3 WHERE gateway_id = ?1",
                    (
                        invoice.gateway_id,
                        has_money.then(|| self.at(-600)),
                        paid.then(|| self.at(-600)),
                    ),
                )
                .unwrap();
        }
    }

    /// One key of the merchant's server. Until version 5 the whole answer was kept with it.
    fn keys(&self) {
        let print: [u8; 32] = Sha256::digest(ORDER).into();
        let answer = json!({"id": PAID, "state": "choosing"}).to_string();
        let (body, columns, id) = if self.version >= 5 {
            ("", ", checkout_id", format!(", '{PAID}'"))
        } else {
            (answer.as_str(), "", String::new())
        };
        self.file
            .execute(
                &format!(
                    "INSERT INTO idempotency_keys (scope, key, fingerprint, status, body, created_at{columns})
                     VALUES ('merchant', 'cart-1001', ?1, 201, ?2, ?3{id})"
                ),
                (print, body, self.at(-900)),
            )
            .unwrap();
    }

    /// A top-up and a customer, with what has arrived.
    fn receiving(&self) {
        for (id, kind, customer) in [(TOPUP, "topup", None), (DEPOSIT, "deposit", Some("user-7"))] {
            self.checkout(id, None, None);
            self.file
                .execute(
                    "UPDATE checkouts SET kind = ?2, customer = ?3, price_amount = '', price_currency = '' WHERE id = ?1",
                    (id, kind, customer),
                )
                .unwrap();
        }
        self.invoice(&OldInvoice {
            checkout: TOPUP,
            currency: "USDT_TRX",
            gateway_id: "gateway-topup",
            address: TRON[0],
            amount: "",
            received: "0",
            phase: "awaiting",
            status: "PENDING_PAYMENT",
            intervention: None,
        });
        self.file
            .execute(
                "INSERT INTO customers (customer, gateway_id, open_calls, started_at) VALUES ('user-7', 'gateway-7', 1, ?1)",
                [self.at(-900)],
            )
            .unwrap();
        self.file
            .execute(
                "INSERT INTO purses VALUES ('user-7', 'USDT_TRX', ?1, ?2)",
                (TRON[1], self.at(-60)),
            )
            .unwrap();
        self.file
            .execute(
                "INSERT INTO chosen_purses VALUES (?1, 'USDT_TRX')",
                [DEPOSIT],
            )
            .unwrap();
        let (topup, customer) = (key(TOPUP, "USDT_TRX"), customers_key());
        self.deposit(&topup, "1", "10", "confirmed");
        self.deposit(&topup, "2", "0.000001", "confirmed");
        self.deposit(&customer, "1", "7.5", "confirmed");
        self.deposit(&customer, "3", "2", "detected");
        if self.version >= 4 {
            self.file
                .execute(
                    "INSERT INTO deposits (receiver, id, currency, amount, state, transaction_hash, seen_at)
                     VALUES (?1, '1', 'USDT', '28.7356', 'confirmed', ?2, ?3)",
                    (key(PAID, "USDT"), "ab".repeat(32), self.at(-200)),
                )
                .unwrap();
            self.file
                .execute_batch(&format!(
                    "UPDATE invoices SET fee = '0.2856' WHERE gateway_id = 'gateway-usdt';
                     UPDATE deposits SET sender = '{}';
                     UPDATE customers SET shown_at = {}, due_at = {};
                     INSERT INTO deposit_flags VALUES ('{topup}', '2', 'amount_changed', '0.000001 USDT_TRX', '3 USDT_TRX', {})",
                    TRON[0],
                    self.at(-60),
                    self.at(60),
                    self.at(-30),
                ))
                .unwrap();
        }
        if self.version >= 5 {
            self.file
                .execute("UPDATE invoices SET looked_at = ?1", [self.at(-60)])
                .unwrap();
        }
    }

    fn deposit(&self, receiver: &str, id: &str, amount: &str, state: &str) {
        self.file
            .execute(
                "INSERT INTO deposits (receiver, id, currency, amount, state, transaction_hash, seen_at)
                 VALUES (?1, ?2, 'USDT_TRX', ?3, ?4, ?5, ?6)",
                (receiver, id, amount, state, "cd".repeat(32), self.at(-300)),
            )
            .unwrap();
    }
}

/// How many rows each table of a file has.
fn counts(path: &Path) -> Vec<(String, u32)> {
    let file = Connection::open(path).unwrap();
    let mut tables = file
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        .unwrap();
    let names = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let count = |name: String| {
        let query = format!("SELECT count(*) FROM {name}");
        let count = file.query_row(&query, [], |row| row.get(0)).unwrap();
        (name, count)
    };
    names.map(Result::unwrap).map(count).collect()
}

/// The newest version the program has left in a file.
fn version_of(path: &Path) -> usize {
    let file = Connection::open(path).unwrap();
    let read = |row: &rusqlite::Row<'_>| row.get::<_, u32>(0);
    let version = file.pragma_query_value(None, "user_version", read).unwrap();
    usize::try_from(version).unwrap()
}

#[tokio::test]
async fn a_file_of_every_older_version_is_served_with_everything_in_it() {
    for version in 1..=STEPS.len() {
        let now = WallClock::default().now();
        let mut before = Vec::new();
        let mut shop = TestProxy::on_file(|config| {
            OldFile::make(config.database.file().unwrap(), version, now);
            before = counts(config.database.file().unwrap());
        })
        .await;
        assert_eq!(
            version_of(&shop.database()),
            STEPS.len(),
            "a step was added that this test does not have"
        );
        let after = counts(&shop.database());
        for table in &before {
            assert!(
                after.contains(table),
                "of version {version}: {table:?}, {after:?}"
            );
        }
        is_served(&mut shop, version).await;
        let problems: u32 = shop
            .file()
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(problems, 0);
    }
}

/// Everything that [`OldFile::make`] has put there is served, also by the next program.
pub(crate) async fn is_served(shop: &mut TestProxy, version: usize) {
    for _ in 0..2 {
        histories_begin(shop, version).await;
        payments_are_served(shop, version).await;
        if version >= 2 {
            receiving_is_served(shop, version).await;
        }
        shop.restarted().await;
    }
    all_is_watched(shop, version).await;
    let audit = shop.proxy.audit().await.unwrap();
    assert_eq!(audit.differences, [""; 0], "of version {version}");
}

async fn told(shop: &TestProxy, id: &str) -> Value {
    let path = format!("/v1/checkouts/{id}");
    shop.as_merchant(&path).await.expect(200).json()
}

/// What was there before there was a history is where each one begins.
async fn histories_begin(shop: &TestProxy, version: usize) {
    let audit = shop.proxy.audit().await.unwrap();
    assert_eq!(audit.differences, [""; 0], "of version {version}");
    let subjects = if version >= 2 { 7 } else { 4 };
    let deposits = match version {
        1 => 0,
        2 | 3 => 3,
        _ => 4,
    };
    assert_eq!((audit.subjects, audit.deposits), (subjects, deposits));
    let booked = audit.sums.iter().map(|sum| sum.deposits).sum::<u64>();
    assert_eq!(booked, deposits);
    let path = format!("/v1/checkouts/{PAID}/history");
    let history = shop.as_merchant(&path).await.expect(200).json();
    let history = history["history"].as_array().unwrap();
    // What counts is told as counted.
    let kept = history
        .iter()
        .filter(|change| change["kind"] != "deposit_confirmed");
    let words = kept.map(|change| {
        assert_eq!(
            (&change["source"], &change["kind"]),
            (&json!("upgrade"), &json!("kept_before"))
        );
        text(change, "/became").to_owned()
    });
    let words: Vec<_> = words.collect();
    let beginning = [
        "payment 25.00 EUR",
        "expired 0 ETH",
        "completed 28.7356 USDT",
    ];
    assert_eq!(words, beginning);
    if version >= 4 {
        the_ledger_has_what_is_known(shop).await;
    }
}

/// A deposit that was alone with its invoice was what was expected; when it was credited nobody has written down.
async fn the_ledger_has_what_is_known(shop: &TestProxy) {
    let paid = told(shop, PAID).await;
    let ledger = &paid["merchant"]["deposits"][0]["ledger"];
    for (member, value) in [
        ("asked", json!("28.7356")),
        ("expected", json!("28.7356")),
        ("short", Value::Null),
        ("excess", Value::Null),
        ("fee", json!("0.2856")),
        ("credited", json!("28.45")),
        ("creditedAt", Value::Null),
        ("atSale", Value::Null),
        ("secondPayment", Value::Null),
    ] {
        assert_eq!(ledger[member], value, "{member}: {ledger}");
    }
    let topup = told(shop, TOPUP).await;
    let ledger = &topup["merchant"]["deposits"][0]["ledger"];
    assert_eq!(
        (&ledger["asked"], &ledger["fee"]),
        (&Value::Null, &Value::Null)
    );
}

async fn payments_are_served(shop: &TestProxy, version: usize) {
    let paid = told(shop, PAID).await;
    assert_eq!(
        (
            &paid["state"],
            &paid["externalId"],
            &paid["price"]["amount"],
            &paid["returnUrl"]
        ),
        (
            &json!("completed"),
            &json!("order-1001"),
            &json!("25.00"),
            &json!("https://shop.example/")
        ),
        "of version {version}: {paid}"
    );
    let invoices = paid["merchant"]["invoices"].as_array().unwrap();
    let told_of = |invoice: &Value| {
        ["currency", "state", "address", "amount", "received"]
            .map(|member| text(invoice, &format!("/{member}")).to_owned())
    };
    let invoices: Vec<_> = invoices.iter().map(told_of).collect();
    assert_eq!(
        invoices,
        [
            ["ETH", "expired", ETHEREUM[0], "0.0115", "0"],
            ["USDT", "completed", ETHEREUM[1], "28.7356", "28.7356"],
        ]
    );
    let usdt = &paid["merchant"]["invoices"][1];
    assert!(usdt["paidAt"].is_string(), "{usdt}");
    assert_eq!(
        (&usdt["status"], &usdt["transaction"]),
        (&json!("COMPLETED"), &json!("ab".repeat(32)))
    );
    let found = shop
        .as_merchant("/v1/checkouts?externalId=order-1001")
        .await;
    assert_eq!(found.expect(200).json()["checkouts"][0]["id"], PAID);

    let underpaid = shop.show(UNDERPAID).await;
    assert_eq!(
        (
            &underpaid["state"],
            &underpaid["invoice"]["due"],
            &underpaid["invoice"]["address"]
        ),
        (&json!("underpaid"), &json!("8.7356"), &json!(ETHEREUM[2])),
        "of version {version}: {underpaid}"
    );
    let alarms = told(shop, UNDERPAID).await["merchant"]["alarms"].clone();
    if version >= 3 {
        assert_eq!(alarms[0]["detail"], "expected 29, got 40");
    } else {
        assert_eq!(alarms, json!([]));
    }
    let waiting = shop.show(WAITING).await;
    assert_eq!(
        (
            &waiting["state"],
            &waiting["invoice"]["address"],
            &waiting["invoice"]["amount"]
        ),
        (&json!("awaiting"), &json!(LITECOIN), &json!("0.25"))
    );
    let unchosen = shop.show(UNCHOSEN).await;
    assert_eq!(
        (&unchosen["state"], &unchosen["invoice"]),
        (&json!("choosing"), &Value::Null)
    );

    // A retry of what was asked for before the upgrade makes nothing new, and the key stays its body's.
    let again = shop.merchant(ORDER, "cart-1001").await.expect(201).json();
    assert_eq!(again["id"], PAID, "of version {version}");
    let other = ORDER.replace("1001", "1002");
    let other = shop.merchant(&other, "cart-1001").await;
    assert_eq!(other.code(), "idempotency_key_reused");
}

async fn receiving_is_served(shop: &TestProxy, version: usize) {
    let topup = told(shop, TOPUP).await;
    assert_eq!(
        (
            &topup["kind"],
            &topup["state"],
            &topup["receiving"]["address"],
            &topup["receiving"]["received"]
        ),
        (
            &json!("topup"),
            &json!("awaiting"),
            &json!(TRON[0]),
            &json!("10.000001")
        ),
        "of version {version}: {topup}"
    );
    let deposits = topup["merchant"]["deposits"].as_array().unwrap();
    assert_eq!(deposits.len(), 2);
    let deposit = told(shop, DEPOSIT).await;
    assert_eq!(
        (
            &deposit["kind"],
            &deposit["receiving"]["address"],
            &deposit["receiving"]["received"]
        ),
        (&json!("deposit"), &json!(TRON[1]), &json!("7.5")),
        "of version {version}: {deposit}"
    );
    assert_eq!(
        (
            &deposit["merchant"]["customer"],
            &deposit["merchant"]["totals"]
        ),
        (
            &json!("user-7"),
            &json!([{"currency": "USDT_TRX", "received": "7.5", "pending": "2"}])
        )
    );
    if version >= 4 {
        assert_eq!(deposits[0]["from"], TRON[0]);
        assert_eq!(deposits[1]["flags"][0]["kind"], "amount_changed");
    }
}

/// The watcher reads every invoice and customer of before, and a request nobody knows the answer to is made again.
async fn all_is_watched(shop: &TestProxy, version: usize) {
    shop.advance(3 * 60);
    shop.proxy.watch_once().await.unwrap();
    let asked = json!(shop.gateway.requests().await).to_string();
    let mut ids = vec!["gateway-eth", "gateway-usdt", "gateway-usdc", "gateway-ltc"];
    if version >= 2 {
        ids.extend(["gateway-topup", "gateway-7"]);
    }
    for id in ids {
        assert!(
            asked.contains(id),
            "of version {version}: {id} was not read"
        );
    }
    // What was asked for before the upgrade is asked for under the key of then, so that it is made once.
    shop.choose(WAITING, "BTC").await.expect(200);
    let waiting = told(shop, WAITING).await;
    let invoices = &waiting["merchant"]["invoices"];
    assert_eq!(
        (&invoices[1]["currency"], &invoices[1]["idempotencyKey"]),
        (&json!("BTC"), &json!(key(WAITING, "BTC"))),
        "of version {version}: {waiting}"
    );
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_by_name_and_left_as_it_is() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.sqlite3");
    let newer = STEPS.len() + 1;
    OldFile::make(&path, STEPS.len(), WallClock::default().now());
    let file = Connection::open(&path).unwrap();
    file.pragma_update(None, "user_version", u32::try_from(newer).unwrap())
        .unwrap();
    drop(file);
    let before = std::fs::read(&path).unwrap();
    let opened = Proxy::open(
        support::config(&gateway, path.clone()),
        Arc::new(SystemClock),
    );
    let error = opened.await.map(drop).unwrap_err();
    assert!(
        matches!(error, OpenError::Store(StoreError::Newer { .. })),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        format!(
            "the database has schema version {newer}, this program knows up to {}: use the newer program",
            STEPS.len()
        )
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
