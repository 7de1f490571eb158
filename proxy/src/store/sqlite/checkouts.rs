//! Rows of `checkouts`, and the snapshot of everything that belongs to one.

use std::time::Duration;

use async_trait::async_trait;
use checkout::Timestamp;
use rusqlite::{Connection, named_params};

use super::handle::Sqlite;
use super::{alarms, customers, deposit_rows, history, idempotency};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::CustomerId;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::idempotency_key::{Answered, IdempotencyKey};
use crate::checkouts::key;
use crate::checkouts::price::Price;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::history::Entry;
use crate::store::database::Checkouts;
use crate::store::error::StoreError;
use crate::store::row;

#[async_trait]
impl Checkouts for Sqlite {
    async fn shops(&self) -> Result<Vec<ShopId>, StoreError> {
        self.read(shops).await
    }

    async fn snapshot(&self, id: CheckoutId) -> Result<Option<Snapshot>, StoreError> {
        self.read(move |connection| snapshot(connection, id)).await
    }

    async fn answered(&self, key: IdempotencyKey) -> Result<Option<Answered>, StoreError> {
        self.read(move |connection| idempotency::find(connection, &key))
            .await
    }

    async fn forget_old_keys(&self, now: Timestamp) -> Result<usize, StoreError> {
        // Looked for first: this is asked every few seconds, and writing would cost a flush each time.
        if !self
            .read(move |connection| idempotency::has_old(connection, now))
            .await?
        {
            return Ok(0);
        }
        self.write(move |connection| idempotency::forget_old(connection, now))
            .await
    }

    fn kept_for(&self) -> Duration {
        // Nobody else writes the file while it is served, but for a command that a person starts.
        Duration::from_secs(5)
    }

    async fn add_checkout(&self, checkout: Checkout) -> Result<(), StoreError> {
        self.write(move |connection| insert(connection, &checkout))
            .await
    }

    async fn checkout_of_order(
        &self,
        shop: ShopId,
        order: String,
    ) -> Result<Option<CheckoutId>, StoreError> {
        self.read(move |connection| of_order(connection, &shop, &order))
            .await
    }

    async fn add_checkout_of_order(&self, checkout: Checkout) -> Result<CheckoutId, StoreError> {
        self.write(move |connection| {
            if let Some(order) = &checkout.signed_order
                && let Some(known) = of_order(connection, &checkout.shop, order)?
            {
                return Ok(known);
            }
            insert(connection, &checkout)?;
            Ok(checkout.id)
        })
        .await
    }

    async fn add_checkout_once(
        &self,
        checkout: Checkout,
        key: IdempotencyKey,
    ) -> Result<Answered, StoreError> {
        self.write(move |connection| {
            if let Some(answered) = idempotency::find(connection, &key)? {
                return Ok(answered);
            }
            insert(connection, &checkout)?;
            idempotency::insert(connection, &key, &checkout)?;
            Ok(Answered::Same(checkout.id))
        })
        .await
    }
}

/// The checkout of a signed order.
fn of_order(
    connection: &Connection,
    shop: &ShopId,
    order: &str,
) -> Result<Option<CheckoutId>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id FROM checkouts WHERE store = ?1 AND signed_order = ?2")?;
    let mut rows = statement.query((shop.as_str(), order))?;
    rows.next()?.map(|found| row::id(found, "id")).transpose()
}

/// Every shop that has rows.
pub(super) fn shops(connection: &Connection) -> Result<Vec<ShopId>, StoreError> {
    let mut statement = connection
        .prepare("SELECT store FROM checkouts UNION SELECT store FROM customers ORDER BY store")?;
    let mut rows = statement.query([])?;
    let mut shops = Vec::new();
    while let Some(found) = rows.next()? {
        shops.push(row::shop(found)?);
    }
    Ok(shops)
}

pub(super) fn snapshot(
    connection: &Connection,
    id: CheckoutId,
) -> Result<Option<Snapshot>, StoreError> {
    let Some(bare) = bare(connection, id)? else {
        return Ok(None);
    };
    let id = id.to_string();
    let deposits = match &bare.checkout.purpose {
        Purpose::Payment(_) | Purpose::Topup => deposit_rows::of_checkout(connection, &id)?,
        Purpose::Deposit(customer) => {
            deposit_rows::of_receiver(connection, key::customer(customer))?
        }
    };
    Ok(Some(Snapshot {
        deposits,
        alarms: alarms::of_checkout(connection, &id)?,
        ..bare
    }))
}

/// What of a snapshot says where its checkout stands: without deposits and alarms.
pub(super) fn bare(
    connection: &Connection,
    id: CheckoutId,
) -> Result<Option<Snapshot>, StoreError> {
    let checkout_id = id;
    let id = id.to_string();
    let mut statement = connection.prepare_cached("SELECT * FROM checkouts WHERE id = ?1")?;
    let mut rows = statement.query([&id])?;
    let Some(found) = rows.next()? else {
        return Ok(None);
    };
    let (checkout, closed_at) = (row::checkout(found)?, row::closed_at(found)?);
    let mut statement = connection
        .prepare_cached("SELECT * FROM invoices WHERE checkout_id = ?1 ORDER BY chosen")?;
    let mut rows = statement.query([&id])?;
    let mut invoices = Vec::new();
    while let Some(found) = rows.next()? {
        invoices.push(row::invoice(found)?);
    }
    let purse = match &checkout.purpose {
        Purpose::Payment(_) | Purpose::Topup => None,
        Purpose::Deposit(customer) => customers::chosen(connection, checkout_id, customer)?,
    };
    Ok(Some(Snapshot {
        closed_at,
        invoices,
        purse,
        ..Snapshot::new(checkout)
    }))
}

pub(super) fn insert(connection: &Connection, checkout: &Checkout) -> Result<(), StoreError> {
    let price = checkout.purpose.price();
    connection
        .prepare_cached(
            "INSERT INTO checkouts (id, store, made_by, product, price_amount, price_currency, description, currencies, external_id,
                                    return_url, support_url, logo_url, created_at, expires_at, kind, customer, network, signed_order)
             VALUES (:id, :store, :made_by, :product, :price_amount, :price_currency, :description, :currencies, :external_id,
                     :return_url, :support_url, :logo_url, :created_at, :expires_at, :kind, :customer, :network, :signed_order)",
        )?
        .execute(named_params! {
            ":id": checkout.id.to_string(),
            ":store": checkout.shop.as_str(),
            ":made_by": if checkout.is_of_page() { "page" } else { "merchant" },
            ":product": checkout.product,
            ":price_amount": price.map(|price| price.amount().to_string()).unwrap_or_default(),
            ":price_currency": price.map_or("", Price::currency),
            ":description": checkout.description,
            ":currencies": checkout.currencies.to_stored(),
            ":external_id": checkout.external_id,
            ":return_url": checkout.return_url,
            ":support_url": checkout.support_url,
            ":logo_url": checkout.logo_url,
            ":created_at": checkout.created_at.millis(),
            ":expires_at": checkout.expires_at.millis(),
            ":kind": checkout.purpose.kind().as_str(),
            ":customer": checkout.purpose.customer().map(CustomerId::as_str),
            ":network": checkout.network.map(|mark| mark.0),
            ":signed_order": checkout.signed_order,
        })?;
    history::put(connection, &checkout.shop, &[Entry::created(checkout)])
}
