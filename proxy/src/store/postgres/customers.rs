//! Rows of `customers`, `purses` and `chosen_purses`.

use async_trait::async_trait;
use checkout::{Address, Currency, Timestamp};

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::Transaction;
use super::{history, watching};
use crate::checkouts::customer::{CustomerId, Purse, WatchedCustomer};
use crate::checkouts::customer_pace::{LONGEST_PACE_SECONDS, YOUNGEST_PACE_SECONDS};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::gateway::source::Source;
use crate::reading::history::{Cause, Entry};
use crate::store::columns::Columns;
use crate::store::database::{CONFIRMED_SECONDS, Customers};
use crate::store::error::StoreError;
use crate::store::outcome::KeptPurse;
use crate::store::row;

#[async_trait]
impl Customers for Postgres {
    async fn gateway_customer(&self, customer: CustomerId) -> Result<Option<String>, StoreError> {
        self.read(customer, |view, customer| {
            Box::pin(gateway_id(view, customer))
        })
        .await
    }

    /// Decided by the customer's own row.
    async fn start_customer(
        &self,
        customer: CustomerId,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.write_keyed((customer, now), |transaction, (customer, now)| {
            Box::pin(async move {
                let change = "INSERT INTO customers (store, customer, open_calls, started_at) VALUES ($1, $2, 1, $3)
                     ON CONFLICT (store, customer) DO UPDATE SET open_calls = customers.open_calls + 1, started_at = excluded.started_at
                     RETURNING open_calls";
                let values: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
                    [&shop(customer), &customer.as_str(), &now.millis()];
                let found = transaction.row(change, &values).await?;
                let found = found.ok_or_else(|| StoreError::Unreadable("a customer is gone that was just written".to_owned()))?;
                Ok(Columns::get(&found, "open_calls")?)
            })
        })
        .await
    }

    /// Decided by the customer's own row.
    async fn settle_customer(&self, customer: CustomerId) -> Result<(), StoreError> {
        self.write_keyed(customer, |transaction, customer| {
            Box::pin(settle(transaction, customer))
        })
        .await
    }

    async fn customer_of_gateway(
        &self,
        shop: ShopId,
        gateway_id: String,
    ) -> Result<Option<CustomerId>, StoreError> {
        self.read((shop, gateway_id), |view, (shop, gateway_id)| {
            Box::pin(async move {
                let query =
                    "SELECT store, customer FROM customers WHERE store = $1 AND gateway_id = $2";
                let found = view.row(query, &[&shop.as_str(), gateway_id]).await?;
                Ok(found.as_ref().map(row::customer).transpose()?)
            })
        })
        .await
    }

    async fn finish_customer(
        &self,
        customer: CustomerId,
        made: String,
    ) -> Result<Option<String>, StoreError> {
        self.write((customer, made), |transaction, (customer, made)| {
            Box::pin(finish(transaction, customer, made))
        })
        .await
    }

    async fn keep_purse(&self, purse: Purse, source: Source) -> Result<KeptPurse, StoreError> {
        let known = self.read(purse.clone(), |view, purse| {
            Box::pin(is_confirmed(view, purse))
        });
        if known.await? {
            return Ok(KeptPurse::Known);
        }
        self.write((purse, source), |transaction, (purse, source)| {
            Box::pin(keep(transaction, purse, *source))
        })
        .await
    }

