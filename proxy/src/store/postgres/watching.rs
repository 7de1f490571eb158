//! In which order open invoices are looked after.

use checkout::{Address, Timestamp};
use uuid::Uuid;

use super::failure::Failure;
use super::transaction::Transaction;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::limits::turns::Waiting;
use crate::store::columns::Columns;
use crate::store::database::LOOK_SECONDS;
use crate::store::outcome::WatchOrder;
use crate::store::row;

/// The invoices of a shop to be read at `now`.
pub(super) async fn order(
    view: &Transaction,
    shop: &ShopId,
    now: Timestamp,
) -> Result<WatchOrder, Failure> {
    let rows = view
        .rows(
            "SELECT idempotency_key, network, looked_at IS NOT NULL AS was_looked_at,
                    checkouts.made_by = 'merchant' OR saw_money AS is_expected
             FROM invoices JOIN checkouts ON checkouts.id = invoices.checkout_id
             WHERE watched_until > $1 AND invoices.store = $2
             ORDER BY looked_at DESC NULLS LAST, invoices.place DESC",
            &[&now.millis(), &shop.as_str()],
        )
        .await?;
    let mut order = WatchOrder::default();
    for found in &rows {
        let key = row::key(found)?;
        if Columns::get(found, "is_expected")? {
            order.expected.push(key);
        } else {
            order.waiting.push(Waiting {
                key,
                network: row::network(found)?,
                was_looked_at: Columns::get(found, "was_looked_at")?,
            });
        }
    }
    Ok(order)
}

/// Whether the last look at a checkout's invoices that is stored is older than [`LOOK_SECONDS`].
pub(super) async fn is_look_old(
    view: &Transaction,
    checkout: CheckoutId,
    now: Timestamp,
) -> Result<bool, Failure> {
    let before = now.plus_seconds(-LOOK_SECONDS).millis();
    let query =
        "SELECT 1 FROM invoices WHERE checkout_id = $1 AND coalesce(looked_at, 0) < $2 LIMIT 1";
    view.has(query, &[&checkout.to_string(), &before]).await
}

/// Notes a look at a checkout's invoices.
pub(super) async fn note_look(
    transaction: &Transaction,
    checkout: CheckoutId,
    now: Timestamp,
) -> Result<(), Failure> {
    let change = "UPDATE invoices SET looked_at = $2 WHERE checkout_id = $1";
    transaction
        .run(change, &[&checkout.to_string(), &now.millis()])
        .await?;
    Ok(())
}

/// Whether a watched invoice other than `own` has this address.
pub(super) async fn is_watched(
    transaction: &Transaction,
    address: &Address,
    own: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, Failure> {
    let query = "SELECT 1 FROM invoices WHERE address = $1 AND idempotency_key IS DISTINCT FROM $2 AND watched_until > $3 LIMIT 1";
    let own = own.map(|key| key.to_string());
    transaction
        .has(query, &[&address.as_str(), &own, &now.millis()])
        .await
}
