//! Looking at a database without making or changing it.

use super::checkouts::shops;
use super::failure::Failure;
use super::handle::Postgres;
use super::schema::VERSION;
use super::transaction::Transaction;
use crate::checkouts::shop_id::ShopId;
use crate::config::PostgresPlace;
use crate::store::columns::Columns;

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
    let query = "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables WHERE table_schema = current_schema()";
    let tables = view.rows(query, &[]).await?;
    let mut ours = false;
    for table in &tables {
        let name: String = Columns::get(table, "name")?;
        ours |= name == "schema_version";
    }
    if !ours {
        return Ok(if tables.is_empty() {
            Found::Nothing
        } else {
            Found::Others
        });
    }
    let version = view.row("SELECT version FROM schema_version", &[]).await?;
    let version: i64 = match &version {
        Some(version) => Columns::get(version, "version")?,
        None => 0,
    };
    Ok(match version {
        0 => Found::Nothing,
        _ => Found::Version(version, shops(view).await?),
    })
}
