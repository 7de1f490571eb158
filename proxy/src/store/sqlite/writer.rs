//! The one thread that writes. Jobs that wait together are committed together; each succeeds or fails on its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::store::error::StoreError;

/// How many jobs share one commit at most.
const GROUP: usize = 64;
/// How many jobs may wait before those who bring more are held back.
const QUEUE: usize = 1024;

/// Called with the outcome of the commit, after it.
type Report = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Runs inside the transaction; says whether its changes stay, and whom to tell.
type Job = Box<dyn FnOnce(&Connection) -> (bool, Report) + Send>;

/// The handle to the writing thread. Dropping it lets the thread finish what is queued and waits for it.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_all(connection, queue))
            .map_err(|error| StoreError::Refused(error.to_string()))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Runs `work` inside a transaction and returns once its changes are on disk.
    ///
    /// # Errors
    /// Whatever `work` returns, then nothing of it stays; or the commit's own failure.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (send, receive) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = work(connection);
            let keep = result.is_ok();
            let report: Report = Box::new(move |committed| {
                // Whoever asked may have gone away; the work is done all the same.
                drop(send.send(committed.and(result)));
            });
            (keep, report)
        });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Stopped)?;
        jobs.send(job).await.map_err(|_| StoreError::Stopped)?;
        receive.await.map_err(|_| StoreError::NotDone)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panicking writer has already been reported by the panic hook; there is nothing left to save here.
            drop(thread.join());
        }
    }
}

fn write_all(mut connection: Connection, mut queue: mpsc::Receiver<Job>) {
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            match queue.try_recv() {
                Ok(job) => group.push(job),
                Err(_) => break,
            }
        }
        commit_group(&mut connection, group);
    }
}

fn commit_group(connection: &mut Connection, group: Vec<Job>) {
    let mut reports = Vec::with_capacity(group.len());
    let outcome = (|| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for job in group {
            transaction.execute_batch("SAVEPOINT job")?;
            // A job that panics must not take the thread with it, or nothing could be written any more. Whoever waits for it
            // learns that it was not done.
            let keep = match catch_unwind(AssertUnwindSafe(|| job(&transaction))) {
                Ok((keep, report)) => {
                    reports.push(report);
                    keep
                }
                Err(_) => false,
            };
            transaction.execute_batch(if keep {
                "RELEASE job"
            } else {
                "ROLLBACK TO job; RELEASE job"
            })?;
        }
        transaction.commit()
    })()
    .map_err(StoreError::from);
    // Jobs that were never begun are dropped with the group; those who wait for them learn that they were not done.
    for report in reports {
        report(outcome.clone());
    }
}
