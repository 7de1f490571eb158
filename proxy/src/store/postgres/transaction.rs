//! One transaction on one connection.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_postgres::Client;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::failure::Failure;
use super::pool::Lease;
use super::unsaid::Unsaid;
use crate::lock::lock;
use crate::store::error::StoreError;

/// How long the database itself lets one statement run, and how long it keeps a transaction whose proxy says nothing. Set in each transaction:
/// a pooler between proxy and database may hand the session to somebody else afterwards.
const LIMITS: &str = "SET LOCAL statement_timeout = '8s'; SET LOCAL lock_timeout = '4s'; \
                      SET LOCAL idle_in_transaction_session_timeout = '10s'";
/// How long the proxy waits for any answer before it takes the connection for lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// Values of a statement, in the order of `$1`, `$2`, …
pub(super) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// What a transaction can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Isolation {
    /// One consistent view; it changes nothing.
    View,
    /// As if no other were under way. What was read inside is still so at the commit, or the commit is refused.
    Serializable,
    /// Each statement sees what is committed when it begins. For changes that a unique key or a locked row decides.
    Committed,
}

impl Isolation {
    fn begin(self) -> String {
        let mode = match self {
            Self::View => "REPEATABLE READ READ ONLY",
            Self::Serializable => "SERIALIZABLE READ WRITE",
            Self::Committed => "READ COMMITTED READ WRITE",
        };
        format!("BEGIN ISOLATION LEVEL {mode}; {LIMITS}")
    }
}

/// Values in the form in which the driver takes them.
fn sayable<'a>(values: &'a [Unsaid<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

/// A transaction that was begun. Dropped without an end, it ends with its connection, and nothing of it stays.
pub(super) struct Transaction {
    lease: Lease,
    isolation: Isolation,
    /// Whether a statement failed. PostgreSQL answers the `COMMIT` of such a transaction without an error, and rolls back.
    failed: AtomicBool,
    /// The numbers of the entries of the history that it has written.
    told: Mutex<Vec<i64>>,
}

impl Transaction {
    /// Begins one.
    pub(super) async fn begin(lease: Lease, isolation: Isolation) -> Result<Self, Failure> {
        let transaction = Self {
            lease,
            isolation,
            failed: AtomicBool::new(false),
            told: Mutex::default(),
        };
        let begin = isolation.begin();
        transaction
            .patiently(transaction.client().batch_execute(&begin))
            .await?;
        Ok(transaction)
    }

    fn client(&self) -> &Client {
        self.lease.client()
    }

    async fn patiently<T>(
        &self,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failure> {
        let outcome = match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answer) => answer.map_err(Failure::from),
            Err(_) => Err(Failure::Final(StoreError::Unavailable(format!(
                "no answer within {} s",
                PATIENCE.as_secs()
            )))),
        };
        if outcome.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        outcome
    }

    /// All rows of an answer.
    pub(super) async fn rows(&self, query: &str, values: Values<'_>) -> Result<Vec<Row>, Failure> {
        self.patiently(async {
            let statement = self.client().prepare_cached(query).await?;
            let values: Vec<Unsaid<'_>> = values.iter().map(|value| Unsaid(*value)).collect();
            self.client().query(&statement, &sayable(&values)).await
        })
        .await
    }

    /// All rows of the answer to a question that means something else each time, so it is not kept.
    pub(super) async fn rows_once(&self, query: &str) -> Result<Vec<Row>, Failure> {
        self.patiently(self.client().query(query, &[])).await
    }

    /// The one row of an answer, if there is one.
    pub(super) async fn row(
        &self,
        query: &str,
        values: Values<'_>,
    ) -> Result<Option<Row>, Failure> {
        Ok(self.rows(query, values).await?.into_iter().next())
    }

    /// Whether there is a row.
    pub(super) async fn has(&self, query: &str, values: Values<'_>) -> Result<bool, Failure> {
        Ok(self.row(query, values).await?.is_some())
    }

    /// Changes rows. Answers with their number.
    pub(super) async fn run(&self, statement: &str, values: Values<'_>) -> Result<u64, Failure> {
        self.patiently(async {
            let statement = self.client().prepare_cached(statement).await?;
            let values: Vec<Unsaid<'_>> = values.iter().map(|value| Unsaid(*value)).collect();
            self.client().execute(&statement, &sayable(&values)).await
        })
        .await
    }

    /// Runs one statement that has no values, such as one that makes a table.
    pub(super) async fn make(&self, statement: &str) -> Result<(), Failure> {
        self.patiently(self.client().batch_execute(statement)).await
    }

    /// Notes that it has written an entry of the history.
    pub(super) fn has_told(&self, seq: i64) {
        lock(&self.told).push(seq);
    }

    /// Commits. Answers with the numbers of the entries of the history that it has written.
    ///
    /// # Errors
    /// [`Failure::Unsure`] when nobody can tell whether it is stored.
    pub(super) async fn commit(self) -> Result<Vec<i64>, Failure> {
        let told = std::mem::take(&mut *lock(&self.told));
        if self.failed.load(Ordering::Relaxed) {
            return Err(Failure::Final(StoreError::NotDone));
        }
        match tokio::time::timeout(PATIENCE, self.client().batch_execute("COMMIT")).await {
            Ok(Ok(())) => {
                self.lease.give_back();
                Ok(told)
            }
            // Nothing hangs on how a transaction ends that changes nothing.
            _ if self.isolation == Isolation::View => Ok(told),
            Ok(Err(error)) => {
                let failure = Failure::of_commit(error);
                if failure.leaves_the_connection_well() {
                    self.lease.give_back();
                }
                Err(failure)
            }
            Err(_) => Err(Failure::Unsure(format!(
                "no answer to the commit within {} s",
                PATIENCE.as_secs()
            ))),
        }
    }

    /// Undoes it, and keeps the connection if that can be done.
    pub(super) async fn undo(self) {
        let undone = self.client().batch_execute("ROLLBACK");
        if let Ok(Ok(())) = tokio::time::timeout(PATIENCE, undone).await {
            self.lease.give_back();
        }
    }
}
