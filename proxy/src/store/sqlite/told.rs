//! Writing events down, in the transaction of the change that they tell of.

use rusqlite::{Connection, named_params};

use super::{checkouts, decision_rows, deposit_rows, ledger};
use crate::checkouts::customer::CustomerId;
use crate::checkouts::deposit::Known;
use crate::checkouts::event::NewEvent;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::deposit_reading::DepositReading;
use crate::reading::events::facts::Fact;
use crate::reading::events::money;
use crate::reading::events::teller::{Subject, Teller};
use crate::reading::ledger::Posting;
use crate::store::error::StoreError;
use crate::store::row;

/// Puts facts about a checkout into words and keeps them. The checkout is as it is by now; what was paid to it is read.
pub(super) fn put(
    connection: &Connection,
    snapshot: Snapshot,
    facts: &[Fact],
    teller: &Teller,
) -> Result<(), StoreError> {
    if facts.is_empty() {
        return Ok(());
    }
    let (mut known, mut booked) = (Known::default(), Vec::new());
    for receiver in snapshot.receivers() {
        let of_one = deposit_rows::known(connection, receiver)?;
        known.deposits.extend(of_one.deposits);
        known.flags.extend(of_one.flags);
        booked.extend(ledger::of_receiver(connection, receiver)?);
    }
    known.in_order();
    let decisions = decision_rows::of_checkout(connection, snapshot.checkout.id)?;
    let subject = Subject::new(snapshot, known, booked, decisions);
    for event in teller.events(facts, &subject) {
        insert(connection, &event)?;
    }
    Ok(())
}

/// Tells of deposits that begin to count by these rows. `to` is the checkout they were paid to; those of a customer are told with the latest
/// checkout of theirs.
pub(super) fn put_counted(
    connection: &Connection,
    reading: &DepositReading,
    rows: &[Posting],
    to: Option<Snapshot>,
) -> Result<(), StoreError> {
    if rows.iter().all(|row| row.counted().is_none()) {
        return Ok(());
    }
    let to = match (to, &reading.customer) {
        (None, Some(customer)) => latest_of(connection, customer)?,
        (to, _) => to,
    };
    let Some(snapshot) = to else {
        return Ok(());
    };
    let facts = money::counted(&snapshot.checkout.purpose, rows);
    put(connection, snapshot, &facts, &reading.teller)
}

fn latest_of(
    connection: &Connection,
    customer: &CustomerId,
) -> Result<Option<Snapshot>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM checkouts WHERE store = ?1 AND customer = ?2 ORDER BY created_at DESC, id DESC LIMIT 1",
    )?;
    let mut rows = statement.query((customer.shop().as_str(), customer.as_str()))?;
    let Some(found) = rows.next()? else {
        return Ok(None);
    };
    checkouts::snapshot(connection, row::id(found, "id")?)
}

/// Keeps an event, unless it is there.
pub(super) fn insert(connection: &Connection, event: &NewEvent) -> Result<(), StoreError> {
    let waits: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM events WHERE checkout_id = ?1 AND state = 'pending')",
        )?
        .query_row([event.checkout.to_string()], |row| row.get(0))?;
    let (state, due_at) = event.begins(waits);
    connection
        .prepare_cached(
            "INSERT INTO events (id, store, checkout_id, kind, at, body, state, due_at, kept_from)
             VALUES (:id, :store, :checkout, :kind, :at, :body, :state, :due_at, :at)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(named_params! {
            ":id": event.id.as_str(),
            ":store": event.shop.as_str(),
            ":checkout": event.checkout.to_string(),
            ":kind": event.kind.as_str(),
            ":at": event.at.millis(),
            ":body": event.body,
            ":state": state.as_str(),
            ":due_at": due_at.millis(),
        })
        .map(drop)
        .map_err(StoreError::from)
}
