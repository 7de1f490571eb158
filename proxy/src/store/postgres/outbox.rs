//! Rows of `events`: which are due, what became of them, and checkouts whose time has come.

use async_trait::async_trait;
use checkout::Timestamp;
use checkout::wire::{EventKind, EventState};

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::{Transaction, Values};
use super::{checkouts, told};
use crate::checkouts::event::{
    Ended, Event, EventFilter, EventId, LONGEST_PAUSE_SECONDS, NEVER, Next,
};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::reading::events::facts;
use crate::reading::events::teller::Teller;
use crate::store::columns::Columns;
use crate::store::database::Outbox;
use crate::store::error::StoreError;
use crate::store::leases::Lease;
use crate::store::row;

/// How many one write forgets at most, so that other writes come through in between.
const AT_ONCE: i64 = 500;

/// Which events may be sent now: none whose lease runs, and none behind another one of its checkout that is pending.
const DUE: &str = "store = $1 AND state = 'pending' AND due_at <= $2 AND (claimed_until <= $2 OR claimed_until > $3)
    AND NOT EXISTS (SELECT 1 FROM gone_targets WHERE gone_targets.store = $1 AND mark = $4)
    AND NOT EXISTS (SELECT 1 FROM events AS earlier
                    WHERE earlier.checkout_id = events.checkout_id AND earlier.seq < events.seq AND earlier.state = 'pending')";

#[async_trait]
impl Outbox for Postgres {
    async fn close_checkouts(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
        teller: Teller,
    ) -> Result<u32, StoreError> {
        // Looked for first: this is asked every few seconds, mostly in vain.
        let found = self.read((shop.clone(), now), |view, (shop, now)| {
            Box::pin(async move {
                let query = "SELECT 1 FROM checkouts WHERE store = $1 AND NOT closed AND expires_at <= $2 LIMIT 1";
                view.has(query, &[&shop.as_str(), &now.millis()]).await
            })
        });
        if !found.await? {
            return Ok(0);
        }
        self.write(
            (shop, now, most, teller),
            |transaction, (shop, now, most, teller)| {
                Box::pin(close_all(transaction, shop, *now, *most, teller))
            },
        )
        .await
    }

    /// Decided by the rows it changes: those that somebody else is taking just now are passed over.
    async fn claim_events(
        &self,
        shop: ShopId,
        target: String,
        lease: Lease,
        most: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let looked = (shop.clone(), target.clone(), lease);
        let has_some = self.read(looked, |view, (shop, target, lease)| {
            Box::pin(async move {
                let query = format!("SELECT 1 FROM events WHERE {DUE} LIMIT 1");
                let (now, latest) = (lease.from.millis(), lease.latest().millis());
                view.has(&query, &[&shop.as_str(), &now, &latest, target])
                    .await
            })
        });
        if !has_some.await? {
            return Ok(Vec::new());
        }
        let asked = (shop, target, lease, most);
        self.write_keyed(asked, |transaction, (shop, target, lease, most)| {
            Box::pin(claim(transaction, shop, target, *lease, *most))
        })
        .await
    }

    async fn end_attempt(&self, ended: Ended, now: Timestamp) -> Result<Option<Event>, StoreError> {
        self.write((ended, now), |transaction, (ended, now)| {
            Box::pin(end(transaction, ended, *now))
        })
        .await
    }

    async fn event(&self, shop: ShopId, id: EventId) -> Result<Option<Event>, StoreError> {
        self.read((shop, id), |view, (shop, id)| Box::pin(one(view, shop, id)))
            .await
    }

