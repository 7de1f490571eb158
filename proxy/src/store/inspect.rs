//! Looking at the database that a configuration names, without making or changing it.

use super::{postgres, sqlite};
use crate::checkouts::shop_id::ShopId;
use crate::config::DatabasePlace;

/// What there is.
pub(crate) struct Inspected {
    /// It, as a sentence.
    pub(crate) said: String,
    /// The shops that have rows.
    pub(crate) shops: Vec<ShopId>,
}

/// Looks at a database.
///
/// # Errors
/// What was expected and what is there, when it cannot be used.
pub(crate) async fn inspect(place: &DatabasePlace) -> Result<Inspected, String> {
    match place {
        DatabasePlace::File(path) => Ok(Inspected {
            said: sqlite::inspect(path)?,
            shops: sqlite::shops_in(path)?,
        }),
        DatabasePlace::Postgres(place) => {
            let (said, shops) = postgres::inspect(place).await?;
            Ok(Inspected { said, shops })
        }
    }
}
