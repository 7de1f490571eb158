//! Connections that only read.

use std::path::Path;
use std::sync::Mutex;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::Semaphore;

use super::{Store, StoreError, connect};
use crate::single_flight::lock;

/// How many reads run at the same time.
const READERS: usize = 4;

pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let connections = (0..READERS).map(|_| {
            let connection = connect(path)?;
            connection.execute_batch("PRAGMA query_only = ON")?;
            Ok(connection)
        });
        let idle = connections.collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Self {
            idle: Mutex::new(idle),
            permits: Semaphore::new(READERS),
        })
    }
}

impl Store {
    /// Runs `look` on one consistent view of the store.
    pub(super) async fn read<T, L>(&self, look: L) -> Result<T, StoreError>
    where
        T: Send + 'static,
        L: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let readers = std::sync::Arc::clone(&self.readers);
        let _permit = self
            .readers
            .permits
            .acquire()
            .await
            .map_err(|_| StoreError::Stopped)?;
        let task = tokio::task::spawn_blocking(move || {
            let Some(mut connection) = lock(&readers.idle).pop() else {
                return Err(StoreError::Stopped);
            };
            let result = (|| {
                let snapshot =
                    connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
                look(&snapshot)
            })();
            lock(&readers.idle).push(connection);
            result
        });
        task.await
            .map_err(|error| StoreError::Refused(error.to_string()))?
    }
}
