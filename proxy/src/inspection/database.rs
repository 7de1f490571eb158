//! Looking at the database without making or changing it.

use super::InspectionError;
use crate::checkouts::shop_id::ShopId;
use crate::config::DatabasePlace;
use crate::store;

/// Looks at the database without making or changing it, and whether the stores that it has rows of are configured, where all names are
/// known.
///
/// # Errors
/// [`InspectionError::Database`].
pub async fn inspect_database(
    place: &DatabasePlace,
    stores: Option<&[ShopId]>,
) -> Result<String, InspectionError> {
    let wrong = |reason| InspectionError::Database {
        place: place.clone(),
        reason,
    };
    let found = store::inspect(place).await.map_err(wrong)?;
    let mut unknown = found
        .shops
        .iter()
        .filter(|name| stores.is_some_and(|stores| !stores.contains(name)));
    match unknown.next() {
        Some(name) => Err(wrong(not_configured(name))),
        None => Ok(format!("database: {}", found.said)),
    }
}

/// What is said of a store that the database has rows of, and the configuration has not.
pub(crate) fn not_configured(name: &ShopId) -> String {
    let hint = if name.is_default() {
        "rows that were written while the configuration had no [[stores]] belong to it: give the store that they are of `name = \"default\"`"
    } else {
        "what was paid to it has to be looked after: configure it again"
    };
    format!("the database has rows of the store `{name}`, which is not configured; {hint}")
}
