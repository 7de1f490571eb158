//! The open database.

use std::pin::Pin;

use deadpool_postgres::Pool;

use super::failure::Failure;
use super::pool::{Lease, pool};
use super::transaction::{Isolation, Transaction};
use super::turns::Turns;
use crate::config::PostgresPlace;
use crate::store::error::StoreError;

/// An open PostgreSQL database. Its connections are closed when this is dropped.
pub(in crate::store) struct Postgres {
    pool: Pool,
}

/// What a transaction does. It may be done several times, on the same data.
pub(super) type Work<D, T> = for<'a> fn(&'a Transaction, &'a D) -> Doing<'a, T>;
/// It, under way.
pub(super) type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

impl Postgres {
    /// Connects and changes nothing.
    pub(super) fn connect(place: &PostgresPlace) -> Result<Self, StoreError> {
        Ok(Self { pool: pool(place)? })
    }

    /// Looks at one consistent view.
    pub(super) async fn read<D, T>(&self, data: D, look: Work<D, T>) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.transact(Isolation::View, data, look).await
    }

    /// Changes what is stored, as if nobody else did at the same time. Returns once it is committed.
    pub(super) async fn write<D, T>(&self, data: D, work: Work<D, T>) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.transact(Isolation::Serializable, data, work).await
    }

    /// Changes what one key or one row decides: each statement sees what others have committed by then.
    pub(super) async fn write_keyed<D, T>(&self, data: D, work: Work<D, T>) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.transact(Isolation::Committed, data, work).await
    }

    /// Runs a transaction, again and again while the database asks for that. It goes on when whoever asked goes away: a connection that is left
    /// in the middle would have to be made anew.
    async fn transact<D, T>(
        &self,
        isolation: Isolation,
        data: D,
        work: Work<D, T>,
    ) -> Result<T, StoreError>
    where
        D: Send + Sync + 'static,
        T: Send + 'static,
    {
        let pool = self.pool.clone();
        let task = tokio::spawn(async move {
            let mut turns = Turns::default();
            loop {
                match once(&pool, isolation, &data, work).await {
                    Ok(done) => return Ok(done),
                    Err(failure) => tokio::time::sleep(turns.after(failure)?).await,
                }
            }
        });
        task.await.map_err(|_| StoreError::NotDone)?
    }
}

async fn once<D, T>(
    pool: &Pool,
    isolation: Isolation,
    data: &D,
    work: Work<D, T>,
) -> Result<T, Failure> {
    let transaction = Transaction::begin(Lease::of(pool).await?, isolation).await?;
    match work(&transaction, data).await {
        Ok(done) => transaction.commit().await.map(|()| done),
        Err(failure) => {
            if failure.leaves_the_connection_well() {
                transaction.undo().await;
            }
            Err(failure)
        }
    }
}
