//! Rows of `deposits` and `deposit_flags`: each once for what it was paid to, and what is odd about them.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};
use uuid::Uuid;

use super::handle::Sqlite;
use super::{checkouts, deposit_rows, history, ledger, told};
use crate::checkouts::deposit::{Deposit, Flag, Known};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::history::{self as entries, Cause};
use crate::reading::ledger::Posting;
use crate::reading::ledger::deposit::{Books, new_ids, rows as ledger_rows};
use crate::reading::merge::DepositChanges;
use crate::store::database::Deposits;
use crate::store::error::StoreError;

#[async_trait]
impl Deposits for Sqlite {
    async fn deposits(&self, paid_to: Vec<Uuid>) -> Result<Known, StoreError> {
        self.read(move |connection| {
            let mut all = Known::default();
            for key in paid_to {
                let of_one = deposit_rows::known(connection, key)?;
                all.deposits.extend(of_one.deposits);
                all.flags.extend(of_one.flags);
            }
            all.in_order();
            Ok(all)
        })
        .await
    }

    async fn take_in_deposits(
        &self,
        reading: DepositReading,
    ) -> Result<DepositChanges, StoreError> {
        self.write(move |connection| {
            let receiver = reading.paid_to.key();
            let mut stored = deposit_rows::known(connection, receiver)?;
            let mut changes = reading.decide(&stored);
            let new = new_ids(&changes, &stored);
            stored.elsewhere = ledger::elsewhere(connection, &reading.shop, receiver, &new)?;
            if !stored.elsewhere.is_empty() {
                changes = reading.decide(&stored);
            }
            // Rows say what was so before this list.
            let (rows, to) = rows(connection, &reading, &changes, &stored)?;
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
                &entries::deposits::changed(reading.paid_to, &stored, &changes, cause),
            )?;
            ledger::put(connection, &rows)?;
            told::put_counted(connection, &reading, &rows, to)?;
            Ok(changes)
        })
        .await
    }

    async fn ledger_of(&self, paid_to: Vec<Uuid>) -> Result<Vec<Posting>, StoreError> {
        self.read(move |connection| {
            let mut all = Vec::new();
            for key in paid_to {
                all.extend(ledger::of_receiver(connection, key)?);
            }
            Ok(all)
        })
        .await
    }

    async fn ledger(&self, after: i64, most: u32) -> Result<Vec<(i64, Posting)>, StoreError> {
        self.read(move |connection| ledger::after(connection, after, most))
            .await
    }
}

/// What the ledger says of what a list has changed, and the checkout that it was paid to; none for a customer.
fn rows(
    connection: &Connection,
    reading: &DepositReading,
    changes: &DepositChanges,
    stored: &Known,
) -> Result<(Vec<Posting>, Option<Snapshot>), StoreError> {
    if *changes == DepositChanges::default() {
        return Ok((Vec::new(), None));
    }
    let checkout = match reading.paid_to {
        PaidTo::Invoice { checkout, .. } => checkouts::snapshot(connection, checkout)?,
        PaidTo::Customer(_) => None,
    };
    let books = Books {
        known: stored,
        booked: &ledger::of_receiver(connection, reading.paid_to.key())?,
        checkout: checkout.as_ref(),
    };
    let rows = ledger_rows(reading, changes, &books);
    Ok((rows, checkout))
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