    async fn events(
        &self,
        shop: ShopId,
        filter: EventFilter,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<Event>, StoreError> {
        self.read(
            (shop, filter, before, most),
            |view, (shop, filter, before, most)| {
                Box::pin(async move {
                    let query = "SELECT * FROM events WHERE store = $1 AND seq < $2 AND ($3::TEXT IS NULL OR kind = $3)
                                   AND ($4::TEXT IS NULL OR state = $4) AND ($5::TEXT IS NULL OR checkout_id = $5)
                                 ORDER BY seq DESC LIMIT $6";
                    let kind = filter.kind.map(EventKind::as_str);
                    let state = filter.state.map(EventState::as_str);
                    let checkout = filter.checkout.map(|id| id.to_string());
                    let (before, most) = (before.unwrap_or(i64::MAX), i64::from(*most));
                    let values: Values<'_> =
                        &[&shop.as_str(), &before, &kind, &state, &checkout, &most];
                    listed(view, query, values).await
                })
            },
        )
        .await
    }

    async fn replay_event(
        &self,
        shop: ShopId,
        id: EventId,
        now: Timestamp,
    ) -> Result<Option<Event>, StoreError> {
        self.write((shop, id, now), |transaction, (shop, id, now)| {
            Box::pin(replay(transaction, shop, id, *now))
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
            let gone = self.write_keyed((delivered, any), |transaction, (delivered, any)| {
                Box::pin(async move {
                    let change = "DELETE FROM events WHERE seq IN
                        (SELECT seq FROM events WHERE kept_from < $2 OR (kept_from < $1 AND state = 'delivered') LIMIT $3)";
                    let values: Values<'_> = &[&delivered.millis(), &any.millis(), &AT_ONCE];
                    transaction.run(change, values).await
                })
            });
            let gone = usize::try_from(gone.await?).unwrap_or(usize::MAX);
            all += gone;
            if gone == 0 {
                return Ok(all);
            }
        }
    }

    async fn mend_events(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mended = self.write(now, |transaction, now| {
            Box::pin(async move {
                let latest = now.plus_seconds(LONGEST_PAUSE_SECONDS).millis();
                let change = "UPDATE events SET due_at = $1 WHERE state = 'pending' AND due_at > $2
                    AND (due_at < $3 OR NOT EXISTS (SELECT 1 FROM events AS earlier
                         WHERE earlier.checkout_id = events.checkout_id AND earlier.seq < events.seq AND earlier.state = 'pending'))";
                let values: Values<'_> = &[&now.millis(), &latest, &NEVER.millis()];
                transaction.run(change, values).await
            })
        });
        Ok(usize::try_from(mended.await?).unwrap_or(usize::MAX))
    }
}

async fn close_all(
    transaction: &Transaction,
    shop: &ShopId,
    now: Timestamp,
    most: u32,
    teller: &Teller,
) -> Result<u32, Failure> {
    let rows = transaction
        .rows(
            "UPDATE checkouts SET closed = TRUE
             WHERE id IN (SELECT id FROM checkouts WHERE store = $1 AND NOT closed AND expires_at <= $2
                          ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED)
             RETURNING id",
            &[&shop.as_str(), &now.millis(), &i64::from(most)],
        )
        .await?;
    for found in &rows {
        let id: CheckoutId = row::id(found, "id")?;
        if let Some(snapshot) = checkouts::snapshot(transaction, id).await? {
            let facts = facts::closed(&snapshot, now);
            told::put(transaction, snapshot, &facts, teller).await?;
        }
    }
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}

async fn claim(
    transaction: &Transaction,
    shop: &ShopId,
    target: &str,
    lease: Lease,
    most: u32,
) -> Result<Vec<Event>, Failure> {
    let query = format!(
        "UPDATE events SET claimed_by = $5, claimed_until = $6
         WHERE seq IN (SELECT seq FROM events WHERE {DUE} ORDER BY due_at, seq LIMIT $7 FOR UPDATE SKIP LOCKED)
         RETURNING *"
    );
    let (now, latest) = (lease.from.millis(), lease.latest().millis());
    let (by, until) = (lease.by.to_string(), lease.until.millis());
    let most = i64::from(most);
    let values: Values<'_> = &[&shop.as_str(), &now, &latest, &target, &by, &until, &most];
    let mut found = listed(transaction, &query, values).await?;
    found.sort_by_key(|event| (event.due_at, event.seq));
    Ok(found)
}

async fn end(
    transaction: &Transaction,
    ended: &Ended,
    now: Timestamp,
) -> Result<Option<Event>, Failure> {
    let query = "SELECT *, claimed_by = $2 AND claimed_until > $3 AS is_leased FROM events WHERE id = $1 AND state = 'pending' FOR UPDATE";
    let by = ended.by.to_string();
    let values: Values<'_> = &[&ended.id.as_str(), &by, &now.millis()];
    let Some(found) = transaction.row(query, values).await? else {
        return Ok(None);
    };
    let before = row::event(&found)?;
    let after = before.after(ended, Columns::get(&found, "is_leased")?);
    transaction
        .run(
            "UPDATE events SET state = $3, tries = $4, attempts = $5, due_at = $6,
                               claimed_until = CASE WHEN claimed_by = $2 THEN 0 ELSE claimed_until END
             WHERE seq = $1",
            &[
                &after.seq,
                &by,
                &after.state.as_str(),
                &i64::from(after.tries),
                &row::attempts(&after)?,
                &after.due_at.millis(),
            ],
        )
        .await?;
    if let Some(mark) = &ended.gone {
        transaction
            .run(
                "INSERT INTO gone_targets (store, mark, at) VALUES ($1, $2, $3)
                 ON CONFLICT (store) DO UPDATE SET mark = excluded.mark, at = excluded.at",
                &[&after.shop.as_str(), mark, &now.millis()],
            )
            .await?;
    }
    if after.state == EventState::Dead
        && let Next::Dead(Some(tells)) = &ended.next
    {
        told::insert(transaction, tells).await?;
    }
    if after.state != EventState::Pending {
        transaction
            .run(
                "UPDATE events SET due_at = $2 WHERE due_at = $3
                   AND seq = (SELECT min(seq) FROM events WHERE checkout_id = $1 AND state = 'pending')",
                &[&after.checkout.to_string(), &now.millis(), &NEVER.millis()],
            )
            .await?;
    }
    Ok(Some(after))
}

async fn replay(
    transaction: &Transaction,
    shop: &ShopId,
    id: &EventId,
    now: Timestamp,
) -> Result<Option<Event>, Failure> {
    let change = "UPDATE events SET state = 'pending', tries = 0, due_at = $3, kept_from = $3 WHERE store = $1 AND id = $2";
    let values: Values<'_> = &[&shop.as_str(), &id.as_str(), &now.millis()];
    if transaction.run(change, values).await? == 0 {
        return Ok(None);
    }
    let forget = "DELETE FROM gone_targets WHERE store = $1";
    transaction.run(forget, &[&shop.as_str()]).await?;
    one(transaction, shop, id).await
}

async fn one(view: &Transaction, shop: &ShopId, id: &EventId) -> Result<Option<Event>, Failure> {
    let query = "SELECT * FROM events WHERE store = $1 AND id = $2";
    let found = view.row(query, &[&shop.as_str(), &id.as_str()]).await?;
    Ok(found.as_ref().map(row::event).transpose()?)
}

async fn listed(
    view: &Transaction,
    query: &str,
    values: Values<'_>,
) -> Result<Vec<Event>, Failure> {
    let rows = view.rows(query, values).await?;
    Ok(rows.iter().map(row::event).collect::<Result<_, _>>()?)
}
