//! Rows of `events`: which are due, what became of them, and checkouts whose time has come.

use async_trait::async_trait;
use checkout::Timestamp;
use checkout::wire::{EventKind, EventState};
use rusqlite::{Connection, ToSql, named_params};

use super::handle::Sqlite;
use super::{checkouts, told};
use crate::checkouts::event::{
    Ended, Event, EventFilter, EventId, LONGEST_PAUSE_SECONDS, NEVER, Next,
};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::reading::events::facts;
use crate::reading::events::teller::Teller;
use crate::store::database::Outbox;
use crate::store::error::StoreError;
use crate::store::leases::Lease;
use crate::store::row;

/// How many one write forgets at most, so that other writes come through in between.
const AT_ONCE: u32 = 500;

/// Which events may be sent now: none whose lease runs, and none behind another one of its checkout that is pending.
const DUE: &str = "store = ?1 AND state = 'pending' AND due_at <= ?2 AND (claimed_until <= ?2 OR claimed_until > ?3)
    AND NOT EXISTS (SELECT 1 FROM gone_targets WHERE gone_targets.store = ?1 AND mark = ?4)
    AND NOT EXISTS (SELECT 1 FROM events AS earlier
                    WHERE earlier.checkout_id = events.checkout_id AND earlier.seq < events.seq AND earlier.state = 'pending')";

#[async_trait]
impl Outbox for Sqlite {
    async fn close_checkouts(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
        teller: Teller,
    ) -> Result<u32, StoreError> {
        // Looked for first: this is asked every few seconds, and writing would cost a flush each time.
        let found = self.read(move |connection| to_close(connection, &shop, now, most));
        let found = found.await?;
        if found.is_empty() {
            return Ok(0);
        }
        self.write(move |connection| {
            for id in &found {
                close(connection, *id, now, &teller)?;
            }
            Ok(u32::try_from(found.len()).unwrap_or(u32::MAX))
        })
        .await
    }

    async fn claim_events(
        &self,
        shop: ShopId,
        target: String,
        lease: Lease,
        most: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let (looked, marked) = (shop.clone(), target.clone());
        let has_some = self
            .read(move |connection| Ok(!due(connection, &looked, &marked, lease, 1)?.is_empty()));
        if !has_some.await? {
            return Ok(Vec::new());
        }
        self.write(move |connection| {
            let found = due(connection, &shop, &target, lease, most)?;
            let mut claim = connection.prepare_cached(
                "UPDATE events SET claimed_by = ?2, claimed_until = ?3 WHERE seq = ?1",
            )?;
            for event in &found {
                claim.execute((event.seq, lease.by.to_string(), lease.until.millis()))?;
            }
            Ok(found)
        })
        .await
    }

    async fn end_attempt(&self, ended: Ended, now: Timestamp) -> Result<Option<Event>, StoreError> {
        self.write(move |connection| end(connection, &ended, now))
            .await
    }

    async fn event(&self, shop: ShopId, id: EventId) -> Result<Option<Event>, StoreError> {
        self.read(move |connection| one(connection, &shop, &id))
            .await
    }

    async fn events(
        &self,
        shop: ShopId,
        filter: EventFilter,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.read(move |connection| {
            let query = "SELECT * FROM events WHERE store = ?1 AND seq < ?2 AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR state = ?4)
                           AND (?5 IS NULL OR checkout_id = ?5) ORDER BY seq DESC LIMIT ?6";
            let kind = filter.kind.map(EventKind::as_str);
            let state = filter.state.map(EventState::as_str);
            let checkout = filter.checkout.map(|id| id.to_string());
            let before = before.unwrap_or(i64::MAX);
            listed(connection, query, &[&shop.as_str(), &before, &kind, &state, &checkout, &most])
        })
        .await
    }

    async fn replay_event(
        &self,
        shop: ShopId,
        id: EventId,
        now: Timestamp,
    ) -> Result<Option<Event>, StoreError> {
        self.write(move |connection| {
            let asked = connection
                .prepare_cached(
                    "UPDATE events SET state = 'pending', tries = 0, due_at = ?3, kept_from = ?3 WHERE store = ?1 AND id = ?2",
                )?
                .execute((shop.as_str(), id.as_str(), now.millis()))?;
            if asked == 0 {
                return Ok(None);
            }
            connection
                .prepare_cached("DELETE FROM gone_targets WHERE store = ?1")?
                .execute([shop.as_str()])?;
            one(connection, &shop, &id)
        })
        .await
    }

    async fn forget_events(
        &self,
        delivered: Timestamp,
        any: Timestamp,
    ) -> Result<usize, StoreError> {
        let mut all = 0;
        loop {
            let gone = self
                .write(move |connection| {
                    Ok(connection
                        .prepare_cached(
                            "DELETE FROM events WHERE seq IN
                                 (SELECT seq FROM events WHERE kept_from < ?2 OR (kept_from < ?1 AND state = 'delivered') LIMIT ?3)",
                        )?
                        .execute((delivered.millis(), any.millis(), AT_ONCE))?)
                })
                .await?;
            all += gone;
            if gone == 0 {
                return Ok(all);
            }
        }
    }

