//! The tables, and the steps from one version of them to the next.

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::Transaction;
use crate::store::columns::Columns;
use crate::store::error::StoreError;
use crate::store::migrated::Migrated;
use crate::store::row;

/// The version with which PostgreSQL came; there is none before it. A version has the number that SQLite's has with the same columns.
const FIRST: i64 = 8;
/// One step per version from [`FIRST`] on, in order; a step that has shipped is never edited. A step ends each statement with `;` at a
/// line's end or before a comment, and holds no other.
const STEPS: [&str; 11] = [
    include_str!("schema_8.sql"),
    include_str!("schema_9.sql"),
    include_str!("schema_10.sql"),
    include_str!("schema_11.sql"),
    include_str!("schema_12.sql"),
    include_str!("schema_13.sql"),
    include_str!("schema_14.sql"),
    include_str!("schema_15.sql"),
    include_str!("schema_16.sql"),
    include_str!("schema_17.sql"),
    include_str!("schema_18.sql"),
];

/// The version this program writes.
pub(super) const VERSION: i64 = FIRST + STEPS.len() as i64 - 1;

/// Brings the database up to [`VERSION`], in one transaction. Of several proxies that start at once one does it and the others wait: each locks
/// the one row that says which version there is.
///
/// Tables that are up to date are only looked at: the role of a proxy need not be allowed to make any.
pub(super) async fn migrate(database: &Postgres) -> Result<Migrated, StoreError> {
    let found = database.read((), |view, ()| Box::pin(version(view)));
    match found.await? {
        Some(VERSION) => {
            return Ok(Migrated {
                from: VERSION,
                to: VERSION,
            });
        }
        Some(found) if found > VERSION => return Err(newer(found)),
        _ => {}
    }
    // Two that make the same table at once may meet in the catalogue, which the database reports as a key that is taken; the second turn
    // finds the table.
    database
        .make(|transaction, ()| Box::pin(make_room(transaction)))
        .await?;
    database
        .make(|transaction, ()| Box::pin(step(transaction)))
        .await
}

/// Which version there is; none where there are no tables of ours.
pub(super) async fn version(view: &Transaction) -> Result<Option<i64>, Failure> {
    let query = "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'schema_version'";
    if !view.has(query, &[]).await? {
        return Ok(None);
    }
    let found = view.row("SELECT version FROM schema_version", &[]).await?;
    let found = found.as_ref().map(|found| Columns::get(found, "version"));
    Ok(found.transpose()?)
}

fn newer(found: i64) -> StoreError {
    StoreError::Newer {
        found,
        known: VERSION,
    }
}

async fn make_room(transaction: &Transaction) -> Result<(), Failure> {
    transaction
        .make("CREATE TABLE IF NOT EXISTS schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version BIGINT NOT NULL)")
        .await?;
    transaction
        .make(
            "INSERT INTO schema_version (one, version) VALUES (1, 0) ON CONFLICT (one) DO NOTHING",
        )
        .await
}

async fn step(transaction: &Transaction) -> Result<Migrated, Failure> {
    let found = transaction
        .row(
            "SELECT version FROM schema_version WHERE one = 1 FOR UPDATE",
            &[],
        )
        .await?;
    let found = found
        .ok_or_else(|| StoreError::Unreadable("the version of the schema is gone".to_owned()))?;
    let from: i64 = Columns::get(&found, "version")?;
    if from > VERSION {
        return Err(Failure::Final(newer(from)));
    }
    if from < VERSION {
        for (version, step) in (FIRST..).zip(STEPS) {
            if version > from {
                for statement in statements(step) {
                    transaction.make(&statement).await?;
                }
            }
        }
        repeat_rules(transaction).await?;
        let change = "UPDATE schema_version SET version = $1 WHERE one = 1";
        transaction.run(change, &[&VERSION]).await?;
    }
    Ok(Migrated { from, to: VERSION })
}

/// The statements of a step, one by one, without comments.
fn statements(step: &str) -> Vec<String> {
    let lines = step
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join("\n");
    let statements = text.split(';').map(str::trim);
    statements
        .filter(|one| !one.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

/// Works out anew what each row only repeats of the rules in [`Invoice`](crate::checkouts::invoice::Invoice). A row that cannot be read keeps what it has.
async fn repeat_rules(transaction: &Transaction) -> Result<(), Failure> {
    let rows = transaction.rows("SELECT * FROM invoices", &[]).await?;
    for invoice in rows.iter().filter_map(|found| row::invoice(found).ok()) {
        transaction
            .run(
                "UPDATE invoices SET watched_until = $2, saw_money = $3 WHERE idempotency_key = $1",
                &[
                    &invoice.key.to_string(),
                    &invoice.watched_until().millis(),
                    &invoice.saw_money(),
                ],
            )
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{STEPS, VERSION, statements};

    #[test]
    fn each_version_has_the_number_that_sqlite_has() {
        assert_eq!(VERSION, crate::store::sqlite::VERSION);
    }

    #[test]
    fn a_step_is_one_statement_after_the_other() {
        for statement in STEPS.iter().flat_map(|step| statements(step)) {
            let first = statement.split(' ').next().unwrap_or_default();
            assert!(
                ["CREATE", "ALTER", "UPDATE", "DROP", "INSERT", "DELETE"].contains(&first),
                "{statement}"
            );
        }
    }
}
