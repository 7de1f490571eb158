//! Deposits on disk: each once for what it was paid to.

use rusqlite::{Connection, ToSql, named_params};
use uuid::Uuid;

use super::{Store, StoreError, row};
use crate::deposit::{Changes, Deposit, Receiver};

impl Store {
    /// Every deposit to a receiver, the oldest first.
    pub(crate) async fn deposits(&self, receiver: Receiver) -> Result<Vec<Deposit>, StoreError> {
        self.read(move |connection| of_receiver(connection, receiver))
            .await
    }

    /// Changes the deposits to a receiver by what `change` makes of them as they are at this moment. Answers with what was changed.
    pub(crate) async fn change_deposits<C>(
        &self,
        receiver: Receiver,
        change: C,
    ) -> Result<Changes, StoreError>
    where
        C: FnOnce(&[Deposit]) -> Changes + Send + 'static,
    {
        self.write(move |connection| {
            let changes = change(&of_receiver(connection, receiver)?);
            for deposit in &changes.put {
                put(connection, deposit)?;
            }
            for id in &changes.gone {
                connection
                    .prepare_cached("DELETE FROM deposits WHERE receiver = ?1 AND id = ?2")?
                    .execute((receiver.key.to_string(), id))?;
            }
            Ok(changes)
        })
        .await
    }
}

pub(super) fn of_receiver(
    connection: &Connection,
    receiver: Receiver,
) -> Result<Vec<Deposit>, StoreError> {
    listed(
        connection,
        "SELECT * FROM deposits WHERE receiver = ?1 AND currency = ?2 ORDER BY seen_at, id",
        &[&receiver.key.to_string(), &receiver.currency.code],
    )
}

/// Every deposit to an invoice of a checkout, the oldest first.
pub(super) fn of_checkout(
    connection: &Connection,
    checkout: &str,
) -> Result<Vec<Deposit>, StoreError> {
    listed(
        connection,
        "SELECT * FROM deposits WHERE receiver IN (SELECT idempotency_key FROM invoices WHERE checkout_id = ?1) ORDER BY seen_at, id",
        &[&checkout],
    )
}

fn listed(
    connection: &Connection,
    query: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<Deposit>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(values)?;
    let mut deposits = Vec::new();
    while let Some(found) = rows.next()? {
        deposits.push(row::deposit(found)?);
    }
    Ok(deposits)
}

fn put(connection: &Connection, deposit: &Deposit) -> Result<(), StoreError> {
    let receiver: Uuid = deposit.receiver;
    connection
        .prepare_cached(
            "INSERT INTO deposits (receiver, id, currency, amount, state, transaction_hash, seen_at)
             VALUES (:receiver, :id, :currency, :amount, :state, :transaction, :seen_at)
             ON CONFLICT (receiver, id) DO UPDATE
             SET amount = excluded.amount, state = excluded.state, transaction_hash = excluded.transaction_hash",
        )?
        .execute(named_params! {
            ":receiver": receiver.to_string(),
            ":id": deposit.id,
            ":currency": deposit.currency,
            ":amount": deposit.amount.to_string(),
            ":state": deposit.state.as_str(),
            ":transaction": deposit.transaction,
            ":seen_at": deposit.at.millis(),
        })?;
    Ok(())
}