    async fn due_customers(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<WatchedCustomer>, StoreError> {
        self.read((shop, now, most), |view, (shop, now, most)| {
            Box::pin(async move {
                let latest = now.plus_seconds(LONGEST_PACE_SECONDS).millis();
                let rows = view
                    .rows(
                        "SELECT store, customer, gateway_id, shown_at FROM customers
                         WHERE store = $4 AND shown_at IS NOT NULL AND gateway_id IS NOT NULL AND (due_at <= $1 OR due_at > $2)
                         ORDER BY due_at LIMIT $3",
                        &[&now.millis(), &latest, &i64::from(*most), &shop.as_str()],
                    )
                    .await?;
                Ok(rows.iter().map(row::watched_customer).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// Decided by the customer's own row, which whoever changes it locks.
    async fn claim_turn(
        &self,
        customer: CustomerId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write_keyed((customer, now, until), |transaction, (customer, now, until)| {
            Box::pin(async move {
                let change = "UPDATE customers SET due_at = $4 WHERE store = $1 AND customer = $2 AND (due_at <= $3 OR due_at > $5)";
                let latest = now.plus_seconds(LONGEST_PACE_SECONDS);
                let taken = transaction
                    .run(
                        change,
                        &[
                            &shop(customer),
                            &customer.as_str(),
                            &now.millis(),
                            &until.millis(),
                            &latest.millis(),
                        ],
                    )
                    .await?;
                Ok(taken > 0)
            })
        })
        .await
    }

    async fn customers_after(
        &self,
        shop: ShopId,
        after: Option<CustomerId>,
        most: u32,
    ) -> Result<Vec<WatchedCustomer>, StoreError> {
        self.read((shop, after, most), |view, (shop, after, most)| {
            Box::pin(async move {
                let after = after.as_ref().map_or("", CustomerId::as_str);
                let rows = view
                    .rows(
                        "SELECT store, customer, gateway_id, shown_at FROM customers
                         WHERE store = $1 AND customer > $2 AND shown_at IS NOT NULL AND gateway_id IS NOT NULL
                         ORDER BY customer LIMIT $3",
                        &[&shop.as_str(), &after, &i64::from(*most)],
                    )
                    .await?;
                Ok(rows.iter().map(row::watched_customer).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// Decided by the customer's own row.
    async fn put_off_customer(
        &self,
        customer: CustomerId,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write_keyed((customer, due_at), |transaction, (customer, due_at)| {
            Box::pin(async move {
                let change = "UPDATE customers SET due_at = $3 WHERE store = $1 AND customer = $2";
                transaction
                    .run(
                        change,
                        &[&shop(customer), &customer.as_str(), &due_at.millis()],
                    )
                    .await?;
                Ok(())
            })
        })
        .await
    }

    async fn choose_purse(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
        cause: Cause,
    ) -> Result<bool, StoreError> {
        self.write(
            (checkout, currency, cause),
            |transaction, (checkout, currency, cause)| {
                Box::pin(choose(transaction, *checkout, currency, *cause))
            },
        )
        .await
    }
}

async fn choose(
    transaction: &Transaction,
    checkout: CheckoutId,
    currency: &'static Currency,
    cause: Cause,
) -> Result<bool, Failure> {
    let id = checkout.to_string();
    let query = "SELECT currency FROM chosen_purses WHERE checkout_id = $1";
    let found = transaction.row(query, &[&id]).await?;
    let was = found
        .as_ref()
        .map(|found| Columns::get(found, "currency"))
        .transpose()?;
    let change = "INSERT INTO chosen_purses (checkout_id, currency) VALUES ($1, $2)
         ON CONFLICT (checkout_id) DO UPDATE SET currency = excluded.currency WHERE chosen_purses.currency <> excluded.currency";
    if transaction.run(change, &[&id, &currency.code]).await? == 0 {
        return Ok(false);
    }
    let entry = Entry::purse_chosen(checkout, was, currency, cause);
    history::put_of(transaction, checkout, entry).await?;
    Ok(true)
}

async fn finish(
    transaction: &Transaction,
    customer: &CustomerId,
    made: &str,
) -> Result<Option<String>, Failure> {
    let taken = "SELECT 1 FROM customers WHERE store = $1 AND gateway_id = $2 AND customer <> $3";
    if transaction
        .has(taken, &[&shop(customer), &made, &customer.as_str()])
        .await?
    {
        return Ok(None);
    }
    let change = "UPDATE customers SET gateway_id = $3 WHERE store = $1 AND customer = $2 AND gateway_id IS NULL";
    transaction
        .run(change, &[&shop(customer), &customer.as_str(), &made])
        .await?;
    settle(transaction, customer).await?;
    gateway_id(transaction, customer).await
}

async fn is_confirmed(view: &Transaction, purse: &Purse) -> Result<bool, Failure> {
    let oldest = purse.confirmed_at.plus_seconds(-CONFIRMED_SECONDS).millis();
    let query = "SELECT 1 FROM purses WHERE store = $1 AND customer = $2 AND currency = $3 AND address = $4 AND confirmed_at > $5";
    view.has(
        query,
        &[
            &shop(&purse.customer),
            &purse.customer.as_str(),
            &purse.currency.code,
            &purse.address.as_str(),
            &oldest,
        ],
    )
    .await
}

async fn keep(
    transaction: &Transaction,
    purse: &Purse,
    source: Source,
) -> Result<KeptPurse, Failure> {
    if has_purse(transaction, &purse.address, Some(&purse.customer)).await?
        || watching::is_watched(transaction, &purse.address, None, purse.confirmed_at).await?
    {
        return Ok(KeptPurse::Taken);
    }
    let query = "SELECT address FROM purses WHERE store = $1 AND customer = $2 AND currency = $3";
    let found = transaction
        .row(
            query,
            &[
                &shop(&purse.customer),
                &purse.customer.as_str(),
                &purse.currency.code,
            ],
        )
        .await?;
    let was = found
        .as_ref()
        .map(|found| Columns::get(found, "address"))
        .transpose()?;
    let entry = Entry::address_named(purse, was, source);
    history::put(transaction, purse.customer.shop(), &[entry]).await?;
    let soon = purse
        .confirmed_at
        .plus_seconds(YOUNGEST_PACE_SECONDS)
        .millis();
    transaction
        .run(
            "UPDATE customers SET shown_at = $3, due_at = least(due_at, $4) WHERE store = $1 AND customer = $2",
            &[&shop(&purse.customer), &purse.customer.as_str(), &purse.confirmed_at.millis(),
                &soon,
            ],
        )
        .await?;
    transaction
        .run(
            "INSERT INTO purses (store, customer, currency, address, confirmed_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (store, customer, currency) DO UPDATE SET address = excluded.address, confirmed_at = excluded.confirmed_at",
            &[
                &shop(&purse.customer),
                &purse.customer.as_str(),
                &purse.currency.code,
                &purse.address.as_str(),
                &purse.confirmed_at.millis(),
            ],
        )
        .await?;
    Ok(KeptPurse::Kept)
}

/// The address a deposit checkout shows: that of the currency picked last.
pub(super) async fn chosen(
    transaction: &Transaction,
    checkout: CheckoutId,
    customer: &CustomerId,
) -> Result<Option<Purse>, Failure> {
    let query = "SELECT purses.*, customers.gateway_id FROM chosen_purses
         JOIN purses ON purses.store = $2 AND purses.customer = $3 AND purses.currency = chosen_purses.currency
         JOIN customers ON customers.store = purses.store AND customers.customer = purses.customer
         WHERE chosen_purses.checkout_id = $1 AND customers.gateway_id IS NOT NULL";
    let found = transaction
        .row(
            query,
            &[&checkout.to_string(), &shop(customer), &customer.as_str()],
        )
        .await?;
    Ok(found.as_ref().map(row::purse).transpose()?)
}

/// Whether a customer other than `own`, of whatever shop, has this address.
pub(super) async fn has_purse(
    transaction: &Transaction,
    address: &Address,
    own: Option<&CustomerId>,
) -> Result<bool, Failure> {
    let query = "SELECT 1 FROM purses WHERE address = $1 AND (store IS DISTINCT FROM $2 OR customer IS DISTINCT FROM $3) LIMIT 1";
    transaction
        .has(
            query,
            &[
                &address.as_str(),
                &own.map(shop),
                &own.map(CustomerId::as_str),
            ],
        )
        .await
}

/// The shop's name, which stands before the customer's in every key.
fn shop(customer: &CustomerId) -> &str {
    customer.shop().as_str()
}

async fn gateway_id(
    transaction: &Transaction,
    customer: &CustomerId,
) -> Result<Option<String>, Failure> {
    let query = "SELECT gateway_id FROM customers WHERE store = $1 AND customer = $2";
    let found = transaction
        .row(query, &[&shop(customer), &customer.as_str()])
        .await?;
    let id = found
        .as_ref()
        .map(|found| found.text("gateway_id"))
        .transpose()?;
    Ok(id.flatten())
}

async fn settle(transaction: &Transaction, customer: &CustomerId) -> Result<(), Failure> {
    let change = "UPDATE customers SET open_calls = open_calls - 1 WHERE store = $1 AND customer = $2 AND open_calls > 0";
    transaction
        .run(change, &[&shop(customer), &customer.as_str()])
        .await?;
    Ok(())
}
