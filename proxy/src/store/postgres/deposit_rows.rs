//! Rows of `deposits`, looked up by what they were paid to.

use uuid::Uuid;

use super::failure::Failure;
use super::transaction::{Transaction, Values};
use crate::checkouts::deposit::{Deposit, Known};
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

/// What is known of these receivers.
pub(super) async fn known(transaction: &Transaction, receivers: &[Uuid]) -> Result<Known, Failure> {
    let mut all = Known::default();
    for receiver in receivers {
        let text = receiver.to_string();
        let of_it: Values<'_> = &[&text];
        let (deposits, flags) = tokio::join!(
            biased;
            of_receiver(transaction, *receiver),
            transaction.rows(
                "SELECT * FROM deposit_flags WHERE receiver = $1 ORDER BY seen_at, kind",
                of_it
            ),
        );
        all.deposits.extend(deposits?);
        for found in &flags? {
            all.flags.push(row::flag(found)?);
        }
    }
    all.in_order();
    Ok(all)
}
