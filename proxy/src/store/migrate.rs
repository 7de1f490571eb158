//! Bringing a database's schema up to date, without serving.

use super::error::StoreError;
use super::migrated::Migrated;
use super::postgres::Postgres;
use super::sqlite::Sqlite;
use crate::config::DatabasePlace;

/// Brings the schema of a database up to date, in one transaction. Of several who do so at once one does it, and the others wait.
///
/// # Errors
/// [`StoreError::Unreachable`], [`StoreError::Newer`], or whatever keeps the schema from being brought up to date; then it is as it was.
pub async fn migrate(place: &DatabasePlace) -> Result<Migrated, StoreError> {
    match place {
        DatabasePlace::File(path) => Ok(Sqlite::open(path).await?.1),
        DatabasePlace::Postgres(place) => Ok(Postgres::open(place).await?.1),
    }
}
