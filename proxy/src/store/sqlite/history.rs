//! Rows of `history`: what has happened, in its order. None is ever changed.

use async_trait::async_trait;
use rusqlite::{Connection, ToSql, named_params};

use super::handle::Sqlite;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::reading::history::{Entry, Recorded, Subject};
use crate::store::database::History;
use crate::store::error::StoreError;
use crate::store::news::News;
use crate::store::row;

#[async_trait]
impl History for Sqlite {
    async fn history_of(
        &self,
        subjects: Vec<Subject>,
        after: i64,
        most: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        self.read(move |connection| {
            let mut all = Vec::new();
            for subject in subjects {
                let (column, name) = match subject {
                    Subject::Checkout(id) => ("checkout_id", id.to_string()),
                    Subject::Customer(key) => ("customer", key.to_string()),
                };
                let query = format!(
                    "SELECT * FROM history WHERE {column} = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
                );
                all.extend(listed(connection, &query, &[&name, &after, &most])?);
            }
            all.sort_by_key(|recorded| recorded.seq);
            all.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            Ok(all)
        })
        .await
    }

    async fn history(&self, after: i64, most: u32) -> Result<Vec<Recorded>, StoreError> {
        self.read(move |connection| {
            let query = "SELECT * FROM history WHERE seq > ?1 ORDER BY seq LIMIT ?2";
            listed(connection, query, &[&after, &most])
        })
        .await
    }

    async fn latest_entries(&self, most: u32) -> Result<Vec<i64>, StoreError> {
        self.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT seq FROM history ORDER BY seq DESC LIMIT ?1")?;
            let numbers = statement.query_map([most], |row| row.get(0))?;
            Ok(numbers.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// One process writes the file, in the order of the commits: nothing is late.
    async fn news(&self, after: i64, late: Vec<i64>, most: u32) -> Result<Vec<News>, StoreError> {
        drop(late);
        let recorded = self.history(after, most).await?;
        let news = recorded.into_iter().map(|one| News {
            seq: one.seq,
            changed: Some(one.entry.subject.into()),
        });
        Ok(news.collect())
    }
}

fn listed(
    connection: &Connection,
    query: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<Recorded>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(next) = rows.next()? {
        found.push(row::recorded(next)?);
    }
    Ok(found)
}

/// Writes entries down, in their order.
pub(super) fn put(
    connection: &Connection,
    shop: &ShopId,
    entries: &[Entry],
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO history (store, checkout_id, customer, at, source, kind, invoice, deposit, was, became)
         VALUES (:store, :checkout, :customer, :at, :source, :kind, :invoice, :deposit, :was, :became)",
    )?;
    for entry in entries {
        let (checkout, customer) = match entry.subject {
            Subject::Checkout(id) => (Some(id.to_string()), None),
            Subject::Customer(key) => (None, Some(key.to_string())),
        };
        statement.execute(named_params! {
            ":store": shop.as_str(),
            ":checkout": checkout,
            ":customer": customer,
            ":at": entry.cause.at.millis(),
            ":source": entry.cause.source.as_str(),
            ":kind": entry.kind.as_str(),
            ":invoice": entry.invoice.map(|key| key.to_string()),
            ":deposit": entry.deposit,
            ":was": entry.was,
            ":became": entry.became,
        })?;
    }
    Ok(())
}

/// Writes an entry down of which only the checkout is known.
pub(super) fn put_of(
    connection: &Connection,
    checkout: CheckoutId,
    entry: Entry,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("SELECT store FROM checkouts WHERE id = ?1")?;
    let mut rows = statement.query([checkout.to_string()])?;
    let gone = || StoreError::Refused(format!("the checkout {} is gone", checkout.short()));
    let shop = row::shop(rows.next()?.ok_or_else(gone)?)?;
    put(connection, &shop, &[entry])
}
