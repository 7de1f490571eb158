//! Rows of `checkouts`, and the snapshot of everything that belongs to one.

use async_trait::async_trait;
use checkout::Timestamp;

use super::failure::Failure;
use super::handle::{Doing, Postgres};
use super::transaction::{Transaction, Values};
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
use crate::store::readings::Readings;
use crate::store::row;

#[async_trait]
impl Checkouts for Postgres {
    fn readings(&self) -> Option<&dyn Readings> {
        Some(self)
    }

    async fn shops(&self) -> Result<Vec<ShopId>, StoreError> {
        self.read((), |view, ()| Box::pin(shops(view))).await
    }

    async fn snapshot(&self, id: CheckoutId) -> Result<Option<Snapshot>, StoreError> {
        self.read(id, |view, id| snapshot(view, *id)).await
    }

    async fn answered(&self, key: IdempotencyKey) -> Result<Option<Answered>, StoreError> {
        self.read(key, |view, key| Box::pin(idempotency::find(view, key)))
            .await
    }

    async fn forget_old_keys(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.write_keyed(now, |transaction, now| {
            Box::pin(idempotency::forget_old(transaction, *now))
        })
        .await
    }

    /// Decided by its id, which is unique.
    async fn add_checkout(&self, checkout: Checkout) -> Result<(), StoreError> {
        self.write_keyed(checkout, |transaction, checkout| {
            Box::pin(insert(transaction, checkout))
        })
        .await
    }

    async fn checkout_of_order(
        &self,
        shop: ShopId,
        order: String,
    ) -> Result<Option<CheckoutId>, StoreError> {
        self.read((shop, order), |view, (shop, order)| {
            Box::pin(of_order(view, shop, order))
        })
        .await
    }

    /// Decided by the order, which is unique in its shop: whoever puts it there first makes the checkout, the others wait for that commit and
    /// find it.
    async fn add_checkout_of_order(&self, checkout: Checkout) -> Result<CheckoutId, StoreError> {
        self.write_keyed(checkout, |transaction, checkout| {
            Box::pin(async move {
                if insert_row(transaction, checkout).await? == 1 {
                    let created = [Entry::created(checkout)];
                    history::put(transaction, &checkout.shop, &created).await?;
                    return Ok(checkout.id);
                }
                let order = checkout.signed_order.as_deref().unwrap_or_default();
                let known = of_order(transaction, &checkout.shop, order).await?;
                known.ok_or_else(|| {
                    // Deleted in between, for its age.
                    Failure::Met("a checkout was deleted while its order was shown".to_owned())
                })
            })
        })
        .await
    }

    /// Decided by the key, which is unique: whoever puts it there first makes the checkout, the others wait for that commit and find it.
    async fn add_checkout_once(
        &self,
        checkout: Checkout,
        key: IdempotencyKey,
    ) -> Result<Answered, StoreError> {
        self.write_keyed((checkout, key), |transaction, (checkout, key)| {
            Box::pin(async move {
                if let Some(answered) = idempotency::claim(transaction, key, checkout).await? {
                    return Ok(answered);
                }
                insert(transaction, checkout).await?;
                Ok(Answered::Same(checkout.id))
            })
        })
        .await
    }
}

/// Every shop that has rows.
pub(super) async fn shops(view: &Transaction) -> Result<Vec<ShopId>, Failure> {
    let query = "SELECT store FROM checkouts UNION SELECT store FROM customers ORDER BY store";
    let rows = view.rows(query, &[]).await?;
    Ok(rows.iter().map(row::shop).collect::<Result<_, _>>()?)
}

/// The checkout and everything known of it. In a box, because so many questions at once are a large future.
pub(super) fn snapshot(transaction: &Transaction, id: CheckoutId) -> Doing<'_, Option<Snapshot>> {
    Box::pin(read(transaction, id))
}

async fn read(transaction: &Transaction, id: CheckoutId) -> Result<Option<Snapshot>, Failure> {
    let text = id.to_string();
    let of_it: Values<'_> = &[&text];
    // Sent one behind the other without waiting: each answer would otherwise cost a way to the database and back.
    let (found, invoices, alarms, deposits) = tokio::join!(
        biased;
        transaction.row("SELECT * FROM checkouts WHERE id = $1", of_it),
        transaction.rows(
            "SELECT * FROM invoices WHERE checkout_id = $1 ORDER BY chosen",
            of_it
        ),
        alarms::of_checkout(transaction, &text),
        deposit_rows::of_checkout(transaction, &text),
    );
    let (invoices, alarms, deposits) = (invoices?, alarms?, deposits?);
    let Some(found) = found? else {
        return Ok(None);
    };
    let checkout = row::checkout(&found)?;
    let (purse, deposits) = match &checkout.purpose {
        Purpose::Payment(_) | Purpose::Topup => (None, deposits),
        Purpose::Deposit(customer) => {
            let (purse, deposits) = tokio::join!(
                biased;
                customers::chosen(transaction, id, customer),
                deposit_rows::of_receiver(transaction, key::customer(customer)),
            );
            (purse?, deposits?)
        }
    };
    Ok(Some(Snapshot {
        checkout,
        closed_at: row::closed_at(&found)?,
        invoices: invoices
            .iter()
            .map(row::invoice)
            .collect::<Result<_, _>>()?,
        purse,
        deposits,
        alarms,
    }))
}

async fn insert(transaction: &Transaction, checkout: &Checkout) -> Result<(), Failure> {
    let created = [Entry::created(checkout)];
    let (row, entry) = tokio::join!(
        biased;
        insert_row(transaction, checkout),
        history::put(transaction, &checkout.shop, &created),
    );
    row.map(drop).and(entry)
}

/// The checkout of a signed order.
async fn of_order(
    view: &Transaction,
    shop: &ShopId,
    order: &str,
) -> Result<Option<CheckoutId>, Failure> {
    let query = "SELECT id FROM checkouts WHERE store = $1 AND signed_order = $2";
    let found = view.row(query, &[&shop.as_str(), &order]).await?;
    Ok(found
        .as_ref()
        .map(|found| row::id(found, "id"))
        .transpose()?)
}

/// Puts the row of a checkout there, unless its signed order has one. Answers with the number of rows.
async fn insert_row(transaction: &Transaction, checkout: &Checkout) -> Result<u64, Failure> {
    let price = checkout.purpose.price();
    let made_by = if checkout.is_of_page() {
        "page"
    } else {
        "merchant"
    };
    transaction
        .run(
            "INSERT INTO checkouts (id, store, made_by, product, price_amount, price_currency, description, currencies, external_id,
                                    return_url, support_url, logo_url, created_at, expires_at, kind, customer, network, signed_order)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
             ON CONFLICT (store, signed_order) WHERE signed_order IS NOT NULL DO NOTHING",
            &[
                &checkout.id.to_string(),
                &checkout.shop.as_str(),
                &made_by,
                &checkout.product,
                &price.map(|price| price.amount().to_string()).unwrap_or_default(),
                &price.map_or("", Price::currency),
                &checkout.description,
                &checkout.currencies.to_stored(),
                &checkout.external_id,
                &checkout.return_url,
                &checkout.support_url,
                &checkout.logo_url,
                &checkout.created_at.millis(),
                &checkout.expires_at.millis(),
                &checkout.purpose.kind().as_str(),
                &checkout.purpose.customer().map(CustomerId::as_str),
                &checkout.network.map(|mark| mark.0),
                &checkout.signed_order,
            ],
        )
        .await
}
