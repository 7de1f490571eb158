//! One transaction on one connection.

use std::pin::pin;
use std::sync::Mutex;
use std::task::Poll;
use std::time::Duration;

use deadpool_postgres::Client;
use tokio::sync::SetOnce;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::failure::Failure;
use super::isolation::Isolation;
use super::patience::Patience;
use super::pool::Lease;
use super::unsaid::Unsaid;
use crate::lock::lock;
use crate::store::error::StoreError;

/// Values of a statement, in the order of `$1`, `$2`, …
pub(super) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Whether a statement can change nothing. A lock without a transaction would be gone at once.
fn only_reads(query: &str) -> bool {
    query.starts_with("SELECT ") && !query.contains(" FOR UPDATE")
}

/// Whose turn it is to send.
type Turn<'a> = tokio::sync::MutexGuard<'a, ()>;

/// Sends a statement, lets the next one be sent, and waits for the answer.
async fn sent<T>(answer: impl Future<Output = T>, turn: Turn<'_>) -> T {
    let mut answer = pin!(answer);
    // The first look sends it.
    if let Poll::Ready(answer) = futures_util::poll!(answer.as_mut()) {
        return answer;
    }
    drop(turn);
    answer.await
}

/// Values in the form in which the driver takes them.
fn sayable<'a>(values: &'a [Unsaid<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

/// A transaction. Dropped without an end, it ends with its connection, and nothing of it stays.
///
/// What is asked at once, by futures that are polled together, is sent without waiting and in the order in which they were polled first, so each
/// sees what those before it have changed. Whoever does so polls all of them to their ends: behind the first that fails the others are told
/// only that it has.
pub(super) struct Transaction {
    lease: Lease,
    isolation: Isolation,
    /// Whether it has begun, once that is known.
    begun: SetOnce<bool>,
    /// Held by whoever sends. It is fair: some statements have to be prepared first, and those behind them wait for that.
    sending: tokio::sync::Mutex<()>,
    /// How long any answer is waited for.
    patience: Option<Duration>,
    /// What failed in it first. PostgreSQL answers the `COMMIT` of such a transaction without an error, and rolls back.
    failed: Mutex<Option<Failure>>,
    /// The numbers of the entries of the history that it has written.
    told: Mutex<Vec<i64>>,
}

impl Transaction {
    /// Makes one on a connection, which knows nothing of it yet.
    pub(super) fn on(lease: Lease, isolation: Isolation, patience: Patience) -> Self {
        Self {
            lease,
            isolation,
            begun: SetOnce::new(),
            sending: tokio::sync::Mutex::default(),
            patience: (isolation != Isolation::Step).then_some(patience.answer),
            failed: Mutex::default(),
            told: Mutex::default(),
        }
    }

    fn client(&self) -> &Client {
        self.lease.client()
    }

    /// Begins it.
    pub(super) async fn begin(&self) -> Result<(), Failure> {
        let begin = self.isolation.begin();
        let begun = self.in_time(self.client().batch_execute(&begin)).await;
        let begun = self.noted(begun);
        // It is begun once.
        drop(self.begun.set(begun.is_ok()));
        begun
    }

    /// Runs a statement in its turn, and waits for the answer as long as any is waited for.
    async fn patiently<T>(
        &self,
        statement: &str,
        run: impl AsyncFnOnce(Turn<'_>) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Failure> {
        let turn = self.sending.lock().await;
        // What only reads is sent behind the beginning without waiting: where there is no transaction, it changes nothing, and its answer is not
        // taken. What changes something would be committed by itself there.
        if !only_reads(statement) && !*self.begun.wait().await {
            return Err(Failure::Behind("the transaction has not begun".to_owned()));
        }
        self.noted(self.in_time(run(turn)).await)
    }

    /// An answer, whose failure is remembered.
    fn noted<T>(
        &self,
        answer: Result<Result<T, tokio_postgres::Error>, String>,
    ) -> Result<T, Failure> {
        let outcome = match answer {
            Ok(answer) => answer.map_err(Failure::from),
            Err(late) => Err(Failure::Final(StoreError::Unavailable(late))),
        };
        if let Err(failure) = &outcome {
            let mut first = lock(&self.failed);
            if first.as_ref().is_none_or(Failure::is_of_another) {
                *first = Some(failure.clone());
            }
        }
        outcome
    }

    /// An answer, or a sentence when there was none in time.
    async fn in_time<T>(&self, answer: impl Future<Output = T>) -> Result<T, String> {
        let Some(patience) = self.patience else {
            return Ok(answer.await);
        };
        let answer = tokio::time::timeout(patience, answer).await;
        answer.map_err(|_| format!("no answer within {} s", patience.as_secs()))
    }

    /// Why it failed, of which `failure` may be only what the statements behind it were told.
    pub(super) fn cause(&self, failure: Failure) -> Failure {
        lock(&self.failed).take().unwrap_or(failure)
    }

    /// All rows of an answer.
    pub(super) async fn rows(&self, query: &str, values: Values<'_>) -> Result<Vec<Row>, Failure> {
        self.patiently(query, async |turn| {
            let statement = self.client().prepare_cached(query).await?;
            let values: Vec<Unsaid<'_>> = values.iter().map(|value| Unsaid(*value)).collect();
            let values = sayable(&values);
            sent(self.client().query(&statement, &values), turn).await
        })
        .await
    }

    /// All rows of the answer to a question that means something else each time, so it is not kept.
    pub(super) async fn rows_once(&self, query: &str) -> Result<Vec<Row>, Failure> {
        self.patiently(query, async |_| self.client().query(query, &[]).await)
            .await
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
        self.patiently(statement, async |turn| {
            let statement = self.client().prepare_cached(statement).await?;
            let values: Vec<Unsaid<'_>> = values.iter().map(|value| Unsaid(*value)).collect();
            let values = sayable(&values);
            sent(self.client().execute(&statement, &values), turn).await
        })
        .await
    }

    /// Runs one statement that has no values, such as one that makes a table.
    pub(super) async fn make(&self, statement: &str) -> Result<(), Failure> {
        self.patiently(statement, async |_| {
            self.client().batch_execute(statement).await
        })
        .await
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
        if lock(&self.failed).is_some() {
            return Err(Failure::Final(StoreError::NotDone));
        }
        if self.isolation == Isolation::View {
            self.leave().await;
            return Ok(told);
        }
        match self.in_time(self.client().batch_execute("COMMIT")).await {
            Ok(Ok(())) => {
                self.lease.give_back();
                Ok(told)
            }
            Ok(Err(error)) => {
                let failure = Failure::of_commit(error);
                if failure.leaves_the_connection_well() {
                    self.lease.give_back();
                }
                Err(failure)
            }
            Err(late) => Err(Failure::Unsure(late)),
        }
    }

    /// Ends one that changes nothing. Nothing hangs on how it ends, so nobody waits for that: the next transaction on this connection stands
    /// behind it.
    async fn leave(self) {
        let is_sent = {
            let mut end = pin!(self.client().batch_execute("COMMIT"));
            // The first look sends it.
            !matches!(futures_util::poll!(end.as_mut()), Poll::Ready(Err(_)))
        };
        if is_sent {
            self.lease.give_back();
        }
    }

    /// Undoes it, and keeps the connection if that can be done.
    pub(super) async fn undo(self) {
        let undone = self.client().batch_execute("ROLLBACK");
        if let Ok(Ok(())) = self.in_time(undone).await {
            self.lease.give_back();
        }
    }
}
