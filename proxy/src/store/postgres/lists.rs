//! Lists of checkouts: their places by an index, and the state of each as the rules say.

use std::collections::HashMap;

use async_trait::async_trait;
use checkout::Timestamp;

use super::checkouts::snapshot;
use super::customers;
use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::{Transaction, Values};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::list_cursor::ListCursor;
use crate::checkouts::search::{Found, Reach, Search};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::snapshot::Snapshot;
use crate::store::database::Lists;
use crate::store::error::StoreError;
use crate::store::row;

/// The places of all checkouts of a shop.
pub(super) const PLACES: &str = "SELECT id, created_at FROM checkouts
    WHERE store = $1 AND created_at >= $2 AND (created_at, id) < ($3, $4)
    ORDER BY created_at DESC, id DESC LIMIT $5";
/// Those of the checkouts with the merchant's own id.
pub(super) const PLACES_OF_ORDER: &str = "SELECT id, created_at FROM checkouts
    WHERE store = $1 AND external_id = $6 AND created_at >= $2 AND (created_at, id) < ($3, $4)
    ORDER BY created_at DESC, id DESC LIMIT $5";
/// How many checkouts one question is about whose states are looked at.
const AT_ONCE: usize = 200;

/// What a list is made of.
type Wish = (ShopId, Search, Timestamp, Option<ListCursor>, Reach);

#[async_trait]
impl Lists for Postgres {
    async fn checkouts(
        &self,
        shop: ShopId,
        search: Search,
        now: Timestamp,
        after: Option<ListCursor>,
        reach: Reach,
    ) -> Result<Found, StoreError> {
        self.read((shop, search, now, after, reach), |view, wish| {
            Box::pin(list(view, wish))
        })
        .await
    }
}

async fn list(view: &Transaction, wish: &Wish) -> Result<Found, Failure> {
    let (shop, search, now, after, reach) = wish;
    let places = places(view, shop, search, *after, *reach).await?;
    let looks = usize::try_from(search.looks(*reach)).unwrap_or(usize::MAX);
    let most = usize::try_from(reach.most).unwrap_or(usize::MAX);
    let mut found = Found::default();
    let mut looked = 0;
    for some in places[..looks.min(places.len())].chunks(AT_ONCE) {
        for id in with_state(view, search, some, *now).await? {
            if found.snapshots.len() == most {
                break;
            }
            looked = at(&places, id) + 1;
            found.snapshots.extend(snapshot(view, id).await?);
        }
        if found.snapshots.len() == most {
            break;
        }
        // Whatever has another state was looked at as well.
        looked = some.last().map_or(looked, |last| at(&places, last.id) + 1);
    }
    if looked < places.len() {
        found.more = looked.checked_sub(1).map(|last| places[last]);
    }
    Ok(found)
}

fn at(places: &[ListCursor], id: CheckoutId) -> usize {
    let place = places.iter().position(|place| place.id == id);
    place.unwrap_or(places.len())
}

/// The places that are looked at, and one more, which shows whether there are more.
async fn places(
    view: &Transaction,
    shop: &ShopId,
    search: &Search,
    after: Option<ListCursor>,
    reach: Reach,
) -> Result<Vec<ListCursor>, Failure> {
    let (millis, id) = search.behind(after);
    let (shop, first) = (shop.as_str(), search.first());
    let most = i64::from(search.looks(reach).saturating_add(1));
    let any: Values<'_> = &[&shop, &first, &millis, &id, &most];
    let rows = match &search.external_id {
        None => view.rows(PLACES, any).await?,
        Some(order) => {
            let of_order: Values<'_> = &[&shop, &first, &millis, &id, &most, order];
            view.rows(PLACES_OF_ORDER, of_order).await?
        }
    };
    Ok(rows.iter().map(row::place).collect::<Result<_, _>>()?)
}

/// Which of these checkouts are in a state that is looked for, in their order.
async fn with_state(
    view: &Transaction,
    search: &Search,
    places: &[ListCursor],
    now: Timestamp,
) -> Result<Vec<CheckoutId>, Failure> {
    if search.states.is_empty() {
        return Ok(places.iter().map(|place| place.id).collect());
    }
    let ids: Vec<String> = places.iter().map(|place| place.id.to_string()).collect();
    let of_them: Values<'_> = &[&ids];
    let (checkouts, invoices) = tokio::join!(
        biased;
        view.rows("SELECT * FROM checkouts WHERE id = ANY($1)", of_them),
        view.rows(
            "SELECT * FROM invoices WHERE checkout_id = ANY($1) ORDER BY chosen",
            of_them
        ),
    );
    let (checkouts, invoices) = (checkouts?, invoices?);
    let mut of_checkout: HashMap<CheckoutId, Vec<Invoice>> = HashMap::new();
    for found in &invoices {
        let invoice = row::invoice(found)?;
        let of_one = of_checkout.entry(invoice.checkout_id).or_default();
        of_one.push(invoice);
    }
    let mut fitting = Vec::new();
    for found in &checkouts {
        let (checkout, closed_at) = (row::checkout(found)?, row::closed_at(found)?);
        let invoices = of_checkout.remove(&checkout.id).unwrap_or_default();
        let bare = Snapshot {
            closed_at,
            ..bare(view, checkout, invoices).await?
        };
        if search.has_state(bare.standing(now).0) {
            fitting.push(bare.checkout.id);
        }
    }
    fitting.sort_by_key(|id| at(places, *id));
    Ok(fitting)
}

/// What of a snapshot says where its checkout stands: without deposits and alarms.
async fn bare(
    view: &Transaction,
    checkout: Checkout,
    invoices: Vec<Invoice>,
) -> Result<Snapshot, Failure> {
    let purse = match checkout.purpose.customer() {
        None => None,
        Some(customer) => customers::chosen(view, checkout.id, customer).await?,
    };
    Ok(Snapshot {
        invoices,
        purse,
        ..Snapshot::new(checkout)
    })
}
