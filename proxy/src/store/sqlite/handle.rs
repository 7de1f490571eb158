//! The open file.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::Connection;
use tracing::Instrument;

use super::readers::Readers;
use super::writer::Writer;
use super::{file, left, schema};
use crate::spans;
use crate::store::error::StoreError;
use crate::store::meter::{DatabaseMeter, Deed};
use crate::store::migrated::Migrated;

/// An open SQLite file. It is closed when this is dropped.
pub(in crate::store) struct Sqlite {
    writer: Writer,
    pub(super) readers: Arc<Readers>,
    pub(super) meter: DatabaseMeter,
}

impl Sqlite {
    /// Opens the file, making it (readable by its owner only) and bringing its schema up to date where needed. Says what became of it.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], [`StoreError::Newer`], or [`StoreError::Refused`] when the schema cannot be brought up to date.
    pub(in crate::store) async fn open(path: &Path) -> Result<(Self, Migrated), StoreError> {
        let path = path.to_owned();
        let opened = tokio::task::spawn_blocking(move || {
            let mut connection = file::connect(&path)?;
            let migrated = schema::migrate(&mut connection)?;
            left::end_leases(&connection)?;
            let database = Self {
                readers: Arc::new(Readers::open(&path)?),
                writer: Writer::start(connection)?,
                meter: DatabaseMeter::default(),
            };
            Ok((database, migrated))
        });
        opened
            .await
            .map_err(|error| StoreError::Refused(error.to_string()))?
    }

    /// Runs `look` on one consistent view of the file.
    pub(super) async fn read<T, L>(&self, look: L) -> Result<T, StoreError>
    where
        T: Send + 'static,
        L: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (begun, span) = (Instant::now(), spans::database("read"));
        let outcome = Arc::clone(&self.readers).read(look).instrument(span).await;
        self.meter.ended(Deed::Read, begun, &outcome);
        outcome
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
        let (begun, span) = (Instant::now(), spans::database("write"));
        let outcome = self.writer.write(work).instrument(span).await;
        self.meter.ended(Deed::Write, begun, &outcome);
        outcome
    }
}
