//! Looking at a database without making or changing it.

use super::checkouts::shops;
use super::failure::Failure;
use super::handle::Postgres;
use super::schema::{self, VERSION};
use super::transaction::Transaction;
use crate::checkouts::shop_id::ShopId;
use crate::config::PostgresPlace;

/// What there is, as a sentence, and the shops that have rows.
///
/// # Errors
/// What was expected and what is there, when it cannot be used.
pub(in crate::store) async fn inspect(
    place: &PostgresPlace,
) -> Result<(String, Vec<ShopId>), String> {
    let database = Postgres::connect(place).map_err(|error| error.to_string())?;
    let found = database.read((), |view, ()| Box::pin(found(view))).await;
    match found.map_err(|error| error.to_string())? {
        Found::Nothing => {
            let said = format!("{place} is empty; `migrate` or `serve` makes its tables");
            Ok((said, Vec::new()))
        }
        Found::Others => Err(
            "is the database of another program: it has tables and no version of ours".to_owned(),
        ),
        Found::Version(VERSION, shops) => {
            Ok((format!("{place} answers and has the current schema"), shops))
        }
        Found::Version(older, shops) if older < VERSION => {
            let said =
                format!("{place} has schema {older}; `migrate` or `serve` brings it to {VERSION}");
            Ok((said, shops))
        }
        Found::Version(newer, _) => Err(format!(
            "has schema version {newer}, this program knows up to {VERSION}: use the newer program"
        )),
    }
}

enum Found {
    Nothing,
    Others,
    Version(i64, Vec<ShopId>),
}

async fn found(view: &Transaction) -> Result<Found, Failure> {
    let Some(version) = schema::version(view).await? else {
        // Views may be those of an extension, which a provider puts there by itself.
        let query = "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' LIMIT 1";
        let is_empty = !view.has(query, &[]).await?;
        return Ok(if is_empty {
            Found::Nothing
        } else {
            Found::Others
        });
    };
    Ok(match version {
        0 => Found::Nothing,
        _ => Found::Version(version, shops(view).await?),
    })
}
