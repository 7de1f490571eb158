//! In which order open invoices are looked after.

use checkout::{Address, Timestamp};
use rusqlite::{Connection, OptionalExtension, named_params};
use uuid::Uuid;

use super::{Store, StoreError, row};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::{ANY_WATCH_SECONDS, Invoice, OVER_WATCH_SECONDS};
use crate::limits::turns::Waiting;

/// How much older than now the last look on disk may be: a page asks every few seconds, which must not cost a write each.
pub(crate) const LOOK_SECONDS: i64 = 10 * 60;

/// [`Invoice::is_watched`] for a row of `invoices`, as of the moment that `:over_since` and `:any_since` were worked out for.
const WATCHED: &str = "(latest_expiry > CASE WHEN phase IN ('completed', 'expired', 'archived') THEN :over_since ELSE :any_since END
                        OR (amount = '' AND phase <> 'archived'))";

/// The invoices the gateway may have news of.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct WatchOrder {
    /// Keys of those made for a checkout of the merchant's server, and of those on which money was seen.
    pub(crate) expected: Vec<Uuid>,
    /// Those that pages made and nobody has paid yet; the one looked at last comes first.
    pub(crate) waiting: Vec<Waiting>,
}

impl Store {
    /// Which invoices are to be read.
    pub(crate) async fn watch_order(&self, now: Timestamp) -> Result<WatchOrder, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT idempotency_key, network, looked_at IS NOT NULL AS was_looked_at,
                        checkouts.made_by = 'merchant' OR received <> '0' OR phase NOT IN ('awaiting', 'expired', 'archived') AS is_expected
                 FROM invoices JOIN checkouts ON checkouts.id = invoices.checkout_id
                 WHERE {WATCHED}
                 ORDER BY looked_at DESC, invoices.rowid DESC",
            ))?;
            let (over_since, any_since) = since(now);
            let mut rows = statement
                .query(named_params! { ":over_since": over_since, ":any_since": any_since })?;
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
        })
        .await
    }

    /// The invoices with these keys, in their order; those that are gone are left out.
    pub(crate) async fn invoices(&self, keys: Vec<Uuid>) -> Result<Vec<Invoice>, StoreError> {
        self.read(move |connection| {
            let found = keys.iter().map(|key| invoice(connection, *key));
            Ok(found
                .collect::<Result<Vec<_>, _>>()?
                .into_iter()
                .flatten()
                .collect())
        })
        .await
    }

    /// Notes that a page shows the invoices of a checkout. Writes nothing when that was noted a short while ago.
    pub(crate) async fn looked_at(
        &self,
        checkout: CheckoutId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let before = now.plus_seconds(-LOOK_SECONDS).millis();
        let id = checkout.to_string();
        let any: Option<bool> = {
            let id = id.clone();
            self.read(move |connection| {
                Ok(connection
                    .prepare_cached("SELECT 1 FROM invoices WHERE checkout_id = ?1 AND coalesce(looked_at, 0) < ?2 LIMIT 1")?
                    .query_row((id, before), |row| row.get(0))
                    .optional()?)
            })
            .await?
        };
        if any.is_none() {
            return Ok(());
        }
        self.write(move |connection| {
            connection
                .prepare_cached("UPDATE invoices SET looked_at = ?2 WHERE checkout_id = ?1")?
                .execute((id, now.millis()))?;
            Ok(())
        })
        .await
    }
}

/// Whether a watched invoice other than `own` has this address.
pub(super) fn is_watched(
    connection: &Connection,
    address: &Address,
    own: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (over_since, any_since) = since(now);
    let found = connection
        .prepare_cached(&format!(
            "SELECT EXISTS (SELECT 1 FROM invoices WHERE address = :address AND idempotency_key IS NOT :own AND {WATCHED})"
        ))?
        .query_row(
            named_params! {
                ":address": address.as_str(),
                ":own": own.map(|key| key.to_string()),
                ":over_since": over_since,
                ":any_since": any_since,
            },
            |row| row.get(0),
        )?;
    Ok(found)
}

/// The parameters of [`WATCHED`].
fn since(now: Timestamp) -> (i64, i64) {
    let since = |seconds: i64| now.plus_seconds(-seconds).millis();
    (since(OVER_WATCH_SECONDS), since(ANY_WATCH_SECONDS))
}

fn invoice(connection: &Connection, key: Uuid) -> Result<Option<Invoice>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM invoices WHERE idempotency_key = ?1")?;
    let mut rows = statement.query([key.to_string()])?;
    rows.next()?.map(row::invoice).transpose()
}
