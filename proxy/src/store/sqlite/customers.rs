//! Rows of `customers`, `purses` and `chosen_purses`.

use async_trait::async_trait;
use checkout::{Address, Currency, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::handle::Sqlite;
use super::{history, watching};
use crate::checkouts::customer::{CustomerId, Purse, WatchedCustomer};
use crate::checkouts::customer_pace::{LONGEST_PACE_SECONDS, YOUNGEST_PACE_SECONDS};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::gateway::source::Source;
use crate::reading::history::{Cause, Entry};
use crate::store::database::{CONFIRMED_SECONDS, Customers};
use crate::store::error::StoreError;
use crate::store::outcome::KeptPurse;
use crate::store::row;

#[async_trait]
impl Customers for Sqlite {
    async fn gateway_customer(&self, customer: CustomerId) -> Result<Option<String>, StoreError> {
        self.read(move |connection| gateway_id(connection, &customer))
            .await
    }

    async fn start_customer(
        &self,
        customer: CustomerId,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.write(move |connection| {
            Ok(connection
                .prepare_cached(
                    "INSERT INTO customers (store, customer, open_calls, started_at) VALUES (?1, ?2, 1, ?3)
                     ON CONFLICT (store, customer) DO UPDATE SET open_calls = open_calls + 1, started_at = excluded.started_at
                     RETURNING open_calls",
                )?
                .query_row((shop(&customer), customer.as_str(), now.millis()), |row| row.get(0))?)
        })
        .await
    }

    async fn settle_customer(&self, customer: CustomerId) -> Result<(), StoreError> {
        self.write(move |connection| settle(connection, &customer))
            .await
    }

    async fn finish_customer(
        &self,
        customer: CustomerId,
        made: String,
    ) -> Result<Option<String>, StoreError> {
        self.write(move |connection| {
            let taken: bool = connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM customers WHERE store = ?1 AND gateway_id = ?3 AND customer <> ?2)")?
                .query_row((shop(&customer), customer.as_str(), &made), |row| row.get(0))?;
            if taken {
                return Ok(None);
            }
            connection
                .prepare_cached("UPDATE customers SET gateway_id = ?3 WHERE store = ?1 AND customer = ?2 AND gateway_id IS NULL")?
                .execute((shop(&customer), customer.as_str(), &made))?;
            settle(connection, &customer)?;
            gateway_id(connection, &customer)
        })
        .await
    }

    async fn customer_of_gateway(
        &self,
        shop: ShopId,
        gateway_id: String,
    ) -> Result<Option<CustomerId>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT store, customer FROM customers WHERE store = ?1 AND gateway_id = ?2",
            )?;
            let mut rows = statement.query((shop.as_str(), gateway_id))?;
            rows.next()?.map(row::customer).transpose()
        })
        .await
    }

    async fn keep_purse(&self, purse: Purse, source: Source) -> Result<KeptPurse, StoreError> {
        let known = {
            let purse = purse.clone();
            self.read(move |connection| {
                let oldest = purse.confirmed_at.plus_seconds(-CONFIRMED_SECONDS).millis();
                Ok(connection
                    .prepare_cached(
                        "SELECT EXISTS (SELECT 1 FROM purses
                                        WHERE store = ?1 AND customer = ?2 AND currency = ?3 AND address = ?4 AND confirmed_at > ?5)",
                    )?
                    .query_row((shop(&purse.customer), purse.customer.as_str(), purse.currency.code, purse.address.as_str(), oldest), |row| row.get(0))?)
            })
            .await?
        };
        if known {
            return Ok(KeptPurse::Known);
        }
        self.write(move |connection| {
            if has_purse(connection, &purse.address, Some(&purse.customer))?
                || watching::is_watched(connection, &purse.address, None, purse.confirmed_at)?
            {
                return Ok(KeptPurse::Taken);
            }
            let was: Option<String> = connection
                .prepare_cached("SELECT address FROM purses WHERE store = ?1 AND customer = ?2 AND currency = ?3")?
                .query_row((shop(&purse.customer), purse.customer.as_str(), purse.currency.code), |row| row.get(0))
                .optional()?;
            history::put(connection, purse.customer.shop(), &[Entry::address_named(&purse, was, source)])?;
            connection
                .prepare_cached("UPDATE customers SET shown_at = ?3, due_at = min(due_at, ?4) WHERE store = ?1 AND customer = ?2")?
                .execute((
                    shop(&purse.customer),
                    purse.customer.as_str(),
                    purse.confirmed_at.millis(),
                    purse.confirmed_at.plus_seconds(YOUNGEST_PACE_SECONDS).millis(),
                ))?;
            connection
                .prepare_cached(
                    "INSERT INTO purses (store, customer, currency, address, confirmed_at) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (store, customer, currency) DO UPDATE SET address = excluded.address, confirmed_at = excluded.confirmed_at",
                )?
                .execute((
                    shop(&purse.customer),
                    purse.customer.as_str(),
                    purse.currency.code,
                    purse.address.as_str(),
                    purse.confirmed_at.millis(),
                ))?;
            Ok(KeptPurse::Kept)
        })
        .await
    }

    async fn due_customers(
        &self,
        shop: ShopId,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<WatchedCustomer>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT store, customer, gateway_id, shown_at FROM customers
                 WHERE store = ?4 AND shown_at IS NOT NULL AND gateway_id IS NOT NULL AND (due_at <= ?1 OR due_at > ?2)
                 ORDER BY due_at LIMIT ?3",
            )?;
            let latest = now.plus_seconds(LONGEST_PACE_SECONDS).millis();
            let mut rows = statement.query((now.millis(), latest, most, shop.as_str()))?;
            let mut customers = Vec::new();
            while let Some(found) = rows.next()? {
                customers.push(row::watched_customer(found)?);
            }
            Ok(customers)
        })
        .await
    }

    async fn claim_turn(
        &self,
        customer: CustomerId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let latest = now.plus_seconds(LONGEST_PACE_SECONDS).millis();
            let taken = connection
                .prepare_cached(
                    "UPDATE customers SET due_at = ?4 WHERE store = ?1 AND customer = ?2 AND (due_at <= ?3 OR due_at > ?5)",
                )?
                .execute((
                    shop(&customer),
                    customer.as_str(),
                    now.millis(),
                    until.millis(),
                    latest,
                ))?;
            Ok(taken > 0)
        })
        .await
    }

    async fn customers_after(
        &self,
        shop: ShopId,
        after: Option<CustomerId>,
        most: u32,
    ) -> Result<Vec<WatchedCustomer>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT store, customer, gateway_id, shown_at FROM customers
                 WHERE store = ?1 AND customer > ?2 AND shown_at IS NOT NULL AND gateway_id IS NOT NULL ORDER BY customer LIMIT ?3",
            )?;
            let after = after.as_ref().map_or("", CustomerId::as_str);
            let mut rows = statement.query((shop.as_str(), after, most))?;
            let mut customers = Vec::new();
            while let Some(found) = rows.next()? {
                customers.push(row::watched_customer(found)?);
            }
            Ok(customers)
        })
        .await
    }

    async fn put_off_customer(
        &self,
        customer: CustomerId,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "UPDATE customers SET due_at = ?3 WHERE store = ?1 AND customer = ?2",
                )?
                .execute((shop(&customer), customer.as_str(), due_at.millis()))?;
            Ok(())
        })
        .await
    }

    async fn choose_purse(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
        cause: Cause,
    ) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let was: Option<String> = connection
                .prepare_cached("SELECT currency FROM chosen_purses WHERE checkout_id = ?1")?
                .query_row([checkout.to_string()], |row| row.get(0))
                .optional()?;
            let changed = connection
                .prepare_cached(
                    "INSERT INTO chosen_purses (checkout_id, currency) VALUES (?1, ?2)
                     ON CONFLICT (checkout_id) DO UPDATE SET currency = excluded.currency WHERE currency <> excluded.currency",
                )?
                .execute((checkout.to_string(), currency.code))?;
            if changed > 0 {
                history::put_of(connection, checkout, Entry::purse_chosen(checkout, was, currency, cause))?;
            }
            Ok(changed > 0)
        })
        .await
    }
}

