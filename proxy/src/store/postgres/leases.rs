//! Leases, in columns of `invoice_requests` and `customers`.

use async_trait::async_trait;
use checkout::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::Transaction;
use crate::checkouts::customer::CustomerId;
use crate::store::columns::Columns;
use crate::store::error::StoreError;
use crate::store::leases::{Claim, Lease, Leases};

#[async_trait]
impl Leases for Postgres {
    /// Decided by the attempt's own row, which whoever changes it locks.
    async fn claim_attempt(&self, key: Uuid, lease: Lease) -> Result<Claim, StoreError> {
        self.write_keyed((key, lease), |transaction, (key, lease)| {
            Box::pin(claim_attempt(transaction, *key, *lease))
        })
        .await
    }

    /// Decided by the attempt's own row.
    async fn release_attempt(&self, key: Uuid, by: Uuid) -> Result<(), StoreError> {
        self.write_keyed((key, by), |transaction, (key, by)| {
            Box::pin(async move {
                let change = "UPDATE invoice_requests SET claimed_until = 0 WHERE idempotency_key = $1 AND claimed_by = $2";
                transaction.run(change, &[&key.to_string(), &by.to_string()]).await?;
                Ok(())
            })
        })
        .await
    }

    /// Decided by the customer's own row, which whoever changes it locks.
    async fn claim_customer(
        &self,
        customer: CustomerId,
        lease: Lease,
    ) -> Result<Claim, StoreError> {
        self.write_keyed((customer, lease), |transaction, (customer, lease)| {
            Box::pin(claim_customer(transaction, customer, *lease))
        })
        .await
    }

    /// Decided by the customer's own row.
    async fn release_customer(&self, customer: CustomerId, by: Uuid) -> Result<(), StoreError> {
        self.write_keyed((customer, by), |transaction, (customer, by)| {
            Box::pin(async move {
                let change = "UPDATE customers SET claimed_until = 0 WHERE store = $1 AND customer = $2 AND claimed_by = $3";
                transaction.run(change, &[&customer.shop().as_str(), &customer.as_str(), &by.to_string()]).await?;
                Ok(())
            })
        })
        .await
    }
}

async fn claim_attempt(
    transaction: &Transaction,
    key: Uuid,
    lease: Lease,
) -> Result<Claim, Failure> {
    let change = "UPDATE invoice_requests SET claimed_by = $2, claimed_until = $3
         WHERE idempotency_key = $1 AND state = 'started' AND (claimed_by = $2 OR claimed_until <= $4 OR claimed_until > $5)";
    let taken = transaction
        .run(
            change,
            &[
                &key.to_string(),
                &lease.by.to_string(),
                &lease.until.millis(),
                &lease.from.millis(),
                &lease.latest().millis(),
            ],
        )
        .await?;
    if taken > 0 {
        return Ok(Claim::Ours);
    }
    // A statement of its own: it sees what whoever held the row has committed.
    let query = "SELECT claimed_until FROM invoice_requests WHERE idempotency_key = $1 AND state = 'started'";
    others(transaction.row(query, &[&key.to_string()]).await?.as_ref())
}

async fn claim_customer(
    transaction: &Transaction,
    customer: &CustomerId,
    lease: Lease,
) -> Result<Claim, Failure> {
    let change = "INSERT INTO customers (store, customer, open_calls, started_at, claimed_by, claimed_until) VALUES ($1, $2, 0, $4, $3, $5)
         ON CONFLICT (store, customer) DO UPDATE SET claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
         WHERE customers.gateway_id IS NULL
         AND (customers.claimed_by = excluded.claimed_by OR customers.claimed_until <= $4 OR customers.claimed_until > $6)";
    let (shop, name) = (customer.shop().as_str(), customer.as_str());
    let taken = transaction
        .run(
            change,
            &[
                &shop,
                &name,
                &lease.by.to_string(),
                &lease.from.millis(),
                &lease.until.millis(),
                &lease.latest().millis(),
            ],
        )
        .await?;
    if taken > 0 {
        return Ok(Claim::Ours);
    }
    let query = "SELECT claimed_until FROM customers WHERE store = $1 AND customer = $2 AND gateway_id IS NULL";
    others(transaction.row(query, &[&shop, &name]).await?.as_ref())
}

/// What a row says that could not be taken; there is none when there is nothing to ask.
fn others(row: Option<&Row>) -> Result<Claim, Failure> {
    let until = row.map(|row| Columns::get(row, "claimed_until"));
    Ok(Claim::refused(
        until.transpose()?.map(Timestamp::from_millis),
    ))
}
