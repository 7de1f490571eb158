//! Rows of `ledger`. They are only ever added.

use rusqlite::{Connection, ToSql, named_params};
use uuid::Uuid;

use crate::checkouts::deposit::{Deposit, Elsewhere};
use crate::checkouts::shop_id::ShopId;
use crate::reading::ledger::Posting;
use crate::store::error::StoreError;
use crate::store::posting::{Texts, posting};

/// The rows of what was paid to an invoice or a customer, in the order in which they were written.
pub(super) fn of_receiver(
    connection: &Connection,
    receiver: Uuid,
) -> Result<Vec<Posting>, StoreError> {
    let query = "SELECT * FROM ledger WHERE receiver = ?1 ORDER BY seq";
    let rows = listed(connection, query, &[&receiver.to_string()])?;
    Ok(rows.into_iter().map(|(_, posting)| posting).collect())
}

/// Rows of everything with a number above `after`, with their numbers.
pub(super) fn after(
    connection: &Connection,
    after: i64,
    most: u32,
) -> Result<Vec<(i64, Posting)>, StoreError> {
    let query = "SELECT * FROM ledger WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    listed(connection, query, &[&after, &most])
}

fn listed(
    connection: &Connection,
    query: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<(i64, Posting)>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(next) = rows.next()? {
        found.push((next.get("seq")?, posting(next)?));
    }
    Ok(found)
}

/// Which of these deposits count already for another address of their shop, by their ids.
pub(super) fn elsewhere(
    connection: &Connection,
    shop: &ShopId,
    receiver: Uuid,
    deposits: &[&Deposit],
) -> Result<Vec<Elsewhere>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT transaction_hash FROM ledger WHERE store = ?1 AND transaction_id = ?2 AND kind = 'deposit' AND receiver <> ?3",
    )?;
    let mut found = Vec::new();
    for deposit in deposits {
        let mut rows = statement.query((shop.as_str(), &deposit.id, receiver.to_string()))?;
        if let Some(next) = rows.next()? {
            found.push(Elsewhere {
                id: deposit.id.clone(),
                transaction: next.get("transaction_hash")?,
            });
        }
    }
    Ok(found)
}

/// Adds rows, in their order.
pub(super) fn put(connection: &Connection, postings: &[Posting]) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO ledger (store, kind, receiver, checkout_id, deposit, currency, source, at, transaction_id, received, asked, expected,
                             sender, transaction_hash, deposited_at, late, second, credited, fee, fiat, rate, worth, reason, says)
         VALUES (:store, :kind, :receiver, :checkout, :deposit, :currency, :source, :at, :transaction_id, :received, :asked, :expected,
                 :sender, :transaction, :deposited_at, :late, :second, :credited, :fee, :fiat, :rate, :worth, :reason, :says)",
    )?;
    for posting in postings {
        let texts = Texts::of(posting);
        statement.execute(named_params! {
            ":store": posting.shop.as_str(),
            ":kind": posting.kind().as_str(),
            ":receiver": posting.paid_to.to_string(),
            ":checkout": posting.checkout.map(|id| id.to_string()),
            ":deposit": posting.deposit,
            ":currency": posting.currency.code(),
            ":source": posting.cause.source.as_str(),
            ":at": posting.cause.at.millis(),
            ":transaction_id": texts.transaction_id,
            ":received": texts.received,
            ":asked": texts.asked,
            ":expected": texts.expected,
            ":sender": texts.sender,
            ":transaction": texts.transaction,
            ":deposited_at": texts.deposited_at,
            ":late": texts.late,
            ":second": texts.second,
            ":credited": texts.credited,
            ":fee": texts.fee,
            ":fiat": texts.fiat,
            ":rate": texts.rate,
            ":worth": texts.worth,
            ":reason": texts.reason,
            ":says": texts.says,
        })?;
    }
    Ok(())
}
