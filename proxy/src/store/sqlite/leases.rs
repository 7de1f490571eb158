//! Leases, in columns of `invoice_requests` and `customers`.

use async_trait::async_trait;
use checkout::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};
use uuid::Uuid;

use super::handle::Sqlite;
use crate::checkouts::customer::CustomerId;
use crate::store::error::StoreError;
use crate::store::leases::{Claim, Lease, Leases};

#[async_trait]
impl Leases for Sqlite {
    async fn claim_attempt(&self, key: Uuid, lease: Lease) -> Result<Claim, StoreError> {
        self.write(move |connection| {
            let taken = connection
                .prepare_cached(
                    "UPDATE invoice_requests SET claimed_by = :by, claimed_until = :until
                     WHERE idempotency_key = :key AND state = 'started'
                     AND (claimed_by = :by OR claimed_until <= :now OR claimed_until > :latest)",
                )?
                .execute(named_params! {
                    ":key": key.to_string(),
                    ":by": lease.by.to_string(),
                    ":now": lease.from.millis(),
                    ":until": lease.until.millis(),
                    ":latest": lease.latest().millis(),
                })?;
            if taken > 0 {
                return Ok(Claim::Ours);
            }
            let until: Option<i64> = connection
                .prepare_cached("SELECT claimed_until FROM invoice_requests WHERE idempotency_key = ?1 AND state = 'started'")?
                .query_row([key.to_string()], |row| row.get(0))
                .optional()?;
            Ok(Claim::refused(until.map(Timestamp::from_millis)))
        })
        .await
    }

    async fn release_attempt(&self, key: Uuid, by: Uuid) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached("UPDATE invoice_requests SET claimed_until = 0 WHERE idempotency_key = ?1 AND claimed_by = ?2")?
                .execute((key.to_string(), by.to_string()))?;
            Ok(())
        })
        .await
    }

    async fn claim_customer(
        &self,
        customer: CustomerId,
        lease: Lease,
    ) -> Result<Claim, StoreError> {
        self.write(move |connection| {
            let taken = connection
                .prepare_cached(
                    "INSERT INTO customers (store, customer, open_calls, started_at, claimed_by, claimed_until) VALUES (:store, :customer, 0, :now, :by, :until)
                     ON CONFLICT (store, customer) DO UPDATE SET claimed_by = :by, claimed_until = :until
                     WHERE gateway_id IS NULL AND (claimed_by = :by OR claimed_until <= :now OR claimed_until > :latest)",
                )?
                .execute(named_params! {
                    ":store": customer.shop().as_str(),
                    ":customer": customer.as_str(),
                    ":by": lease.by.to_string(),
                    ":now": lease.from.millis(),
                    ":until": lease.until.millis(),
                    ":latest": lease.latest().millis(),
                })?;
            if taken > 0 {
                return Ok(Claim::Ours);
            }
            let until: Option<i64> = connection
                .prepare_cached("SELECT claimed_until FROM customers WHERE store = ?1 AND customer = ?2 AND gateway_id IS NULL")?
                .query_row((customer.shop().as_str(), customer.as_str()), |row| row.get(0))
                .optional()?;
            Ok(Claim::refused(until.map(Timestamp::from_millis)))
        })
        .await
    }

    async fn release_customer(&self, customer: CustomerId, by: Uuid) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection
                .prepare_cached("UPDATE customers SET claimed_until = 0 WHERE store = ?1 AND customer = ?2 AND claimed_by = ?3")?
                .execute((customer.shop().as_str(), customer.as_str(), by.to_string()))?;
            Ok(())
        })
        .await
    }
}
