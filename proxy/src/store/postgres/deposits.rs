//! Rows of `deposits` and `deposit_flags`: each once for what it was paid to, and what is odd about them.

use async_trait::async_trait;
use uuid::Uuid;

use super::failure::Failure;
use super::handle::Postgres;
use super::history;
use super::transaction::{Transaction, Values};
use crate::checkouts::deposit::{Deposit, Flag, Known};
use crate::checkouts::shop_id::ShopId;
use crate::reading::deposit_reading::DepositReading;
use crate::reading::history::{self as told, Cause};
use crate::reading::merge::DepositChanges;
use crate::store::database::Deposits;
use crate::store::error::StoreError;
use crate::store::row;

#[async_trait]
impl Deposits for Postgres {
    async fn deposits(&self, paid_to: Vec<Uuid>) -> Result<Known, StoreError> {
        self.read(paid_to, |view, paid_to| Box::pin(known(view, paid_to)))
            .await
    }

    async fn take_in_deposits(
        &self,
        reading: DepositReading,
    ) -> Result<DepositChanges, StoreError> {
        self.write(reading, |transaction, reading| {
            Box::pin(async move {
                let stored = known(transaction, &[reading.paid_to.key()]).await?;
                let changes = reading.decide(&stored);
                for deposit in &changes.put {
                    put(transaction, &reading.shop, deposit).await?;
                }
                for flag in &changes.flags {
                    put_flag(transaction, &reading.shop, flag).await?;
                }
                let cause = Cause {
                    source: reading.source,
                    at: reading.at,
                };
                let entries = told::deposits::changed(reading.paid_to, &stored, &changes, cause);
                history::put(transaction, &reading.shop, &entries).await?;
                Ok(changes)
            })
        })
        .await
    }
}

async fn known(transaction: &Transaction, receivers: &[Uuid]) -> Result<Known, Failure> {
    let mut all = Known::default();
    for receiver in receivers {
        let text = receiver.to_string();
        let of_it: Values<'_> = &[&text];
        let (deposits, flags) = tokio::try_join!(
            of_receiver(transaction, *receiver),
            transaction.rows(
                "SELECT * FROM deposit_flags WHERE receiver = $1 ORDER BY seen_at, kind",
                of_it
            ),
        )?;
        all.deposits.extend(deposits);
        for found in &flags {
            all.flags.push(row::flag(found)?);
        }
    }
    all.deposits
        .sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    Ok(all)
}

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

async fn put(transaction: &Transaction, shop: &ShopId, deposit: &Deposit) -> Result<(), Failure> {
    transaction
        .run(
            "INSERT INTO deposits (store, receiver, id, currency, amount, state, transaction_hash, sender, seen_at, missing_since)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (receiver, id) DO UPDATE
             SET currency = excluded.currency, amount = excluded.amount, state = excluded.state,
                 transaction_hash = excluded.transaction_hash, sender = excluded.sender, missing_since = excluded.missing_since",
            &[
                &shop.as_str(),
                &deposit.paid_to.to_string(),
                &deposit.id,
                &deposit.currency.code(),
                &deposit.amount.to_string(),
                &deposit.state.as_str(),
                &deposit.transaction,
                &deposit.sender,
                &deposit.at.millis(),
                &deposit.missing_since.map(checkout::Timestamp::millis),
            ],
        )
        .await?;
    Ok(())
}

async fn put_flag(transaction: &Transaction, shop: &ShopId, flag: &Flag) -> Result<(), Failure> {
    transaction
        .run(
            "INSERT INTO deposit_flags (store, receiver, deposit, kind, known, read, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (receiver, deposit, kind, read) DO NOTHING",
            &[
                &shop.as_str(),
                &flag.paid_to.to_string(),
                &flag.deposit,
                &flag.kind.as_str(),
                &flag.known,
                &flag.read,
                &flag.at.millis(),
            ],
        )
        .await?;
    Ok(())
}
