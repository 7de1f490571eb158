//! Books that somebody has changed, or a mistake: the look through them names what does not agree. What it does not see, no trial sees.

use crate::support::receiving::DEPOSIT;
use crate::support::{TestProxy, text};

/// What is done to the books, in the words of a database, and what the look through them says then.
const DAMAGES: [(&str, &str); 19] = [
    (
        "DELETE FROM ledger WHERE kind = 'deposit' AND checkout_id IS NOT NULL",
        "is not in the ledger",
    ),
    (
        "DELETE FROM ledger WHERE kind = 'deposit' AND checkout_id IS NOT NULL",
        "which was not counted",
    ),
    (
        "DELETE FROM ledger WHERE checkout_id IS NULL",
        "is not in the ledger",
    ),
    ("UPDATE ledger SET received = '1' WHERE kind = 'deposit'", "in the ledger"),
    ("UPDATE ledger SET currency = 'BTC' WHERE kind = 'deposit'", "in the ledger"),
    (
        "UPDATE ledger SET store = 'garden' WHERE checkout_id IS NOT NULL",
        "but not in the ledger",
    ),
    (
        "UPDATE ledger SET store = 'garden' WHERE kind = 'credit'",
        "which was not counted in that store",
    ),
    ("UPDATE ledger SET fee = '1' WHERE kind = 'credit'", "is not the same"),
    (
        "INSERT INTO ledger (store, kind, receiver, checkout_id, deposit, currency, source, at, credited, fee)
         SELECT store, kind, receiver, checkout_id, deposit, currency, source, at, credited, fee FROM ledger WHERE kind = 'credit'",
        "a second fee",
    ),
    (
        "DROP INDEX ledger_by_deposit;
         INSERT INTO ledger (store, kind, receiver, checkout_id, deposit, currency, source, at, transaction_id, received, deposited_at)
         SELECT store, kind, receiver, checkout_id, deposit, currency, source, at, transaction_id || '-again', received, deposited_at FROM ledger WHERE kind = 'deposit'",
        "a second time",
    ),
    (
        "DROP INDEX ledger_counts_once;
         INSERT INTO ledger (store, kind, receiver, checkout_id, deposit, currency, source, at, transaction_id, received, deposited_at)
         SELECT store, kind, receiver, checkout_id, deposit || '-again', currency, source, at, transaction_id, received, deposited_at FROM ledger WHERE kind = 'deposit'",
        "a second time for default",
    ),
    ("DELETE FROM deposits", "the ledger counts"),
    ("DELETE FROM deposits", "the history of"),
    ("UPDATE deposits SET amount = '1'", "is 1 USDT_TRX in the books"),
    (
        "DELETE FROM history WHERE kind = 'deposit_confirmed'",
        "was never told",
    ),
    (
        "DELETE FROM history WHERE kind = 'received'",
        "in the books",
    ),
    ("UPDATE invoices SET phase = 'awaiting'", "is awaiting"),
    (
        "DELETE FROM history; DELETE FROM ledger",
        "the books have 2 deposits, of which the histories tell 0",
    ),
    (
        "DELETE FROM history; DELETE FROM ledger",
        "the books have 2 checkouts, of which the histories tell 0",
    ),
];

/// A payment that was credited, and a deposit to a customer.
async fn paid() -> TestProxy {
    let shop = TestProxy::on_file(|_| {}).await;
    let (_, invoice) = shop.awaiting("USDT_TRX").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    shop.gateway.deposit(address, amount, "confirmed").await;
    let customer = shop.made(DEPOSIT).await;
    let view = shop.choose(&customer, "USDT_TRX").await.expect(200).json();
    let address = text(&view, "/receiving/address");
    let sent = shop
        .gateway
        .deposit_in(address, "USDT_TRX", "5", "confirmed");
    sent.await;
    for _ in 0..2 {
        shop.advance(60 * 60);
        shop.proxy.watch_once().await.unwrap();
    }
    shop
}

/// Changes the books as nothing in the program does, and takes away first what SQLite refuses by itself.
fn damage(shop: &TestProxy, statement: &str) {
    let file = shop.file();
    for rule in [
        "ledger_is_never_changed",
        "ledger_is_kept",
        "history_is_never_changed",
        "history_is_kept",
    ] {
        file.execute_batch(&format!("DROP TRIGGER {rule}")).unwrap();
    }
    file.pragma_update(None, "foreign_keys", false).unwrap();
    file.execute_batch(statement).unwrap();
}

#[tokio::test]
async fn every_damage_is_named() {
    for (statement, expected) in DAMAGES {
        let shop = paid().await;
        let audit = shop.proxy.audit().await.unwrap();
        assert_eq!(audit.differences, [""; 0]);
        assert_eq!((audit.deposits, audit.sums.len()), (2, 1));
        damage(&shop, statement);
        let found = shop.proxy.audit().await.unwrap().differences;
        assert!(
            found.iter().any(|one| one.contains(expected)),
            "{statement}: {found:#?}"
        );
    }
}
