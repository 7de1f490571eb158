//! Rows of `deposits` and `deposit_flags`: each once for what it was paid to, and what is odd about them.

use async_trait::async_trait;
use rusqlite::{Connection, ToSql, named_params};
use uuid::Uuid;

use super::handle::Sqlite;
use super::history;
use crate::checkouts::deposit::{Deposit, Flag, Known};
use crate::checkouts::shop_id::ShopId;
use crate::reading::deposit_reading::DepositReading;
use crate::reading::history::{self as told, Cause};
use crate::reading::merge::DepositChanges;
use crate::store::database::Deposits;
use crate::store::error::StoreError;
use crate::store::row;

#[async_trait]
impl Deposits for Sqlite {
    async fn deposits(&self, paid_to: Vec<Uuid>) -> Result<Known, StoreError> {
        self.read(move |connection| {
            let mut all = Known::default();
            for key in paid_to {
                let of_one = known(connection, key)?;
                all.deposits.extend(of_one.deposits);
                all.flags.extend(of_one.flags);
            }
            all.deposits
                .sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
            Ok(all)
        })
        .await
    }

    async fn take_in_deposits(
        &self,
        reading: DepositReading,
    ) -> Result<DepositChanges, StoreError> {
        self.write(move |connection| {
            let stored = known(connection, reading.paid_to.key())?;
            let changes = reading.decide(&stored);
            for deposit in &changes.put {
                put(connection, &reading.shop, deposit)?;
            }
            for flag in &changes.flags {
                put_flag(connection, &reading.shop, flag)?;
            }
            let cause = Cause {
                source: reading.source,
                at: reading.at,
            };
            history::put(
                connection,
                &reading.shop,
                &told::deposits::changed(reading.paid_to, &stored, &changes, cause),
            )?;
            Ok(changes)
        })
        .await
    }
}

fn known(connection: &Connection, receiver: Uuid) -> Result<Known, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM deposit_flags WHERE receiver = ?1 ORDER BY seen_at, kind")?;
    let mut rows = statement.query([receiver.to_string()])?;
    let mut flags = Vec::new();
    while let Some(found) = rows.next()? {
        flags.push(row::flag(found)?);
    }
    Ok(Known {
        deposits: of_receiver(connection, receiver)?,
        flags,
    })
}

/// Every deposit to a receiver, the oldest first.
pub(super) fn of_receiver(
    connection: &Connection,
    receiver: Uuid,
) -> Result<Vec<Deposit>, StoreError> {
    listed(
        connection,
        "SELECT * FROM deposits WHERE receiver = ?1 ORDER BY seen_at, id",
        &[&receiver.to_string()],
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

fn put(connection: &Connection, shop: &ShopId, deposit: &Deposit) -> Result<(), StoreError> {
    let receiver: Uuid = deposit.paid_to;
    connection
        .prepare_cached(
            "INSERT INTO deposits (store, receiver, id, currency, amount, state, transaction_hash, sender, seen_at, missing_since)
             VALUES (:store, :receiver, :id, :currency, :amount, :state, :transaction, :sender, :seen_at, :missing_since)
             ON CONFLICT (receiver, id) DO UPDATE
             SET currency = excluded.currency, amount = excluded.amount, state = excluded.state,
                 transaction_hash = excluded.transaction_hash, sender = excluded.sender, missing_since = excluded.missing_since",
        )?
        .execute(named_params! {
            ":store": shop.as_str(),
            ":receiver": receiver.to_string(),
            ":id": deposit.id,
            ":currency": deposit.currency.code(),
            ":amount": deposit.amount.to_string(),
            ":state": deposit.state.as_str(),
            ":transaction": deposit.transaction,
            ":sender": deposit.sender,
            ":seen_at": deposit.at.millis(),
            ":missing_since": deposit.missing_since.map(checkout::Timestamp::millis),
        })?;
    Ok(())
}

fn put_flag(connection: &Connection, shop: &ShopId, flag: &Flag) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO deposit_flags (store, receiver, deposit, kind, known, read, seen_at)
             VALUES (:store, :receiver, :deposit, :kind, :known, :read, :seen_at)
             ON CONFLICT (receiver, deposit, kind, read) DO NOTHING",
        )?
        .execute(named_params! {
            ":store": shop.as_str(),
            ":receiver": flag.paid_to.to_string(),
            ":deposit": flag.deposit,
            ":kind": flag.kind.as_str(),
            ":known": flag.known,
            ":read": flag.read,
            ":seen_at": flag.at.millis(),
        })?;
    Ok(())
}
