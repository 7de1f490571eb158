//! Rows of `readings` and `budgets`. Each is decided by its own row, which whoever changes it locks: first that of the reading, then that of
//! the account, so that nobody waits in a circle.

use async_trait::async_trait;
use checkout::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::Transaction;
use crate::limits::shared_budget::SharedBudget;
use crate::store::columns::Columns;
use crate::store::error::StoreError;
use crate::store::readings::{Begun, LastReading, Readings, Wish};

#[async_trait]
impl Readings for Postgres {
    async fn begin_reading(&self, wish: Wish) -> Result<Begun, StoreError> {
        self.write_keyed(wish, |transaction, wish| Box::pin(begin(transaction, wish)))
            .await
    }

    async fn end_reading(
        &self,
        subject: Uuid,
        by: Uuid,
        read_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.write_keyed((subject, by, read_at), |transaction, (subject, by, read_at)| {
            Box::pin(async move {
                let (subject, by) = (subject.to_string(), by.to_string());
                match read_at {
                    Some(at) => {
                        let change = "UPDATE readings SET read_by = $2, read_at = $3, claimed_until = 0 WHERE subject = $1";
                        transaction.run(change, &[&subject, &by, &at.millis()]).await?
                    }
                    None => {
                        let change = "UPDATE readings SET claimed_until = 0 WHERE subject = $1 AND claimed_by = $2";
                        transaction.run(change, &[&subject, &by]).await?
                    }
                };
                Ok(())
            })
        })
        .await
    }

    async fn pause_account(&self, account: String, until: Timestamp) -> Result<(), StoreError> {
        self.write_keyed((account, until), |transaction, (account, until)| {
            Box::pin(async move {
                let change =
                    "UPDATE budgets SET paused_until = greatest(paused_until, $2) WHERE account = $1";
                transaction.run(change, &[account, &until.millis()]).await?;
                Ok(())
            })
        })
        .await
    }

    async fn forget_readings(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write_keyed(before, |transaction, before| {
            Box::pin(async move {
                let change = "DELETE FROM readings WHERE read_at < $1 AND claimed_until < $1";
                transaction.run(change, &[&before.millis()]).await?;
                Ok(())
            })
        })
        .await
    }
}

async fn begin(transaction: &Transaction, wish: &Wish) -> Result<Begun, Failure> {
    let subject = wish.subject.to_string();
    let make = "INSERT INTO readings (subject) VALUES ($1) ON CONFLICT (subject) DO NOTHING";
    transaction.run(make, &[&subject]).await?;
    let query = "SELECT read_by, read_at, claimed_by, claimed_until FROM readings WHERE subject = $1 FOR UPDATE";
    let found = transaction.row(query, &[&subject]).await?;
    let last = found.as_ref().map(last_reading).transpose()?;
    if let Some(spared) = last.and_then(|last| last.spares(wish)) {
        return Ok(spared);
    }
    if !take(transaction, wish).await? {
        return Ok(Begun::NotNow);
    }
    let change = "UPDATE readings SET claimed_by = $2, claimed_until = $3 WHERE subject = $1";
    let (by, until) = (wish.lease.by.to_string(), wish.lease.until.millis());
    transaction.run(change, &[&subject, &by, &until]).await?;
    Ok(Begun::Ours)
}

/// Takes one reading of the account; `false` when there is none.
async fn take(transaction: &Transaction, wish: &Wish) -> Result<bool, Failure> {
    let (account, now) = (&wish.account, wish.lease.from);
    let full = SharedBudget::full(wish.allowance, now);
    let make = "INSERT INTO budgets (account, remaining, at) VALUES ($1, $2, $3) ON CONFLICT (account) DO NOTHING";
    transaction
        .run(make, &[account, &full.remaining, &full.at.millis()])
        .await?;
    let query = "SELECT remaining, at, paused_until FROM budgets WHERE account = $1 FOR UPDATE";
    let found = transaction.row(query, &[account]).await?;
    let found = found.as_ref().map(budget).transpose()?;
    let Some(left) = found.unwrap_or(full).take(wish.allowance, now) else {
        return Ok(false);
    };
    let change = "UPDATE budgets SET remaining = $2, at = $3 WHERE account = $1";
    transaction
        .run(change, &[account, &left.remaining, &left.at.millis()])
        .await?;
    Ok(true)
}

fn last_reading(row: &Row) -> Result<LastReading, StoreError> {
    let name = |column| -> Result<Uuid, StoreError> {
        let text: String = Columns::get(row, column)?;
        // Empty where nobody has read it yet.
        Ok(Uuid::try_parse(&text).unwrap_or_default())
    };
    let moment = |column| -> Result<Timestamp, StoreError> {
        Ok(Timestamp::from_millis(Columns::get(row, column)?))
    };
    Ok(LastReading {
        read_by: name("read_by")?,
        read_at: moment("read_at")?,
        claimed_by: name("claimed_by")?,
        claimed_until: moment("claimed_until")?,
    })
}

fn budget(row: &Row) -> Result<SharedBudget, StoreError> {
    Ok(SharedBudget {
        remaining: Columns::get(row, "remaining")?,
        at: Timestamp::from_millis(Columns::get(row, "at")?),
        paused_until: Timestamp::from_millis(Columns::get(row, "paused_until")?),
    })
}
