//! Writing events down, in the transaction of the change that they tell of.

use futures_util::future::join_all;

use super::failure::Failure;
use super::transaction::Transaction;
use super::{checkouts, decision_rows, deposit_rows, ledger};
use crate::checkouts::customer::CustomerId;
use crate::checkouts::event::NewEvent;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::deposit_reading::DepositReading;
use crate::reading::events::facts::Fact;
use crate::reading::events::money;
use crate::reading::events::teller::{Subject, Teller};
use crate::reading::ledger::Posting;
use crate::store::row;

/// Puts facts about a checkout into words and keeps them. The checkout is as it is by now; what was paid to it is read.
pub(super) async fn put(
    transaction: &Transaction,
    snapshot: Snapshot,
    facts: &[Fact],
    teller: &Teller,
) -> Result<(), Failure> {
    if facts.is_empty() {
        return Ok(());
    }
    // Large, and seldom: no change without news has to carry it.
    Box::pin(written(transaction, snapshot, facts, teller)).await
}

async fn written(
    transaction: &Transaction,
    snapshot: Snapshot,
    facts: &[Fact],
    teller: &Teller,
) -> Result<(), Failure> {
    let (checkout, receivers) = (snapshot.checkout.id, snapshot.receivers());
    let booked = receivers
        .iter()
        .map(|receiver| ledger::of_receiver(transaction, *receiver));
    let (known, booked, waits, decisions) = tokio::join!(
        biased;
        deposit_rows::known(transaction, &receivers),
        join_all(booked),
        has_pending(transaction, checkout),
        decision_rows::of_checkout(transaction, checkout),
    );
    let (known, mut waits) = (known?, waits?);
    let booked: Vec<Vec<Posting>> = booked.into_iter().collect::<Result<_, _>>()?;
    let subject = Subject::new(snapshot, known, booked.concat(), decisions?);
    let events = teller.events(facts, &subject);
    let mut rows = Vec::with_capacity(events.len());
    for event in &events {
        rows.push(insert_row(transaction, event, waits));
        waits = true;
    }
    join_all(rows).await.into_iter().collect()
}

/// Tells of deposits that begin to count by these rows. `to` is the checkout they were paid to; those of a customer are told with the latest
/// checkout of theirs.
pub(super) async fn put_counted(
    transaction: &Transaction,
    reading: &DepositReading,
    rows: &[Posting],
    to: Option<Snapshot>,
) -> Result<(), Failure> {
    if rows.iter().all(|row| row.counted().is_none()) {
        return Ok(());
    }
    let to = match (to, &reading.customer) {
        (None, Some(customer)) => latest_of(transaction, customer).await?,
        (to, _) => to,
    };
    let Some(snapshot) = to else {
        return Ok(());
    };
    let facts = money::counted(&snapshot.checkout.purpose, rows);
    put(transaction, snapshot, &facts, &reading.teller).await
}

async fn latest_of(
    transaction: &Transaction,
    customer: &CustomerId,
) -> Result<Option<Snapshot>, Failure> {
    let query = "SELECT id FROM checkouts WHERE store = $1 AND customer = $2 ORDER BY created_at DESC, id DESC LIMIT 1";
    let (shop, customer) = (customer.shop().as_str(), customer.as_str());
    let Some(found) = transaction.row(query, &[&shop, &customer]).await? else {
        return Ok(None);
    };
    checkouts::snapshot(transaction, row::id(&found, "id")?).await
}

/// Keeps an event, unless it is there.
pub(super) async fn insert(transaction: &Transaction, event: &NewEvent) -> Result<(), Failure> {
    let waits = has_pending(transaction, event.checkout).await?;
    insert_row(transaction, event, waits).await
}

/// Whether events of a checkout are pending. Of two transactions that tell of one checkout at once the database lets one pass, because each
/// looks here at what the other writes: so the numbers of its events are in the order of their commits.
async fn has_pending(transaction: &Transaction, checkout: CheckoutId) -> Result<bool, Failure> {
    let query = "SELECT 1 FROM events WHERE checkout_id = $1 AND state = 'pending' LIMIT 1";
    transaction.has(query, &[&checkout.to_string()]).await
}

async fn insert_row(
    transaction: &Transaction,
    event: &NewEvent,
    waits: bool,
) -> Result<(), Failure> {
    let checkout = event.checkout.to_string();
    let (state, due_at) = event.begins(waits);
    transaction
        .run(
            "INSERT INTO events (id, store, checkout_id, kind, at, body, state, due_at, kept_from)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $5) ON CONFLICT (id) DO NOTHING",
            &[
                &event.id.as_str(),
                &event.shop.as_str(),
                &checkout,
                &event.kind.as_str(),
                &event.at.millis(),
                &event.body,
                &state.as_str(),
                &due_at.millis(),
            ],
        )
        .await?;
    Ok(())
}
