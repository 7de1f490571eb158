//! Opening the database.

use super::handle::Postgres;
use super::schema;
use crate::config::PostgresPlace;
use crate::store::error::StoreError;
use crate::store::migrated::Migrated;

impl Postgres {
    /// Connects, and brings the schema up to date where needed. Says what became of it.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], [`StoreError::Newer`], or whatever keeps the schema from being brought up to date.
    pub(in crate::store) async fn open(
        place: &PostgresPlace,
    ) -> Result<(Self, Migrated), StoreError> {
        let database = Self::connect(place)?;
        match schema::migrate(&database).await {
            Ok(migrated) => Ok((database, migrated)),
            Err(StoreError::Unavailable(reason)) => Err(StoreError::Unreachable {
                database: place.to_string(),
                reason,
            }),
            Err(error) => Err(error),
        }
    }
}
