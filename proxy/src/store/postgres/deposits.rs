//! Rows of `deposits` and `deposit_flags`: each once for what it was paid to, and what is odd about them.

use async_trait::async_trait;
use futures_util::future::join_all;
use uuid::Uuid;

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::Transaction;
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
impl Deposits for Postgres {
    async fn deposits(&self, paid_to: Vec<Uuid>) -> Result<Known, StoreError> {
        self.read(paid_to, |view, paid_to| {
            Box::pin(deposit_rows::known(view, paid_to))
        })
        .await
    }

    async fn take_in_deposits(
        &self,
        reading: DepositReading,
    ) -> Result<DepositChanges, StoreError> {
        self.write(reading, |transaction, reading| {
            Box::pin(async move {
                let receiver = reading.paid_to.key();
                let mut stored = deposit_rows::known(transaction, &[receiver]).await?;
                let mut changes = reading.decide(&stored);
                let new = new_ids(&changes, &stored);
                stored.elsewhere =
                    ledger::elsewhere(transaction, &reading.shop, receiver, &new).await?;
                if !stored.elsewhere.is_empty() {
                    changes = reading.decide(&stored);
                }
                // Rows say what was so before this list.
                let (rows, to) = rows(transaction, reading, &changes, &stored).await?;
                let cause = Cause {
                    source: reading.source,
                    at: reading.at,
                };
                let entries = entries::deposits::changed(reading.paid_to, &stored, &changes, cause);
                let shop = &reading.shop;
                let deposits = changes.put.iter().map(|one| put(transaction, shop, one));
                let flags = changes
                    .flags
                    .iter()
                    .map(|one| put_flag(transaction, shop, one));
                let (deposits, flags, written, booked) = tokio::join!(
                    biased;
                    join_all(deposits),
                    join_all(flags),
                    history::put(transaction, shop, &entries),
                    ledger::put(transaction, &rows),
                );
                let kept: Result<(), Failure> = deposits.into_iter().chain(flags).collect();
                kept.and(written).and(booked)?;
                told::put_counted(transaction, reading, &rows, to).await?;
                Ok(changes)
            })
        })
        .await
    }

    async fn ledger_of(&self, paid_to: Vec<Uuid>) -> Result<Vec<Posting>, StoreError> {
        self.read(paid_to, |view, paid_to| {
            Box::pin(async move {
                let mut all = Vec::new();
                for key in paid_to {
                    all.extend(ledger::of_receiver(view, *key).await?);
                }
                Ok(all)
            })
        })
        .await
    }

    async fn ledger(&self, after: i64, most: u32) -> Result<Vec<(i64, Posting)>, StoreError> {
        self.read((after, most), |view, (after, most)| {
            Box::pin(ledger::after(view, *after, *most))
        })
        .await
    }
}

/// What the ledger says of what a list has changed, and the checkout that it was paid to; none for a customer.
async fn rows(
    transaction: &Transaction,
    reading: &DepositReading,
    changes: &DepositChanges,
    stored: &Known,
) -> Result<(Vec<Posting>, Option<Snapshot>), Failure> {
    if *changes == DepositChanges::default() {
        return Ok((Vec::new(), None));
    }
    let checkout = async {
        match reading.paid_to {
            PaidTo::Invoice { checkout, .. } => checkouts::snapshot(transaction, checkout).await,
            PaidTo::Customer(_) => Ok(None),
        }
    };
    let (checkout, booked) = tokio::join!(
        biased;
        checkout,
        ledger::of_receiver(transaction, reading.paid_to.key()),
    );
    let (checkout, booked) = (checkout?, booked?);
    let books = Books {
        known: stored,
        booked: &booked,
        checkout: checkout.as_ref(),
    };
    let rows = ledger_rows(reading, changes, &books);
    Ok((rows, checkout))
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
