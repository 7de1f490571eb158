//! In which order open invoices are looked after.

use checkout::{Address, Timestamp};
use uuid::Uuid;

use super::failure::Failure;
use super::transaction::Transaction;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::visits::LONGEST_SECONDS;
use crate::limits::turns::Waiting;
use crate::store::columns::Columns;
use crate::store::database::LOOK_SECONDS;
use crate::store::outcome::{Due, Overdue, WatchOrder};
use crate::store::row;

/// The invoices of a shop that are to be read at `now`.
pub(super) async fn order(
    view: &Transaction,
    shop: &ShopId,
    now: Timestamp,
) -> Result<WatchOrder, Failure> {
    let rows = view
        .rows(
            "SELECT idempotency_key, due_at, network, looked_at IS NOT NULL AS was_looked_at,
                    checkouts.made_by = 'merchant' OR saw_money AS is_expected
             FROM invoices JOIN checkouts ON checkouts.id = invoices.checkout_id
             WHERE invoices.store = $1 AND due_at <= $2 AND watched_until > $2
             ORDER BY looked_at DESC NULLS LAST, invoices.place DESC",
            &[&shop.as_str(), &now.millis()],
        )
        .await?;
    let mut order = WatchOrder::default();
    for found in &rows {
        let key = row::key(found)?;
        if Columns::get(found, "is_expected")? {
            let since = Timestamp::from_millis(Columns::get(found, "due_at")?);
            order.expected.push(Due { key, since });
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

/// How far each shop's readings are behind.
pub(super) async fn overdue(view: &Transaction, now: Timestamp) -> Result<Vec<Overdue>, Failure> {
    let rows = view
        .rows(
            "SELECT store, count(*) AS many, min(due_at) AS since FROM invoices
             WHERE due_at <= $1 AND watched_until > $1 GROUP BY store ORDER BY store",
            &[&now.millis()],
        )
        .await?;
    let mut overdue = Vec::with_capacity(rows.len());
    for found in &rows {
        overdue.push(Overdue {
            shop: row::shop(found)?,
            many: Columns::get(found, "many")?,
            since: Timestamp::from_millis(Columns::get(found, "since")?),
        });
    }
    Ok(overdue)
}

/// Takes the turns of those that are due still. Those that somebody else is taking just now are passed over.
pub(super) async fn claim(
    transaction: &Transaction,
    keys: &[Uuid],
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Uuid>, Failure> {
    let texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
    let rows = transaction
        .rows(
            "UPDATE invoices SET due_at = $3
             WHERE idempotency_key IN (SELECT idempotency_key FROM invoices
                                       WHERE idempotency_key = ANY($1) AND due_at <= $2 FOR UPDATE SKIP LOCKED)
             RETURNING idempotency_key",
            &[&texts, &now.millis(), &until.millis()],
        )
        .await?;
    let claimed: Vec<Uuid> = rows.iter().map(row::key).collect::<Result<_, _>>()?;
    let in_order = keys.iter().filter(|key| claimed.contains(key));
    Ok(in_order.copied().collect())
}

/// Says when they have their next turns.
pub(super) async fn put_off(
    transaction: &Transaction,
    turns: &[(Uuid, Timestamp)],
) -> Result<(), Failure> {
    let keys: Vec<String> = turns.iter().map(|(key, _)| key.to_string()).collect();
    let moments: Vec<i64> = turns.iter().map(|(_, due_at)| due_at.millis()).collect();
    transaction
        .run(
            "UPDATE invoices SET due_at = turns.due_at FROM unnest($1::text[], $2::bigint[]) AS turns (key, due_at)
             WHERE idempotency_key = turns.key",
            &[&keys, &moments],
        )
        .await?;
    Ok(())
}

/// Gives no turn to those that are watched no more, and theirs to those that a wrong clock has put off.
pub(super) async fn mend(transaction: &Transaction, now: Timestamp) -> Result<usize, Failure> {
    let never = Timestamp::MAX.millis();
    let ended = transaction
        .run(
            "UPDATE invoices SET due_at = $2 WHERE due_at <= $1 AND watched_until <= $1",
            &[&now.millis(), &never],
        )
        .await?;
    let latest = now.plus_seconds(LONGEST_SECONDS).millis();
    let wrong = transaction
        .run(
            "UPDATE invoices SET due_at = $1 WHERE due_at > $2 AND due_at < $3",
            &[&now.millis(), &latest, &never],
        )
        .await?;
    Ok(usize::try_from(ended + wrong).unwrap_or(usize::MAX))
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