    async fn mend_events(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.write(move |connection| {
            let latest = now.plus_seconds(LONGEST_PAUSE_SECONDS).millis();
            Ok(connection
                .prepare_cached(
                    "UPDATE events SET due_at = ?1 WHERE state = 'pending' AND due_at > ?2
                       AND (due_at < ?3 OR NOT EXISTS (SELECT 1 FROM events AS earlier
                            WHERE earlier.checkout_id = events.checkout_id AND earlier.seq < events.seq AND earlier.state = 'pending'))",
                )?
                .execute((now.millis(), latest, NEVER.millis()))?)
        })
        .await
    }
}

fn to_close(
    connection: &Connection,
    shop: &ShopId,
    now: Timestamp,
    most: u32,
) -> Result<Vec<CheckoutId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM checkouts WHERE store = ?1 AND closed = 0 AND expires_at <= ?2 ORDER BY expires_at LIMIT ?3",
    )?;
    let mut rows = statement.query((shop.as_str(), now.millis(), most))?;
    let mut found = Vec::new();
    while let Some(next) = rows.next()? {
        found.push(row::id(next, "id")?);
    }
    Ok(found)
}

/// Tells what time has brought to a checkout, unless that was done.
fn close(
    connection: &Connection,
    id: CheckoutId,
    now: Timestamp,
    teller: &Teller,
) -> Result<(), StoreError> {
    let is_first = connection
        .prepare_cached("UPDATE checkouts SET closed = 1 WHERE id = ?1 AND closed = 0")?
        .execute([id.to_string()])?;
    if is_first == 0 {
        return Ok(());
    }
    let Some(snapshot) = checkouts::snapshot(connection, id)? else {
        return Ok(());
    };
    let facts = facts::closed(&snapshot, now);
    told::put(connection, snapshot, &facts, teller)
}

fn due(
    connection: &Connection,
    shop: &ShopId,
    target: &str,
    lease: Lease,
    most: u32,
) -> Result<Vec<Event>, StoreError> {
    let query = format!("SELECT * FROM events WHERE {DUE} ORDER BY due_at, seq LIMIT ?5");
    let (now, latest) = (lease.from.millis(), lease.latest().millis());
    listed(
        connection,
        &query,
        &[&shop.as_str(), &now, &latest, &target, &most],
    )
}

fn end(
    connection: &Connection,
    ended: &Ended,
    now: Timestamp,
) -> Result<Option<Event>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT *, claimed_by = ?2 AND claimed_until > ?3 AS is_leased FROM events WHERE id = ?1 AND state = 'pending'",
    )?;
    let mut rows = statement.query((ended.id.as_str(), ended.by.to_string(), now.millis()))?;
    let Some(found) = rows.next()? else {
        return Ok(None);
    };
    let (before, is_leased) = (row::event(found)?, found.get("is_leased")?);
    let after = before.after(ended, is_leased);
    connection
        .prepare_cached(
            "UPDATE events SET state = :state, tries = :tries, attempts = :attempts, due_at = :due_at,
                               claimed_until = CASE WHEN claimed_by = :by THEN 0 ELSE claimed_until END
             WHERE seq = :seq",
        )?
        .execute(named_params! {
            ":seq": after.seq,
            ":by": ended.by.to_string(),
            ":state": after.state.as_str(),
            ":tries": after.tries,
            ":attempts": row::attempts(&after)?,
            ":due_at": after.due_at.millis(),
        })?;
    if let Some(mark) = &ended.gone {
        connection
            .prepare_cached(
                "INSERT INTO gone_targets (store, mark, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (store) DO UPDATE SET mark = excluded.mark, at = excluded.at",
            )?
            .execute((after.shop.as_str(), mark, now.millis()))?;
    }
    if after.state == EventState::Dead
        && let Next::Dead(Some(tells)) = &ended.next
    {
        told::insert(connection, tells)?;
    }
    if after.state != EventState::Pending {
        connection
            .prepare_cached(
                "UPDATE events SET due_at = ?2 WHERE due_at = ?3
                   AND seq = (SELECT min(seq) FROM events WHERE checkout_id = ?1 AND state = 'pending')",
            )?
            .execute((after.checkout.to_string(), now.millis(), NEVER.millis()))?;
    }
    Ok(Some(after))
}

fn one(connection: &Connection, shop: &ShopId, id: &EventId) -> Result<Option<Event>, StoreError> {
    let query = "SELECT * FROM events WHERE store = ?1 AND id = ?2";
    let found = listed(connection, query, &[&shop.as_str(), &id.as_str()])?;
    Ok(found.into_iter().next())
}

fn listed(
    connection: &Connection,
    query: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<Event>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(next) = rows.next()? {
        found.push(row::event(next)?);
    }
    Ok(found)
}
