//! In which order open invoices are looked after.

use checkout::{Address, Timestamp};
use rusqlite::Connection;
use uuid::Uuid;

use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::visits::LONGEST_SECONDS;
use crate::limits::turns::Waiting;
use crate::store::database::LOOK_SECONDS;
use crate::store::error::StoreError;
use crate::store::outcome::{Due, Overdue, WatchOrder};
use crate::store::row;

/// The invoices of a shop that are to be read at `now`.
pub(super) fn order(
    connection: &Connection,
    shop: &ShopId,
    now: Timestamp,
) -> Result<WatchOrder, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT idempotency_key, due_at, network, looked_at IS NOT NULL AS was_looked_at,
                checkouts.made_by = 'merchant' OR saw_money AS is_expected
         FROM invoices JOIN checkouts ON checkouts.id = invoices.checkout_id
         WHERE invoices.store = ?1 AND due_at <= ?2 AND watched_until > ?2
         ORDER BY looked_at DESC, invoices.rowid DESC",
    )?;
    let mut rows = statement.query((shop.as_str(), now.millis()))?;
    let mut order = WatchOrder::default();
    while let Some(found) = rows.next()? {
        let key = row::key(found)?;
        if found.get("is_expected")? {
            let since = Timestamp::from_millis(found.get("due_at")?);
            order.expected.push(Due { key, since });
        } else {
            order.waiting.push(Waiting {
                key,
                network: row::network(found)?,
                was_looked_at: found.get("was_looked_at")?,
            });
        }
    }
    Ok(order)
}

/// How far each shop's readings are behind.
pub(super) fn overdue(connection: &Connection, now: Timestamp) -> Result<Vec<Overdue>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT store, count(*) AS many, min(due_at) AS since FROM invoices
         WHERE due_at <= ?1 AND watched_until > ?1 GROUP BY store ORDER BY store",
    )?;
    let mut rows = statement.query([now.millis()])?;
    let mut overdue = Vec::new();
    while let Some(found) = rows.next()? {
        overdue.push(Overdue {
            shop: row::shop(found)?,
            many: found.get("many")?,
            since: Timestamp::from_millis(found.get("since")?),
        });
    }
    Ok(overdue)
}

/// Takes the turns of those that are due still.
pub(super) fn claim(
    connection: &Connection,
    keys: &[Uuid],
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Uuid>, StoreError> {
    let mut statement = connection.prepare_cached(
        "UPDATE invoices SET due_at = ?3 WHERE idempotency_key = ?1 AND due_at <= ?2",
    )?;
    let mut claimed = Vec::with_capacity(keys.len());
    for key in keys {
        let was_due = statement.execute((key.to_string(), now.millis(), until.millis()))? > 0;
        claimed.extend(was_due.then_some(*key));
    }
    Ok(claimed)
}

/// Says when they have their next turns.
pub(super) fn put_off(
    connection: &Connection,
    turns: &[(Uuid, Timestamp)],
) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("UPDATE invoices SET due_at = ?2 WHERE idempotency_key = ?1")?;
    for (key, due_at) in turns {
        statement.execute((key.to_string(), due_at.millis()))?;
    }
    Ok(())
}

/// Gives no turn to those that are watched no more, and theirs to those that a wrong clock has put off.
pub(super) fn mend(connection: &Connection, now: Timestamp) -> Result<usize, StoreError> {
    let never = Timestamp::MAX.millis();
    let ended = connection
        .prepare_cached(
            "UPDATE invoices SET due_at = ?2 WHERE due_at <= ?1 AND watched_until <= ?1",
        )?
        .execute((now.millis(), never))?;
    let latest = now.plus_seconds(LONGEST_SECONDS).millis();
    let wrong = connection
        .prepare_cached("UPDATE invoices SET due_at = ?1 WHERE due_at > ?2 AND due_at < ?3")?
        .execute((now.millis(), latest, never))?;
    Ok(ended + wrong)
}

/// Whether the last look at a checkout's invoices that is stored is older than [`LOOK_SECONDS`].
pub(super) fn is_look_old(
    connection: &Connection,
    checkout: CheckoutId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let before = now.plus_seconds(-LOOK_SECONDS).millis();
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM invoices WHERE checkout_id = ?1 AND coalesce(looked_at, 0) < ?2)")?
        .query_row((checkout.to_string(), before), |row| row.get(0))?)
}

/// Notes a look at a checkout's invoices.
pub(super) fn note_look(
    connection: &Connection,
    checkout: CheckoutId,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE invoices SET looked_at = ?2 WHERE checkout_id = ?1")?
        .execute((checkout.to_string(), now.millis()))?;
    Ok(())
}

/// Whether a watched invoice other than `own` has this address.
pub(super) fn is_watched(
    connection: &Connection,
    address: &Address,
    own: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM invoices WHERE address = ?1 AND idempotency_key IS NOT ?2 AND watched_until > ?3)",
        )?
        .query_row(
            (address.as_str(), own.map(|key| key.to_string()), now.millis()),
            |row| row.get(0),
        )?)
}
