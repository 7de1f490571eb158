//! Rows of `deposits`, looked up by what they were paid to.

use uuid::Uuid;

use super::failure::Failure;
use super::transaction::Transaction;
use crate::checkouts::deposit::Deposit;
use crate::store::row;

/// Every deposit to a receiver, the oldest first.
pub(super) async fn of_receiver(
    transaction: &Transaction,
    receiver: Uuid,
) -> Result<Vec<Deposit>, Failure> {
    let query = "SELECT * FROM deposits WHERE receiver = $1 ORDER BY seen_at, id";
    listed(transaction, query, &receiver.to_string()).await
}

/// Every deposit to an invoice of a checkout, the oldest first.
pub(super) async fn of_checkout(
    transaction: &Transaction,
    checkout: &str,
) -> Result<Vec<Deposit>, Failure> {
    let query = "SELECT * FROM deposits WHERE receiver IN (SELECT idempotency_key FROM invoices WHERE checkout_id = $1) ORDER BY seen_at, id";
    listed(transaction, query, checkout).await
}

async fn listed(transaction: &Transaction, query: &str, of: &str) -> Result<Vec<Deposit>, Failure> {
    let rows = transaction.rows(query, &[&of]).await?;
    Ok(rows.iter().map(row::deposit).collect::<Result<_, _>>()?)
}
