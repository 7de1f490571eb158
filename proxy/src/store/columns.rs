//! A row of a result, whatever database it came from, so that rows are read in one place.

use super::error::StoreError;

/// The columns of one row, by name. Each database implements the four ways to look at one.
pub(super) trait Columns {
    /// A text, if there is one.
    fn text(&self, column: &str) -> Result<Option<String>, StoreError>;
    /// A whole number, if there is one.
    fn number(&self, column: &str) -> Result<Option<i64>, StoreError>;
    /// Bytes, if there are any.
    fn bytes(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// Yes or no, if either is said.
    fn flag(&self, column: &str) -> Result<Option<bool>, StoreError>;

    /// The value of a column.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when it has none or one of another kind.
    fn get<T: Value>(&self, column: &str) -> Result<T, StoreError>
    where
        Self: Sized,
    {
        T::of(self, column)
    }
}

/// What can stand in a column.
pub(super) trait Value: Sized {
    /// Takes it from a row.
    fn of(row: &impl Columns, column: &str) -> Result<Self, StoreError>;
}

/// The error about a column that holds what this program never writes.
pub(super) fn unreadable(column: &str, why: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(format!("column {column}: {why}"))
}

fn there<T>(value: Option<T>, column: &str) -> Result<T, StoreError> {
    value.ok_or_else(|| unreadable(column, "nothing is there"))
}

impl Value for String {
    fn of(row: &impl Columns, column: &str) -> Result<Self, StoreError> {
        there(row.text(column)?, column)
    }
}

impl Value for i64 {
    fn of(row: &impl Columns, column: &str) -> Result<Self, StoreError> {
        there(row.number(column)?, column)
    }
}

impl Value for u32 {
    fn of(row: &impl Columns, column: &str) -> Result<Self, StoreError> {
        let number = i64::of(row, column)?;
        Self::try_from(number).map_err(|error| unreadable(column, error))
    }
}

impl Value for bool {
    fn of(row: &impl Columns, column: &str) -> Result<Self, StoreError> {
        there(row.flag(column)?, column)
    }
}

impl Value for Vec<u8> {
    fn of(row: &impl Columns, column: &str) -> Result<Self, StoreError> {
        there(row.bytes(column)?, column)
    }
}

impl Value for Option<String> {
    fn of(row: &impl Columns, column: &str) -> Result<Self, StoreError> {
        row.text(column)
    }
}

impl Value for Option<bool> {
    fn of(row: &impl Columns, column: &str) -> Result<Self, StoreError> {
        row.flag(column)
    }
}

impl Value for Option<i64> {
    fn of(row: &impl Columns, column: &str) -> Result<Self, StoreError> {
        row.number(column)
    }
}
