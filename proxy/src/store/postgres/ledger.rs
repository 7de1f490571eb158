//! Rows of `ledger`. They are only ever added.

use futures_util::future::join_all;
use uuid::Uuid;

use super::failure::Failure;
use super::transaction::{Transaction, Values};
use crate::checkouts::deposit::{Deposit, Elsewhere};
use crate::checkouts::shop_id::ShopId;
use crate::reading::ledger::Posting;
use crate::store::columns::Columns;
use crate::store::posting::{Texts, posting};

/// The rows of what was paid to an invoice or a customer, in the order in which they were written.
pub(super) async fn of_receiver(
    transaction: &Transaction,
    receiver: Uuid,
) -> Result<Vec<Posting>, Failure> {
    let query = "SELECT * FROM ledger WHERE receiver = $1 ORDER BY seq";
    let rows = listed(transaction, query, &[&receiver.to_string()]).await?;
    Ok(rows.into_iter().map(|(_, posting)| posting).collect())
}

/// Rows of everything with a number above `after`, with their numbers.
pub(super) async fn after(
    transaction: &Transaction,
    after: i64,
    most: u32,
) -> Result<Vec<(i64, Posting)>, Failure> {
    let query = "SELECT * FROM ledger WHERE seq > $1 ORDER BY seq LIMIT $2";
    listed(transaction, query, &[&after, &i64::from(most)]).await
}

async fn listed(
    transaction: &Transaction,
    query: &str,
    values: Values<'_>,
) -> Result<Vec<(i64, Posting)>, Failure> {
    let mut found = Vec::new();
    for next in &transaction.rows(query, values).await? {
        found.push((Columns::get(next, "seq")?, posting(next)?));
    }
    Ok(found)
}

/// Which of these deposits count already for another address of their shop, by their ids.
pub(super) async fn elsewhere(
    transaction: &Transaction,
    shop: &ShopId,
    receiver: Uuid,
    deposits: &[&Deposit],
) -> Result<Vec<Elsewhere>, Failure> {
    if deposits.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = deposits.iter().map(|deposit| deposit.id.as_str()).collect();
    let rows = transaction
        .rows(
            "SELECT transaction_id, transaction_hash FROM ledger
             WHERE store = $1 AND transaction_id = ANY($2) AND kind = 'deposit' AND receiver <> $3 ORDER BY seq",
            &[&shop.as_str(), &ids, &receiver.to_string()],
        )
        .await?;
    let mut found = Vec::new();
    for next in &rows {
        found.push(Elsewhere {
            id: Columns::get(next, "transaction_id")?,
            transaction: Columns::get(next, "transaction_hash")?,
        });
    }
    Ok(found)
}

/// Adds rows, in their order.
pub(super) async fn put(transaction: &Transaction, postings: &[Posting]) -> Result<(), Failure> {
    let all = postings.iter().map(|posting| insert(transaction, posting));
    join_all(all).await.into_iter().collect()
}

async fn insert(transaction: &Transaction, posting: &Posting) -> Result<(), Failure> {
    let texts = Texts::of(posting);
    transaction
            .run(
                "INSERT INTO ledger (store, kind, receiver, checkout_id, deposit, currency, source, at, transaction_id, received, asked, expected,
                                     sender, transaction_hash, deposited_at, late, second, credited, fee, fiat, rate, worth, reason, says)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
                &[
                    &posting.shop.as_str(),
                    &posting.kind().as_str(),
                    &posting.paid_to.to_string(),
                    &posting.checkout.map(|id| id.to_string()),
                    &posting.deposit,
                    &posting.currency.code(),
                    &posting.cause.source.as_str(),
                    &posting.cause.at.millis(),
                    &texts.transaction_id,
                    &texts.received,
                    &texts.asked,
                    &texts.expected,
                    &texts.sender,
                    &texts.transaction,
                    &texts.deposited_at,
                    &texts.late,
                    &texts.second,
                    &texts.credited,
                    &texts.fee,
                    &texts.fiat,
                    &texts.rate,
                    &texts.worth,
                    &texts.reason,
                    &texts.says,
                ],
            )
            .await?;
    Ok(())
}
