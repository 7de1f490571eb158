//! Rows of `history`: what has happened, in its order. None is ever changed.

use async_trait::async_trait;
use futures_util::future::join_all;

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::{Transaction, Values};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::lock::lock;
use crate::reading::history::{Entry, Recorded, Subject};
use crate::store::columns::Columns;
use crate::store::database::History;
use crate::store::error::StoreError;
use crate::store::news::News;
use crate::store::row;

#[async_trait]
impl History for Postgres {
    async fn history_of(
        &self,
        subjects: Vec<Subject>,
        after: i64,
        most: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        self.read((subjects, after, most), |view, (subjects, after, most)| {
            Box::pin(async move {
                let mut all = Vec::new();
                for subject in subjects {
                    let (column, name) = match subject {
                        Subject::Checkout(id) => ("checkout_id", id.to_string()),
                        Subject::Customer(key) => ("customer", key.to_string()),
                    };
                    let query = format!(
                        "SELECT * FROM history WHERE {column} = $1 AND seq > $2 ORDER BY seq LIMIT $3"
                    );
                    all.extend(listed(view, &query, &[&name, after, &i64::from(*most)]).await?);
                }
                all.sort_by_key(|recorded| recorded.seq);
                all.truncate(usize::try_from(*most).unwrap_or(usize::MAX));
                Ok(all)
            })
        })
        .await
    }

    async fn history(&self, after: i64, most: u32) -> Result<Vec<Recorded>, StoreError> {
        self.read((after, i64::from(most)), |view, (after, most)| {
            Box::pin(async move {
                let query = "SELECT * FROM history WHERE seq > $1 ORDER BY seq LIMIT $2";
                listed(view, query, &[after, most]).await
            })
        })
        .await
    }

    async fn latest_entries(&self, most: u32) -> Result<Vec<i64>, StoreError> {
        self.read(i64::from(most), |view, most| {
            Box::pin(async move {
                let query = "SELECT seq FROM history ORDER BY seq DESC LIMIT $1";
                let rows = view.rows(query, &[most]).await?;
                let numbers = rows.iter().map(|found| Columns::get(found, "seq"));
                Ok(numbers.collect::<Result<_, StoreError>>()?)
            })
        })
        .await
    }

    async fn news(&self, after: i64, late: Vec<i64>, most: u32) -> Result<Vec<News>, StoreError> {
        let of_others = self.read((after, late, i64::from(most)), |view, (after, late, most)| {
            Box::pin(async move {
                let new = "SELECT seq, checkout_id, customer FROM history WHERE seq > $1 ORDER BY seq LIMIT $2";
                let mut rows = view.rows(new, &[after, most]).await?;
                if !late.is_empty() {
                    let come = "SELECT seq, checkout_id, customer FROM history WHERE seq = ANY($1)";
                    rows.extend(view.rows(come, &[late]).await?);
                }
                let news = rows.iter().map(|found| {
                    Ok(News {
                        seq: Columns::get(found, "seq")?,
                        changed: Some(row::subject(found)?.into()),
                    })
                });
                Ok(news.collect::<Result<Vec<_>, StoreError>>()?)
            })
        });
        let mut news = of_others.await?;
        let mut own = lock(self.own());
        for one in &mut news {
            if own.remove(&one.seq) {
                one.changed = None;
            }
        }
        Ok(news)
    }
}

async fn listed(
    view: &Transaction,
    query: &str,
    values: Values<'_>,
) -> Result<Vec<Recorded>, Failure> {
    let rows = view.rows(query, values).await?;
    Ok(rows.iter().map(row::recorded).collect::<Result<_, _>>()?)
}

/// Writes entries down, in their order.
pub(super) async fn put(
    transaction: &Transaction,
    shop: &ShopId,
    entries: &[Entry],
) -> Result<(), Failure> {
    let all = entries.iter().map(|entry| insert(transaction, shop, entry));
    join_all(all).await.into_iter().collect()
}

async fn insert(transaction: &Transaction, shop: &ShopId, entry: &Entry) -> Result<(), Failure> {
    let (checkout, customer) = match entry.subject {
        Subject::Checkout(id) => (Some(id.to_string()), None),
        Subject::Customer(key) => (None, Some(key.to_string())),
    };
    let written = transaction
        .row(
            "INSERT INTO history (store, checkout_id, customer, at, source, kind, invoice, deposit, was, became)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq",
            &[
                &shop.as_str(),
                &checkout,
                &customer,
                &entry.cause.at.millis(),
                &entry.cause.source.as_str(),
                &entry.kind.as_str(),
                &entry.invoice.map(|key| key.to_string()),
                &entry.deposit,
                &entry.was,
                &entry.became,
            ],
        )
        .await?;
    if let Some(written) = written {
        transaction.has_told(Columns::get(&written, "seq")?);
    }
    Ok(())
}

/// Writes an entry down of which only the checkout is known.
pub(super) async fn put_of(
    transaction: &Transaction,
    checkout: CheckoutId,
    entry: Entry,
) -> Result<(), Failure> {
    let query = "SELECT store FROM checkouts WHERE id = $1";
    let found = transaction.row(query, &[&checkout.to_string()]).await?;
    let gone = || StoreError::Refused(format!("the checkout {} is gone", checkout.short()));
    let shop = row::shop(&found.ok_or_else(gone)?)?;
    put(transaction, &shop, &[entry]).await
}
