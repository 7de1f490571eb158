//! Rows of `refunds`.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::checkouts::snapshot;
use super::handle::Sqlite;
use super::history;
use crate::checkouts::refund::{
    Refund, RefundId, RefundKey, RefundOrder, RefundPlace, RefundSearch, RefundStep,
};
use crate::checkouts::shop_id::ShopId;
use crate::reading::history::{Cause, Entry};
use crate::store::database::{Refunded, Refunds, Stepped};
use crate::store::error::StoreError;
use crate::store::merchant_rows::{refund, refund_page};

#[async_trait]
impl Refunds for Sqlite {
    async fn ask_refund(
        &self,
        order: RefundOrder,
        id: RefundId,
        key: RefundKey,
        cause: Cause,
    ) -> Result<Refunded, StoreError> {
        self.write(move |connection| {
            let known = "SELECT * FROM refunds WHERE store = ?1 AND idempotency_key = ?2";
            let values: [&dyn rusqlite::ToSql; 2] = [&order.shop.as_str(), &key.key];
            if let Some(known) = listed(connection, known, &values)?.pop() {
                let same = is_same(connection, known.id, &key)?;
                return Ok(if same {
                    Refunded::Kept(known)
                } else {
                    Refunded::OtherRequest
                });
            }
            let stored = snapshot(connection, order.checkout)?;
            let Some(stored) = stored.filter(|stored| stored.checkout.shop == order.shop) else {
                return Ok(Refunded::NoCheckout);
            };
            let owner = RefundOrder::owner(&stored);
            let of_owner = "SELECT * FROM refunds WHERE owner = ?1 AND currency = ?2";
            let there = listed(connection, of_owner, &[&owner, &order.currency.code])?;
            let made = match order.decide(id, &stored, &there, cause.at) {
                Ok(made) => made,
                Err(error) => return Ok(Refunded::Refused(error)),
            };
            insert(connection, &made, &owner, &key)?;
            history::put(
                connection,
                &order.shop,
                &[Entry::refund(&made, None, cause)],
            )?;
            Ok(Refunded::Kept(made))
        })
        .await
    }

    async fn step_refund(
        &self,
        shop: ShopId,
        id: RefundId,
        step: RefundStep,
        cause: Cause,
    ) -> Result<Stepped, StoreError> {
        self.write(move |connection| {
            let Some(known) = one(connection, &shop, id)? else {
                return Ok(Stepped::NoRefund);
            };
            let after = match known.step(&step, cause.at) {
                Ok(Some(after)) => after,
                Ok(None) => return Ok(Stepped::Stands(Box::new(known))),
                Err(error) => return Ok(Stepped::Refused(error)),
            };
            update(connection, &after)?;
            let entry = Entry::refund(&after, Some(known.state), cause);
            history::put(connection, &shop, &[entry])?;
            Ok(Stepped::Stands(Box::new(after)))
        })
        .await
    }

    async fn refund(&self, shop: ShopId, id: RefundId) -> Result<Option<Refund>, StoreError> {
        self.read(move |connection| one(connection, &shop, id))
            .await
    }

    async fn refunds(
        &self,
        shop: ShopId,
        search: RefundSearch,
        after: Option<RefundPlace>,
        most: u32,
    ) -> Result<(Vec<Refund>, Option<RefundPlace>), StoreError> {
        self.read(move |connection| {
            let place = after.map(|place| (place.requested_at.millis(), place.id.to_string()));
            let (millis, last) = place.unwrap_or((i64::MAX, String::new()));
            let query = "SELECT * FROM refunds WHERE store = ?1 AND (requested_at, id) < (?2, ?3)
                           AND (?4 IS NULL OR checkout_id = ?4) AND (?5 IS NULL OR state = ?5)
                         ORDER BY requested_at DESC, id DESC LIMIT ?6";
            let checkout = search.checkout.map(|checkout| checkout.to_string());
            let state = search.state.map(|state| state.as_str());
            let more = most.saturating_add(1);
            let values: [&dyn rusqlite::ToSql; 6] =
                [&shop.as_str(), &millis, &last, &checkout, &state, &more];
            Ok(refund_page(listed(connection, query, &values)?, most))
        })
        .await
    }
}

fn listed(
    connection: &Connection,
    query: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<Refund>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(next) = rows.next()? {
        found.push(refund(next)?);
    }
    Ok(found)
}

fn one(connection: &Connection, shop: &ShopId, id: RefundId) -> Result<Option<Refund>, StoreError> {
    let query = "SELECT * FROM refunds WHERE store = ?1 AND id = ?2";
    Ok(listed(connection, query, &[&shop.as_str(), &id.to_string()])?.pop())
}

/// Whether a refund was asked for by a request with these bytes.
fn is_same(connection: &Connection, id: RefundId, key: &RefundKey) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT fingerprint = ?2 FROM refunds WHERE id = ?1")?
        .query_row((id.to_string(), key.fingerprint), |row| row.get(0))?)
}

fn insert(
    connection: &Connection,
    made: &Refund,
    owner: &str,
    key: &RefundKey,
) -> Result<(), StoreError> {
    let order = &made.order;
    connection
        .prepare_cached(
            "INSERT INTO refunds (id, store, checkout_id, owner, invoice, deposit, currency, amount, address, reason, state, requested_at,
                                  idempotency_key, fingerprint)
             VALUES (:id, :store, :checkout, :owner, :invoice, :deposit, :currency, :amount, :address, :reason, :state, :requested_at,
                     :key, :fingerprint)",
        )?
        .execute(named_params! {
            ":id": made.id.to_string(),
            ":store": order.shop.as_str(),
            ":checkout": order.checkout.to_string(),
            ":owner": owner,
            ":invoice": order.invoice.map(|key| key.to_string()),
            ":deposit": order.deposit,
            ":currency": order.currency.code,
            ":amount": order.amount.to_string(),
            ":address": order.address.as_str(),
            ":reason": order.reason,
            ":state": made.state.as_str(),
            ":requested_at": made.requested_at.millis(),
            ":key": key.key,
            ":fingerprint": key.fingerprint,
        })?;
    Ok(())
}

fn update(connection: &Connection, after: &Refund) -> Result<(), StoreError> {
    let millis = |at: Option<checkout::Timestamp>| at.map(checkout::Timestamp::millis);
    connection
        .prepare_cached(
            "UPDATE refunds SET state = ?2, approved_at = ?3, sent_at = ?4, transaction_hash = ?5, cancelled_at = ?6 WHERE id = ?1",
        )?
        .execute((
            after.id.to_string(),
            after.state.as_str(),
            millis(after.approved_at),
            millis(after.sent_at),
            &after.transaction,
            millis(after.cancelled_at),
        ))?;
    Ok(())
}
