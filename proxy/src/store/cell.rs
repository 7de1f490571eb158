//! One value of one row on its way from one database to another.

use sha2::{Digest, Sha256};

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Nothing,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row, in the order of its table's columns.
pub(super) type Cells = Vec<Cell>;

/// A table that is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

/// What two rows have in common only when they are equal.
pub(super) type Mark = [u8; 32];

/// The mark of a row. Each value is preceded by its kind and its length, so that no two rows run together to the same bytes.
pub(super) fn mark(cells: &[Cell]) -> Mark {
    let mut hash = Sha256::new();
    for cell in cells {
        let (kind, bytes) = match cell {
            Cell::Nothing => (0_u8, Vec::new()),
            Cell::Number(number) => (1, number.to_be_bytes().to_vec()),
            Cell::Text(text) => (2, text.as_bytes().to_vec()),
            Cell::Bytes(bytes) => (3, bytes.clone()),
        };
        hash.update([kind]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::{Cell, mark};

    #[test]
    fn rows_that_differ_have_different_marks() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let rows = [
            vec![],
            vec![Cell::Nothing],
            vec![text("")],
            vec![text(""), text("")],
            vec![text("ab"), text("c")],
            vec![text("a"), text("bc")],
            vec![Cell::Bytes(b"ab".to_vec()), text("c")],
            vec![Cell::Number(0)],
            vec![Cell::Number(1)],
            vec![text("1")],
        ];
        let marks: std::collections::HashSet<_> = rows.iter().map(|row| mark(row)).collect();
        assert_eq!(marks.len(), rows.len());
    }
}
