//! A row of SQLite, as the readers of rows look at it.

use rusqlite::Row;

use crate::store::columns::Columns;
use crate::store::error::StoreError;

impl Columns for Row<'_> {
    fn text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(Row::get(self, column)?)
    }

    fn number(&self, column: &str) -> Result<Option<i64>, StoreError> {
        Ok(Row::get(self, column)?)
    }

    fn bytes(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(Row::get(self, column)?)
    }

    fn flag(&self, column: &str) -> Result<Option<bool>, StoreError> {
        Ok(Row::get(self, column)?)
    }
}