/// The address a deposit checkout shows: that of the currency picked last.
pub(super) fn chosen(
    connection: &Connection,
    checkout: CheckoutId,
    customer: &CustomerId,
) -> Result<Option<Purse>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT purses.*, customers.gateway_id FROM chosen_purses
         JOIN purses ON purses.store = ?2 AND purses.customer = ?3 AND purses.currency = chosen_purses.currency
         JOIN customers ON customers.store = purses.store AND customers.customer = purses.customer
         WHERE chosen_purses.checkout_id = ?1 AND customers.gateway_id IS NOT NULL",
    )?;
    let mut rows = statement.query((checkout.to_string(), shop(customer), customer.as_str()))?;
    rows.next()?.map(row::purse).transpose()
}

/// Whether a customer other than `own`, of whatever shop, has this address.
pub(super) fn has_purse(
    connection: &Connection,
    address: &Address,
    own: Option<&CustomerId>,
) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM purses WHERE address = ?1 AND (store, customer) IS NOT (?2, ?3))",
        )?
        .query_row((address.as_str(), own.map(shop), own.map(CustomerId::as_str)), |row| {
            row.get(0)
        })?)
}

/// The shop's name, which stands before the customer's in every key.
fn shop(customer: &CustomerId) -> &str {
    customer.shop().as_str()
}

fn gateway_id(
    connection: &Connection,
    customer: &CustomerId,
) -> Result<Option<String>, StoreError> {
    let id: Option<Option<String>> = connection
        .prepare_cached("SELECT gateway_id FROM customers WHERE store = ?1 AND customer = ?2")?
        .query_row([shop(customer), customer.as_str()], |row| row.get(0))
        .optional()?;
    Ok(id.flatten())
}

fn settle(connection: &Connection, customer: &CustomerId) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE customers SET open_calls = open_calls - 1 WHERE store = ?1 AND customer = ?2 AND open_calls > 0")?
        .execute([shop(customer), customer.as_str()])?;
    Ok(())
}
