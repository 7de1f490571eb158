//! How many rows there are.

use async_trait::async_trait;
use checkout::{Phase, Timestamp};

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::Transaction;
use super::{schema, watching};
use crate::checkouts::attempt::AttemptState;
use crate::store::books::Books;
use crate::store::columns::Columns;
use crate::store::database::Counts;
use crate::store::error::StoreError;
use crate::store::meter::DatabaseMeter;
use crate::store::outcome::Overdue;
use crate::store::row;

#[async_trait]
impl Counts for Postgres {
    async fn books(&self) -> Result<Books, StoreError> {
        self.read((), |view, ()| Box::pin(all(view))).await
    }

    async fn overdue(&self, now: Timestamp) -> Result<Vec<Overdue>, StoreError> {
        self.read(now, |view, now| Box::pin(watching::overdue(view, *now)))
            .await
    }

    async fn is_fit(&self) -> Result<(), StoreError> {
        let found = self.read((), |view, ()| Box::pin(schema::version(view)));
        StoreError::unless_known(found.await?.unwrap_or(0), schema::VERSION)
    }

    fn meter(&self) -> &DatabaseMeter {
        &self.meter
    }
}

async fn all(view: &Transaction) -> Result<Books, Failure> {
    let count = async |what: &str| one(view, &format!("SELECT count(*) AS many FROM {what}")).await;
    let attempts = async |state: AttemptState| {
        count(&format!(
            "invoice_requests WHERE state = '{}'",
            state.as_str()
        ))
        .await
    };
    Ok(Books {
        checkouts: count("checkouts").await?,
        idempotency_keys: count("idempotency_keys").await?,
        attempts_started: attempts(AttemptState::Started).await?,
        attempts_made: attempts(AttemptState::Made).await?,
        attempts_refused: attempts(AttemptState::Refused).await?,
        invoices: invoices(view).await?,
        deposits: count("deposits").await?,
        flags: count("deposit_flags").await?,
        alarms: count("alarms").await?,
        deliveries: count("deliveries").await?,
        deliveries_open: count("deliveries WHERE outcome = 'open'").await?,
        subscriptions: count("subscriptions").await?,
        customers: count("customers WHERE gateway_id IS NOT NULL").await?,
        customer_calls: one(
            view,
            "SELECT CAST(coalesce(sum(open_calls), 0) AS BIGINT) AS many FROM customers",
        )
        .await?,
    })
}

async fn one(view: &Transaction, query: &str) -> Result<u32, Failure> {
    let found = view.row(query, &[]).await?;
    let found = found.ok_or_else(|| StoreError::Unreadable("a count is missing".to_owned()))?;
    Ok(Columns::get(&found, "many")?)
}

async fn invoices(view: &Transaction) -> Result<Vec<(Phase, u32)>, Failure> {
    let query = "SELECT phase, count(*) AS many FROM invoices GROUP BY phase";
    let mut invoices = Vec::new();
    for found in &view.rows(query, &[]).await? {
        invoices.push((row::phase(found)?, Columns::get(found, "many")?));
    }
    let place = |phase| Phase::ALL.iter().position(|known| *known == phase);
    invoices.sort_by_key(|(phase, _)| place(*phase));
    Ok(invoices)
}
