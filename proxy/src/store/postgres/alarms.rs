//! Rows of `alarms`.

use async_trait::async_trait;
use checkout::Timestamp;
use futures_util::future::join_all;

use super::failure::Failure;
use super::handle::Postgres;
use super::history;
use super::transaction::Transaction;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::id::CheckoutId;
use crate::gateway::source::Source;
use crate::reading::history::Entry;
use crate::store::database::Alarms;
use crate::store::error::StoreError;
use crate::store::row;

#[async_trait]
impl Alarms for Postgres {
    async fn raise(
        &self,
        checkout: CheckoutId,
        alarm: Alarm,
        source: Source,
    ) -> Result<bool, StoreError> {
        self.write(
            (checkout, alarm, source),
            |transaction, (checkout, alarm, source)| {
                Box::pin(raise(transaction, *checkout, alarm, *source))
            },
        )
        .await
    }
}

/// Keeps an alarm and tells it in the history, unless there is one of this kind.
pub(super) async fn raise(
    transaction: &Transaction,
    checkout: CheckoutId,
    alarm: &Alarm,
    source: Source,
) -> Result<bool, Failure> {
    let is_new = insert(transaction, checkout, alarm).await?;
    if is_new {
        history::put_of(transaction, checkout, Entry::alarm(checkout, alarm, source)).await?;
    }
    Ok(is_new)
}

/// Keeps an alarm without a word in the history, which has it already.
async fn insert(
    transaction: &Transaction,
    checkout: CheckoutId,
    alarm: &Alarm,
) -> Result<bool, Failure> {
    let rows = transaction
        .run(
            "INSERT INTO alarms (checkout_id, invoice, kind, detail, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (checkout_id, invoice, kind) DO NOTHING",
            &[
                &checkout.to_string(),
                &alarm.invoice.to_string(),
                &alarm.kind,
                &alarm.detail,
                &Timestamp::millis(alarm.at),
            ],
        )
        .await?;
    Ok(rows > 0)
}

/// Keeps several.
pub(super) async fn insert_all(
    transaction: &Transaction,
    checkout: CheckoutId,
    alarms: &[Alarm],
) -> Result<(), Failure> {
    let all = alarms
        .iter()
        .map(|alarm| insert(transaction, checkout, alarm));
    let all: Result<Vec<_>, _> = join_all(all).await.into_iter().collect();
    all.map(drop)
}

/// Every alarm of a checkout, the oldest first.
pub(super) async fn of_checkout(
    transaction: &Transaction,
    checkout: &str,
) -> Result<Vec<Alarm>, Failure> {
    let rows = transaction
        .rows(
            "SELECT * FROM alarms WHERE checkout_id = $1 ORDER BY at, kind",
            &[&checkout],
        )
        .await?;
    Ok(rows.iter().map(row::alarm).collect::<Result<_, _>>()?)
}
