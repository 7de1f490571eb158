//! Checkouts in memory, and the keys they were asked for with.

use async_trait::async_trait;
use checkout::Timestamp;

use super::Memory;
use super::rows::{KeyRow, Rows};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::idempotency_key::{Answered, IdempotencyKey};
use crate::checkouts::list_cursor::ListCursor;
use crate::checkouts::snapshot::Snapshot;
use crate::store::database::{Alarms, Checkouts, KEY_SECONDS};
use crate::store::error::StoreError;

#[async_trait]
impl Checkouts for Memory {
    async fn snapshot(&self, id: CheckoutId) -> Result<Option<Snapshot>, StoreError> {
        Ok(self.read(|rows| rows.snapshot(id)))
    }

    async fn add_checkout(&self, checkout: Checkout) -> Result<(), StoreError> {
        self.write(|rows| add(rows, checkout))
    }

    async fn add_checkout_once(
        &self,
        checkout: Checkout,
        key: IdempotencyKey,
    ) -> Result<Answered, StoreError> {
        self.write(|rows| {
            if let Some(answered) = answered(rows, &key) {
                return Ok(answered);
            }
            let (id, created_at) = (checkout.id, checkout.created_at);
            add(rows, checkout)?;
            let made = KeyRow {
                fingerprint: key.fingerprint,
                checkout: id,
                created_at,
            };
            rows.keys.insert((key.scope, key.key), made);
            Ok(Answered::Same(id))
        })
    }

    async fn answered(&self, key: IdempotencyKey) -> Result<Option<Answered>, StoreError> {
        Ok(self.read(|rows| answered(rows, &key)))
    }

    async fn forget_old_keys(&self, now: Timestamp) -> Result<usize, StoreError> {
        let oldest = now.plus_seconds(-KEY_SECONDS);
        Ok(self.write(|rows| {
            let before = rows.keys.len();
            rows.keys.retain(|_, row| row.created_at >= oldest);
            before - rows.keys.len()
        }))
    }

    async fn checkouts_of(
        &self,
        external_id: String,
        after: Option<ListCursor>,
        most: u32,
    ) -> Result<(Vec<Snapshot>, Option<ListCursor>), StoreError> {
        // Ids are compared as they are written.
        let place = |cursor: &ListCursor| (cursor.created_at, cursor.id.to_string());
        let after = after.as_ref().map(place);
        Ok(self.read(|rows| {
            let found = rows
                .checkouts
                .iter()
                .filter(|checkout| checkout.external_id.as_ref() == Some(&external_id))
                .map(|checkout| ListCursor {
                    created_at: checkout.created_at,
                    id: checkout.id,
                });
            let mut found: Vec<ListCursor> = found
                .filter(|cursor| after.as_ref().is_none_or(|after| place(cursor) < *after))
                .collect();
            found.sort_by_key(|cursor| std::cmp::Reverse(place(cursor)));
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let has_more = found.len() > most;
            found.truncate(most);
            let last = found.last().copied().filter(|_| has_more);
            let snapshots = found.iter().filter_map(|cursor| rows.snapshot(cursor.id));
            (snapshots.collect(), last)
        }))
    }
}

#[async_trait]
impl Alarms for Memory {
    async fn raise(&self, checkout: CheckoutId, alarm: Alarm) -> Result<bool, StoreError> {
        self.write(|rows| {
            rows.require(checkout)?;
            Ok(rows.raise(checkout, &alarm))
        })
    }
}

fn add(rows: &mut Rows, checkout: Checkout) -> Result<(), StoreError> {
    if rows.checkout(checkout.id).is_some() {
        return Err(StoreError::Refused("there is such a checkout".to_owned()));
    }
    rows.checkouts.push(checkout);
    Ok(())
}

fn answered(rows: &Rows, key: &IdempotencyKey) -> Option<Answered> {
    let row = rows.keys.get(&(key.scope.clone(), key.key.clone()))?;
    rows.checkout(row.checkout)?;
    Some(if row.fingerprint == key.fingerprint {
        Answered::Same(row.checkout)
    } else {
        Answered::Other
    })
}
