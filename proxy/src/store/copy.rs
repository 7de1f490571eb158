//! Copying everything from a SQLite file to a PostgreSQL database.

use std::path::Path;

use tokio::sync::mpsc;

use super::cell::{Cells, Table};
use super::copied::{Copied, CopyError};
use super::error::StoreError;
use super::postgres::{Load, Postgres};
use super::sqlite::Dump;
use crate::config::{DatabasePlace, PostgresPlace};

/// How many pieces are on their way at once.
const ON_THE_WAY: usize = 1024;

/// A piece of the file, in its order.
enum Piece {
    Table(Table),
    Row(Cells),
}

/// Copies everything in one transaction, and reads it back before the commit. The target must be empty, its tables are made where needed.
/// Whatever goes wrong, nothing of it stays.
///
/// # Errors
/// [`CopyError`].
pub async fn copy(from: &DatabasePlace, to: &PostgresPlace) -> Result<Vec<Copied>, CopyError> {
    let path = from.file().ok_or(CopyError::NoFile)?.to_owned();
    let (pieces, received) = mpsc::channel(ON_THE_WAY);
    let reading = tokio::task::spawn_blocking(move || read(&path, &pieces));
    let written = write(to, received).await;
    let read = reading
        .await
        .map_err(|error| StoreError::Refused(error.to_string()))?;
    // What went wrong with the file is why the rest did not come.
    read?;
    written
}

fn read(path: &Path, pieces: &mpsc::Sender<Result<Piece, CopyError>>) -> Result<(), CopyError> {
    let read_all = || {
        let dump = Dump::open(path)?;
        for table in dump.tables()? {
            if pieces
                .blocking_send(Ok(Piece::Table(table.clone())))
                .is_err()
            {
                return Ok(());
            }
            dump.rows(&table, |cells| {
                pieces.blocking_send(Ok(Piece::Row(cells))).is_ok()
            })?;
        }
        Ok(())
    };
    let outcome: Result<(), CopyError> = read_all();
    if let Err(error) = &outcome {
        // Whoever writes must not take the end of the pieces for the end of the file.
        drop(pieces.blocking_send(Err(error.clone())));
    }
    outcome
}

async fn write(
    to: &PostgresPlace,
    mut pieces: mpsc::Receiver<Result<Piece, CopyError>>,
) -> Result<Vec<Copied>, CopyError> {
    // The first piece shows that the file can be read, before anything is made in the target.
    let mut next = pieces.recv().await.transpose()?;
    let (database, _) = Postgres::open(to).await?;
    let mut load = Load::begin(&database).await?;
    while let Some(piece) = next {
        match piece {
            Piece::Table(table) => load.table(table).await?,
            Piece::Row(cells) => load.row(cells).await?,
        }
        next = pieces.recv().await.transpose()?;
    }
    load.finish().await
}
