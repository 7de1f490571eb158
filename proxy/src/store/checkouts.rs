//! Checkouts on disk.

use rusqlite::{Connection, named_params};

use super::{Answered, Kept, Store, StoreError, idempotency, row};
use crate::checkout::Checkout;
use crate::checkout_id::CheckoutId;
use crate::invoice::Invoice;

/// A checkout with its invoices, in the order in which the buyer chose them: the last is the one chosen last.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) checkout: Checkout,
    pub(crate) invoices: Vec<Invoice>,
}

impl Store {
    /// The checkout and its invoices, from one consistent view. `None` when there is no such checkout.
    pub(crate) async fn snapshot(&self, id: CheckoutId) -> Result<Option<Snapshot>, StoreError> {
        self.read(move |connection| snapshot(connection, id)).await
    }

    /// Keeps a new checkout.
    pub(crate) async fn add_checkout(&self, checkout: Checkout) -> Result<(), StoreError> {
        self.write(move |connection| insert(connection, &checkout))
            .await
    }

    /// Keeps a new checkout together with the answer to the key it was made under: both or neither.
    ///
    /// When the key is known by then, nothing is kept and its first answer comes back.
    pub(crate) async fn add_checkout_once(
        &self,
        checkout: Checkout,
        kept: Kept,
    ) -> Result<Answered, StoreError> {
        self.write(move |connection| {
            if let Some(answered) =
                idempotency::find(connection, kept.scope, &kept.key, &kept.fingerprint)?
            {
                return Ok(answered);
            }
            insert(connection, &checkout)?;
            idempotency::insert(connection, &kept)?;
            Ok(Answered::Same {
                status: kept.status,
                body: kept.body,
            })
        })
        .await
    }
}

pub(super) fn snapshot(
    connection: &Connection,
    id: CheckoutId,
) -> Result<Option<Snapshot>, StoreError> {
    let id = id.to_string();
    let mut statement = connection.prepare_cached("SELECT * FROM checkouts WHERE id = ?1")?;
    let mut rows = statement.query([&id])?;
    let Some(found) = rows.next()? else {
        return Ok(None);
    };
    let checkout = row::checkout(found)?;
    let mut statement = connection
        .prepare_cached("SELECT * FROM invoices WHERE checkout_id = ?1 ORDER BY chosen")?;
    let mut rows = statement.query([&id])?;
    let mut invoices = Vec::new();
    while let Some(found) = rows.next()? {
        invoices.push(row::invoice(found)?);
    }
    Ok(Some(Snapshot { checkout, invoices }))
}

fn insert(connection: &Connection, checkout: &Checkout) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO checkouts (id, made_by, product, price_amount, price_currency, description, currencies, external_id,
                                    return_url, support_url, logo_url, created_at, expires_at)
             VALUES (:id, :made_by, :product, :price_amount, :price_currency, :description, :currencies, :external_id,
                     :return_url, :support_url, :logo_url, :created_at, :expires_at)",
        )?
        .execute(named_params! {
            ":id": checkout.id.to_string(),
            ":made_by": if checkout.product.is_some() { "page" } else { "merchant" },
            ":product": checkout.product,
            ":price_amount": checkout.price.amount().to_string(),
            ":price_currency": checkout.price.currency(),
            ":description": checkout.description,
            ":currencies": checkout.currencies.to_stored(),
            ":external_id": checkout.external_id,
            ":return_url": checkout.return_url,
            ":support_url": checkout.support_url,
            ":logo_url": checkout.logo_url,
            ":created_at": checkout.created_at.millis(),
            ":expires_at": checkout.expires_at.millis(),
        })?;
    Ok(())
}
