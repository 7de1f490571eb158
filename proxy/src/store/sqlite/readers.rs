//! Connections that only read.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::file::connect;
use crate::lock::lock;
use crate::store::error::StoreError;

/// How many reads run at the same time.
pub(super) const READERS: usize = 4;

pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    /// One for each idle connection. A permit is held as long as its connection is out, whether or not anybody still waits for
    /// what it reads: a caller that goes away must not let the next one find no connection.
    permits: Arc<Semaphore>,
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
            permits: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// Runs `look` on one consistent view of the file. When the caller goes away, the reading goes on and its result is dropped.
    pub(super) async fn read<T, L>(self: Arc<Self>, look: L) -> Result<T, StoreError>
    where
        T: Send + 'static,
        L: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Stopped)?;
        let task = tokio::task::spawn_blocking(move || {
            let mut connection = Lent::take(self, permit)?;
            let snapshot = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
            look(&snapshot)
        });
        task.await
            .map_err(|error| StoreError::Refused(error.to_string()))?
    }

    #[cfg(test)]
    pub(super) fn idle_connections(&self) -> usize {
        lock(&self.idle).len()
    }
}

/// A connection that goes back to the others when it is dropped, also by a panic, and only then gives up its permit.
struct Lent {
    connection: Option<Connection>,
    readers: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Lent {
    fn take(readers: Arc<Readers>, permit: OwnedSemaphorePermit) -> Result<Self, StoreError> {
        let connection = lock(&readers.idle).pop().ok_or_else(|| {
            StoreError::Refused("all connections for reading are in use".to_owned())
        })?;
        Ok(Self {
            connection: Some(connection),
            readers,
            _permit: permit,
        })
    }
}

impl Deref for Lent {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("taken only by drop")
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("taken only by drop")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            lock(&self.readers.idle).push(connection);
        }
    }
}
