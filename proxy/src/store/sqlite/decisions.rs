//! Rows of `decisions`: what merchants have decided, and when a checkout was closed by that.

use async_trait::async_trait;
use checkout::Timestamp;
use rusqlite::Connection;

use super::checkouts::snapshot;
use super::decision_rows::{listed, of_checkout};
use super::handle::Sqlite;
use super::{history, told};
use crate::checkouts::decision::{
    Act, Decision, DecisionName, DecisionState, LONGEST_PAUSE_SECONDS, Said,
};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::reading::events::facts;
use crate::reading::events::teller::Teller;
use crate::reading::history::{Cause, Entry};
use crate::store::database::{Decided, Decisions};
use crate::store::error::StoreError;
use crate::store::merchant_rows::decision_key;

#[async_trait]
impl Decisions for Sqlite {
    async fn decide(
        &self,
        name: DecisionName,
        cause: Cause,
        due_at: Timestamp,
        teller: Teller,
    ) -> Result<Decided, StoreError> {
        self.write(move |connection| {
            if let Some(known) = Decided::known(one(connection, name)?) {
                return Ok(known);
            }
            let Some(stored) = snapshot(connection, name.checkout)? else {
                return Ok(Decided::Gone);
            };
            if let Some(objection) = name.objection(&stored) {
                return Ok(Decided::Objected(objection));
            }
            let made = Decision {
                name,
                shop: stored.checkout.shop.clone(),
                decided_at: cause.at,
                state: DecisionState::Open,
            };
            put(connection, &made, due_at)?;
            match name.act {
                Act::Archive => {
                    close(connection, name.checkout, Some(cause.at))?;
                    let closed = stored.closed(cause.at);
                    let facts = facts::decided(&stored, &closed, cause.at);
                    told::put(connection, closed, &facts, &teller)?;
                }
                Act::ReturnToPaid => accept(connection, name, Some(cause.at))?,
                Act::Close => {}
            }
            history::put(connection, &made.shop, &[Entry::decided(name, cause)])?;
            Ok(Decided::Begun(made))
        })
        .await
    }

    async fn settle_decision(
        &self,
        name: DecisionName,
        said: Said,
        cause: Cause,
    ) -> Result<Option<Decision>, StoreError> {
        self.write(move |connection| {
            let Some(mut known) = one(connection, name)? else {
                return Ok(None);
            };
            let Some(stored) = snapshot(connection, name.checkout)? else {
                return Ok(None);
            };
            if known.state != DecisionState::Open {
                return Ok(Some(known));
            }
            let is_making = is_making(connection, name.checkout)?;
            known.state = known.settled(&stored, is_making, said, cause.at);
            if known.state == DecisionState::Open {
                return Ok(Some(known));
            }
            let (checkout, act, invoice) = decision_key(name);
            connection
                .prepare_cached(
                    "UPDATE decisions SET state = ?4 WHERE checkout_id = ?1 AND act = ?2 AND invoice = ?3",
                )?
                .execute((checkout, act, invoice, known.state.as_str()))?;
            match (name.act, known.state) {
                (Act::Archive, DecisionState::Withdrawn) => close(connection, name.checkout, None)?,
                (Act::ReturnToPaid, DecisionState::Refused) => accept(connection, name, None)?,
                _ => {}
            }
            let entry = Entry::settled(name, known.state, cause);
            history::put(connection, &known.shop, &[entry])?;
            Ok(Some(known))
        })
        .await
    }

    async fn decisions_of(&self, checkout: CheckoutId) -> Result<Vec<Decision>, StoreError> {
        self.read(move |connection| of_checkout(connection, checkout))
            .await
    }

    async fn due_decisions(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<Decision>, StoreError> {
        self.read(move |connection| {
            let latest = now.plus_seconds(LONGEST_PAUSE_SECONDS).millis();
            let query = "SELECT * FROM decisions WHERE store = ?1 AND state = 'open' AND (due_at <= ?2 OR due_at > ?3)
                         ORDER BY due_at, checkout_id LIMIT ?4";
            listed(connection, query, &[&shop.as_str(), &now.millis(), &latest, &most])
        })
        .await
    }

    async fn claim_decision(
        &self,
        name: DecisionName,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let (checkout, act, invoice) = decision_key(name);
            let latest = now.plus_seconds(LONGEST_PAUSE_SECONDS).millis();
            let taken = connection
                .prepare_cached(
                    "UPDATE decisions SET due_at = ?4 WHERE checkout_id = ?1 AND act = ?2 AND invoice = ?3 AND state = 'open'
                     AND (due_at <= ?5 OR due_at > ?6)",
                )?
                .execute((checkout, act, invoice, until.millis(), now.millis(), latest))?;
            Ok(taken > 0)
        })
        .await
    }

    async fn put_off_decision(
        &self,
        name: DecisionName,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |connection| {
            let (checkout, act, invoice) = decision_key(name);
            connection
                .prepare_cached(
                    "UPDATE decisions SET due_at = ?4 WHERE checkout_id = ?1 AND act = ?2 AND invoice = ?3 AND state = 'open'",
                )?
                .execute((checkout, act, invoice, due_at.millis()))?;
            Ok(())
        })
        .await
    }
}

fn one(connection: &Connection, name: DecisionName) -> Result<Option<Decision>, StoreError> {
    let (checkout, act, invoice) = decision_key(name);
    let query = "SELECT * FROM decisions WHERE checkout_id = ?1 AND act = ?2 AND invoice = ?3";
    Ok(listed(connection, query, &[&checkout, &act, &invoice])?.pop())
}

fn put(connection: &Connection, made: &Decision, due_at: Timestamp) -> Result<(), StoreError> {
    let (checkout, act, invoice) = decision_key(made.name);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO decisions (checkout_id, store, act, invoice, decided_at, state, due_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            checkout,
            made.shop.as_str(),
            act,
            invoice,
            made.decided_at.millis(),
            made.state.as_str(),
            due_at.millis(),
        ))?;
    Ok(())
}

/// Closes a checkout for its buyer, or opens it again.
fn close(
    connection: &Connection,
    checkout: CheckoutId,
    at: Option<Timestamp>,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE checkouts SET closed_at = ?2 WHERE id = ?1")?
        .execute((checkout.to_string(), at.map(Timestamp::millis)))?;
    Ok(())
}

/// Notes that what an invoice has received is enough to its merchant, or is not.
fn accept(
    connection: &Connection,
    name: DecisionName,
    at: Option<Timestamp>,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE invoices SET accepted_at = ?2 WHERE idempotency_key = ?1")?
        .execute((
            name.invoice.map(|key| key.to_string()),
            at.map(Timestamp::millis),
        ))?;
    Ok(())
}

/// Whether a checkout takes no new attempt.
pub(super) fn is_closed(connection: &Connection, checkout: CheckoutId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM checkouts WHERE id = ?1 AND closed_at IS NOT NULL)",
        )?
        .query_row([checkout.to_string()], |row| row.get(0))?)
}

fn is_making(connection: &Connection, checkout: CheckoutId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM invoice_requests WHERE checkout_id = ?1 AND state = 'started')",
        )?
        .query_row([checkout.to_string()], |row| row.get(0))?)
}
