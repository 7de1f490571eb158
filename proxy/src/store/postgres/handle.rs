//! The open database.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use deadpool_postgres::Pool;
use tokio::sync::Notify;
use tracing::Instrument;

use super::failure::Failure;
use super::isolation::Isolation;
use super::patience::Patience;
use super::pool::{Lease, pool};
use super::transaction::Transaction;
use super::turns::Turns;
use crate::config::PostgresPlace;
use crate::lock::lock;
use crate::request_id::spawn;
use crate::spans;
use crate::store::error::StoreError;
use crate::store::meter::{DatabaseMeter, Deed};

/// An open PostgreSQL database. Its connections are closed when this is dropped.
pub(in crate::store) struct Postgres {
    pool: Pool,
    patience: Patience,
    told: Arc<Told>,
    pub(super) meter: DatabaseMeter,
}

/// What this proxy has written into the history lately.
#[derive(Default)]
struct Told {
    /// The numbers of its entries, until they were met in the history.
    own: Mutex<HashSet<i64>>,
    /// Rung after each commit that has written some.
    bell: Notify,
}

/// How many own entries are remembered. Beyond that some are told twice, which is only a look too many.
const MOST_OWN: usize = 65_536;

/// What a transaction does. It may be done several times, on the same data.
pub(super) type Work<D, T> = for<'a> fn(&'a Transaction, &'a D) -> Doing<'a, T>;
/// It, under way.
pub(super) type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

impl Postgres {
    /// Connects and changes nothing.
    pub(super) fn connect(place: &PostgresPlace) -> Result<Self, StoreError> {
        Self::patient(place, Patience::USUAL)
    }

    /// Connects, waits as long as it is told, and changes nothing.
    pub(super) fn patient(place: &PostgresPlace, patience: Patience) -> Result<Self, StoreError> {
        Ok(Self {
            pool: pool(place, patience)?,
            patience,
            told: Arc::default(),
            meter: DatabaseMeter::default(),
        })
    }

    /// The numbers of entries that this proxy has written and not met yet.
    pub(super) fn own(&self) -> &Mutex<HashSet<i64>> {
        &self.told.own
    }

    /// Rung after each commit of this proxy that others should hear of.
    pub(super) fn has_told(&self) -> &Notify {
        &self.told.bell
    }

    /// Begins a transaction that is not repeated.
    pub(super) async fn begin_alone(&self) -> Result<Transaction, Failure> {
        let lease = Lease::of(&self.pool).await?;
        let transaction = Transaction::on(lease, Isolation::Serializable, self.patience);
        transaction.begin().await?;
        Ok(transaction)
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

    /// Changes the tables themselves, however long that takes.
    pub(super) async fn make<T>(&self, work: Work<(), T>) -> Result<T, StoreError>
    where
        T: Send + 'static,
    {
        self.transact(Isolation::Step, (), work).await
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
        let (pool, patience, told) = (self.pool.clone(), self.patience, Arc::clone(&self.told));
        let begun = Instant::now();
        let deed = match isolation {
            Isolation::View => Deed::Read,
            _ => Deed::Write,
        };
        let span = spans::database(deed.word());
        let task = spawn(async move {
            let (mut turns, began) = (Turns::default(), Instant::now());
            loop {
                let failure = match once(&pool, patience, isolation, &data, work).await {
                    Ok((done, entries)) => {
                        told.note(entries);
                        return Ok(done);
                    }
                    Err(failure) => failure,
                };
                if matches!(failure, Failure::Stale(_)) {
                    // Those of the other connections are as old.
                    pool.manager().statement_caches.clear();
                }
                tokio::time::sleep(turns.after(failure, began.elapsed())?).await;
            }
        });
        let outcome = task
            .instrument(span)
            .await
            .unwrap_or(Err(StoreError::NotDone));
        self.meter.ended(deed, begun, &outcome);
        outcome
    }
}

impl Told {
    fn note(&self, entries: Vec<i64>) {
        if entries.is_empty() {
            return;
        }
        let mut own = lock(&self.own);
        if own.len() > MOST_OWN {
            own.clear();
        }
        own.extend(entries);
        drop(own);
        self.bell.notify_one();
    }
}

async fn once<D, T>(
    pool: &Pool,
    patience: Patience,
    isolation: Isolation,
    data: &D,
    work: Work<D, T>,
) -> Result<(T, Vec<i64>), Failure> {
    let transaction = Transaction::on(Lease::of(pool).await?, isolation, patience);
    // The first questions are sent behind the beginning without waiting.
    let (begun, done) = tokio::join!(biased; transaction.begin(), work(&transaction, data));
    match begun.and(done) {
        Ok(done) => transaction.commit().await.map(|told| (done, told)),
        Err(failure) => {
            let failure = transaction.cause(failure);
            if failure.leaves_the_connection_well() {
                transaction.undo().await;
            }
            Err(failure)
        }
    }
}
