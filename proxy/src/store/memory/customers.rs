//! Customers and their addresses in memory.

use async_trait::async_trait;
use checkout::{Currency, Timestamp};

use super::Memory;
use super::rows::CustomerRow;
use crate::checkouts::customer::{CustomerId, Purse, WatchedCustomer};
use crate::checkouts::customer_pace::{LONGEST_PACE_SECONDS, YOUNGEST_PACE_SECONDS};
use crate::checkouts::id::CheckoutId;
use crate::store::database::{CONFIRMED_SECONDS, Customers};
use crate::store::error::StoreError;

#[async_trait]
impl Customers for Memory {
    async fn gateway_customer(&self, customer: CustomerId) -> Result<Option<String>, StoreError> {
        Ok(self.read(|rows| rows.customer(&customer)?.gateway_id.clone()))
    }

    async fn start_customer(
        &self,
        customer: CustomerId,
        _now: Timestamp,
    ) -> Result<u32, StoreError> {
        Ok(self.write(|rows| {
            if let Some(row) = rows.customer_mut(&customer) {
                row.open_calls += 1;
                return row.open_calls;
            }
            rows.customers.push(CustomerRow {
                customer,
                gateway_id: None,
                open_calls: 1,
                shown_at: None,
                due_at: Timestamp::from_millis(0),
            });
            1
        }))
    }

    async fn settle_customer(&self, customer: CustomerId) -> Result<(), StoreError> {
        self.write(|rows| {
            if let Some(row) = rows.customer_mut(&customer) {
                row.open_calls = row.open_calls.saturating_sub(1);
            }
        });
        Ok(())
    }

    async fn finish_customer(
        &self,
        customer: CustomerId,
        made: String,
    ) -> Result<Option<String>, StoreError> {
        Ok(self.write(|rows| {
            let is_others = |row: &CustomerRow| {
                row.customer != customer && row.gateway_id.as_ref() == Some(&made)
            };
            if rows.customers.iter().any(is_others) {
                return None;
            }
            let row = rows.customer_mut(&customer)?;
            row.open_calls = row.open_calls.saturating_sub(1);
            Some(row.gateway_id.get_or_insert(made).clone())
        }))
    }

    async fn keep_purse(&self, purse: Purse) -> Result<bool, StoreError> {
        let now = purse.confirmed_at;
        self.write(|rows| {
            let same = |known: &&mut Purse| {
                known.customer == purse.customer && known.currency == purse.currency
            };
            let oldest = now.plus_seconds(-CONFIRMED_SECONDS);
            let known = rows.purses.iter_mut().find(same);
            let is_fresh =
                |known: &Purse| known.address == purse.address && known.confirmed_at > oldest;
            if known.is_some_and(|known| is_fresh(known)) {
                return Ok(true);
            }
            if rows.has_purse(&purse.address, Some(&purse.customer))
                || rows.is_watched(&purse.address, None, now)
            {
                return Ok(false);
            }
            let Some(customer) = rows.customer_mut(&purse.customer) else {
                return Err(StoreError::Refused("no such customer".to_owned()));
            };
            customer.shown_at = Some(now);
            customer.due_at = customer.due_at.min(now.plus_seconds(YOUNGEST_PACE_SECONDS));
            match rows.purses.iter_mut().find(same) {
                Some(known) => *known = purse.clone(),
                None => rows.purses.push(purse.clone()),
            }
            Ok(true)
        })
    }

    async fn due_customers(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<WatchedCustomer>, StoreError> {
        let latest = now.plus_seconds(LONGEST_PACE_SECONDS);
        Ok(self.read(|rows| {
            let mut due: Vec<(Timestamp, WatchedCustomer)> = rows
                .customers
                .iter()
                .filter(|row| row.due_at <= now || row.due_at > latest)
                .filter_map(|row| {
                    let watched = WatchedCustomer {
                        customer: row.customer.clone(),
                        gateway_id: row.gateway_id.clone()?,
                        shown_at: row.shown_at?,
                    };
                    Some((row.due_at, watched))
                })
                .collect();
            due.sort_by_key(|(due_at, _)| *due_at);
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            due.into_iter().map(|(_, due)| due).take(most).collect()
        }))
    }

    async fn put_off_customer(
        &self,
        customer: CustomerId,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|rows| {
            if let Some(row) = rows.customer_mut(&customer) {
                row.due_at = due_at;
            }
        });
        Ok(())
    }

    async fn choose_purse(
        &self,
        checkout: CheckoutId,
        currency: &'static Currency,
    ) -> Result<(), StoreError> {
        self.write(|rows| {
            rows.require(checkout)?;
            rows.chosen_purses.insert(checkout, currency);
            Ok(())
        })
    }
}
