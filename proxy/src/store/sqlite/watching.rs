//! In which order open invoices are looked after.

use checkout::{Address, Timestamp};
use rusqlite::Connection;
use uuid::Uuid;

use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::limits::turns::Waiting;
use crate::store::database::LOOK_SECONDS;
use crate::store::error::StoreError;
use crate::store::outcome::WatchOrder;
use crate::store::row;

/// The invoices of a shop to be read at `now`.
pub(super) fn order(
    connection: &Connection,
    shop: &ShopId,
    now: Timestamp,
) -> Result<WatchOrder, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT idempotency_key, network, looked_at IS NOT NULL AS was_looked_at,
                checkouts.made_by = 'merchant' OR saw_money AS is_expected
         FROM invoices JOIN checkouts ON checkouts.id = invoices.checkout_id
         WHERE watched_until > ?1 AND invoices.store = ?2
         ORDER BY looked_at DESC, invoices.rowid DESC",
    )?;
    let mut rows = statement.query((now.millis(), shop.as_str()))?;
    let mut order = WatchOrder::default();
    while let Some(found) = rows.next()? {
        let key = row::key(found)?;
        if found.get("is_expected")? {
            order.expected.push(key);
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
