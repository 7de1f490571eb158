//! Lists of checkouts: their places by an index, and the state of each as the rules say.

use async_trait::async_trait;
use checkout::Timestamp;
use rusqlite::Connection;

use super::checkouts::{bare, snapshot};
use super::handle::Sqlite;
use crate::checkouts::list_cursor::ListCursor;
use crate::checkouts::search::{Found, Reach, Search};
use crate::checkouts::shop_id::ShopId;
use crate::store::database::Lists;
use crate::store::error::StoreError;
use crate::store::row;

/// The places of all checkouts of a shop.
pub(super) const PLACES: &str = "SELECT id, created_at FROM checkouts
    WHERE store = ?1 AND created_at >= ?2 AND (created_at, id) < (?3, ?4)
    ORDER BY created_at DESC, id DESC LIMIT ?5";
/// Those of the checkouts with the merchant's own id.
pub(super) const PLACES_OF_ORDER: &str = "SELECT id, created_at FROM checkouts
    WHERE store = ?1 AND external_id = ?6 AND created_at >= ?2 AND (created_at, id) < (?3, ?4)
    ORDER BY created_at DESC, id DESC LIMIT ?5";

#[async_trait]
impl Lists for Sqlite {
    async fn checkouts(
        &self,
        shop: ShopId,
        search: Search,
        now: Timestamp,
        after: Option<ListCursor>,
        reach: Reach,
    ) -> Result<Found, StoreError> {
        self.read(move |connection| {
            let places = places(connection, &shop, &search, after, reach)?;
            let looks = usize::try_from(search.looks(reach)).unwrap_or(usize::MAX);
            let most = usize::try_from(reach.most).unwrap_or(usize::MAX);
            let mut found = Found::default();
            for (at, place) in places.iter().enumerate() {
                let is_cut = at == looks || found.snapshots.len() == most;
                if is_cut {
                    found.more = at.checked_sub(1).map(|last| places[last]);
                    break;
                }
                if has_state(connection, &search, *place, now)? {
                    found.snapshots.extend(snapshot(connection, place.id)?);
                }
            }
            Ok(found)
        })
        .await
    }
}

fn has_state(
    connection: &Connection,
    search: &Search,
    place: ListCursor,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if search.states.is_empty() {
        return Ok(true);
    }
    let bare = bare(connection, place.id)?;
    Ok(bare.is_some_and(|bare| search.has_state(bare.standing(now).0)))
}

/// The places that are looked at, and one more, which shows whether there are more.
fn places(
    connection: &Connection,
    shop: &ShopId,
    search: &Search,
    after: Option<ListCursor>,
    reach: Reach,
) -> Result<Vec<ListCursor>, StoreError> {
    let (millis, id) = search.behind(after);
    let (shop, first) = (shop.as_str(), search.first());
    let most = search.looks(reach).saturating_add(1);
    let (query, order) = match &search.external_id {
        None => (PLACES, None),
        Some(order) => (PLACES_OF_ORDER, Some(order)),
    };
    let mut values: Vec<&dyn rusqlite::ToSql> = vec![&shop, &first, &millis, &id, &most];
    values.extend(order.map(|order| order as &dyn rusqlite::ToSql));
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(&*values)?;
    let mut places = Vec::new();
    while let Some(found) = rows.next()? {
        places.push(row::place(found)?);
    }
    Ok(places)
}
