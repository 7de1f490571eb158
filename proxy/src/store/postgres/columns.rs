//! A row of PostgreSQL, as the readers of rows look at it.

use tokio_postgres::Row;
use tokio_postgres::types::FromSqlOwned;

use crate::store::columns::{Columns, unreadable};
use crate::store::error::StoreError;

impl Columns for Row {
    fn text(&self, column: &str) -> Result<Option<String>, StoreError> {
        value(self, column)
    }

    fn number(&self, column: &str) -> Result<Option<i64>, StoreError> {
        value(self, column)
    }

    fn bytes(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        value(self, column)
    }

    fn flag(&self, column: &str) -> Result<Option<bool>, StoreError> {
        value(self, column)
    }
}

fn value<T: FromSqlOwned>(row: &Row, column: &str) -> Result<Option<T>, StoreError> {
    row.try_get(column)
        .map_err(|error| unreadable(column, error))
}
