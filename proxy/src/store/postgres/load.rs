//! Filling an empty database in one transaction, and reading it back before the commit.

use std::collections::HashMap;

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::failure::Failure;
use super::handle::Postgres;
use super::transaction::Transaction;
use super::unsaid::held;
use crate::store::cell::{Cell, Cells, Mark, Table, mark};
use crate::store::columns::Columns;
use crate::store::copied::{Copied, CopyError};
use crate::store::error::StoreError;

/// How many rows one statement writes, and how many are read back at once.
const AT_ONCE: usize = 200;

/// The kind of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Flag,
    Text,
    Bytes,
}

/// A column of the target.
#[derive(Debug, Clone)]
struct Column {
    kind: Kind,
    /// Whether the database numbers the rows with it.
    is_identity: bool,
}

/// What was written of one table.
struct Written {
    table: Table,
    kinds: Vec<Kind>,
    marks: Vec<Mark>,
}

/// A copy that is under way. Dropped without its end, nothing of it stays.
pub(in crate::store) struct Load {
    transaction: Transaction,
    columns: HashMap<String, HashMap<String, Column>>,
    done: Vec<Written>,
    waiting: Vec<Cells>,
}

impl From<Failure> for CopyError {
    fn from(failure: Failure) -> Self {
        Self::Store(failure.into())
    }
}

impl Load {
    /// Begins, if the target is empty.
    pub(in crate::store) async fn begin(database: &Postgres) -> Result<Self, CopyError> {
        let transaction = database.begin_alone().await?;
        let columns = columns(&transaction).await?;
        for table in columns.keys() {
            let query = format!("SELECT 1 FROM {table} LIMIT 1");
            if transaction.has(&query, &[]).await? {
                return Err(CopyError::NotEmpty(table.clone()));
            }
        }
        Ok(Self {
            transaction,
            columns,
            done: Vec::new(),
            waiting: Vec::new(),
        })
    }

    /// Begins a table: the rows that follow are its rows.
    pub(in crate::store) async fn table(&mut self, table: Table) -> Result<(), CopyError> {
        self.write().await?;
        let unlike = |what: String| CopyError::Unlike(what);
        let known = self
            .columns
            .get(&table.name)
            .ok_or_else(|| unlike(format!("it has no table {}", table.name)))?;
        let mut kinds = Vec::new();
        for column in &table.columns {
            let found = known.get(column).ok_or_else(|| {
                unlike(format!("its table {} has no column {column}", table.name))
            })?;
            kinds.push(found.kind);
        }
        let more = known
            .iter()
            .find(|(name, column)| !table.columns.contains(name) && !column.is_identity);
        if let Some((name, _)) = more {
            return Err(unlike(format!(
                "its table {} has a column {name} more",
                table.name
            )));
        }
        self.done.push(Written {
            table,
            kinds,
            marks: Vec::new(),
        });
        Ok(())
    }

    /// Adds a row.
    pub(in crate::store) async fn row(&mut self, cells: Cells) -> Result<(), CopyError> {
        let cells: Cells = cells.into_iter().map(fit).collect();
        if let Some(written) = self.done.last_mut() {
            written.marks.push(mark(&cells));
        }
        self.waiting.push(cells);
        if self.waiting.len() >= AT_ONCE {
            self.write().await?;
        }
        Ok(())
    }

    async fn write(&mut self) -> Result<(), CopyError> {
        let rows = std::mem::take(&mut self.waiting);
        let (Some(written), false) = (self.done.last(), rows.is_empty()) else {
            return Ok(());
        };
        let width = written.kinds.len();
        let places = (0..rows.len()).map(|row| {
            let of_row = (1..=width).map(|place| format!("${}", row * width + place));
            format!("({})", of_row.collect::<Vec<_>>().join(", "))
        });
        let statement = format!(
            "INSERT INTO {} ({}) VALUES {}",
            written.table.name,
            written.table.columns.join(", "),
            places.collect::<Vec<_>>().join(", ")
        );
        let mut values = Vec::with_capacity(rows.len() * width);
        for row in rows {
            for (cell, kind) in row.into_iter().zip(&written.kinds) {
                let what = || {
                    CopyError::Unlike(format!(
                        "its table {} has a column of another kind",
                        written.table.name
                    ))
                };
                values.push(value(cell, *kind).ok_or_else(what)?);
            }
        }
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value as _).collect();
        self.transaction.run(&statement, &values).await?;
        Ok(())
    }

    /// Reads everything back and commits.
    pub(in crate::store) async fn finish(mut self) -> Result<Vec<Copied>, CopyError> {
        self.write().await?;
        if let Some(table) = self
            .columns
            .keys()
            .find(|name| !self.done.iter().any(|one| one.table.name == **name))
        {
            return Err(CopyError::Unlike(format!("it has a table {table} more")));
        }
        let mut copied = Vec::new();
        for written in std::mem::take(&mut self.done) {
            self.number_on(&written.table).await?;
            let mut found = self.read_back(&written).await?;
            let mut marks = written.marks;
            marks.sort_unstable();
            found.sort_unstable();
            if marks != found {
                return Err(CopyError::Different(written.table.name));
            }
            copied.push(Copied {
                rows: found.len(),
                table: written.table.name,
            });
        }
        self.transaction.commit().await?;
        Ok(copied)
    }

    /// Lets the database go on counting behind the rows that were copied with their numbers.
    async fn number_on(&self, table: &Table) -> Result<(), CopyError> {
        for column in &table.columns {
            let is_identity = self.columns[&table.name]
                .get(column)
                .is_some_and(|column| column.is_identity);
            if is_identity {
                let query = format!(
                    "SELECT coalesce(max({column}), 0) + 1 AS next FROM {}",
                    table.name
                );
                if let Some(found) = self.transaction.row(&query, &[]).await? {
                    let next: i64 = Columns::get(&found, "next")?;
                    let change = format!(
                        "ALTER TABLE {} ALTER COLUMN {column} RESTART WITH {next}",
                        table.name
                    );
                    self.transaction.make(&change).await?;
                }
            }
        }
        Ok(())
    }

    async fn read_back(&self, written: &Written) -> Result<Vec<Mark>, CopyError> {
        let columns = written.table.columns.join(", ");
        let declare = format!(
            "DECLARE back NO SCROLL CURSOR FOR SELECT {columns} FROM {}",
            written.table.name
        );
        self.transaction.make(&declare).await?;
        let fetch = format!("FETCH {AT_ONCE} FROM back");
        let mut marks = Vec::new();
        loop {
            let rows = self.transaction.rows_once(&fetch).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                marks.push(mark(&cells(row, written)?));
            }
        }
        self.transaction.make("CLOSE back").await?;
        Ok(marks)
    }
}

/// Every column of every table but the one that says which version there is. Views are an extension's.
async fn columns(
    transaction: &Transaction,
) -> Result<HashMap<String, HashMap<String, Column>>, CopyError> {
    let query = "SELECT CAST(table_name AS TEXT) AS of_table, CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS kind,
                        CAST(is_identity AS TEXT) = 'YES' AS numbers
                 FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> 'schema_version'";
    let mut all: HashMap<String, HashMap<String, Column>> = HashMap::new();
    for found in &transaction.rows(query, &[]).await? {
        let (table, name, kind): (String, String, String) = (
            Columns::get(found, "of_table")?,
            Columns::get(found, "name")?,
            Columns::get(found, "kind")?,
        );
        let kind = match kind.as_str() {
            "bigint" => Kind::Number,
            "boolean" => Kind::Flag,
            "text" => Kind::Text,
            "bytea" => Kind::Bytes,
            other => {
                return Err(CopyError::Unlike(format!(
                    "its table {table} has a column of the kind {other}"
                )));
            }
        };
        let is_identity = Columns::get(found, "numbers")?;
        all.entry(table)
            .or_default()
            .insert(name, Column { kind, is_identity });
    }
    Ok(all)
}

/// A value as it is read again here.
fn fit(cell: Cell) -> Cell {
    match cell {
        Cell::Text(text) => Cell::Text(held(text)),
        other => other,
    }
}

/// A value as a column of this kind takes it; none when it does not fit.
fn value(cell: Cell, kind: Kind) -> Option<Box<dyn ToSql + Sync + Send>> {
    Some(match (cell, kind) {
        (Cell::Nothing, Kind::Number) => Box::new(None::<i64>),
        (Cell::Nothing, Kind::Flag) => Box::new(None::<bool>),
        (Cell::Nothing, Kind::Text) => Box::new(None::<String>),
        (Cell::Nothing, Kind::Bytes) => Box::new(None::<Vec<u8>>),
        (Cell::Number(number), Kind::Number) => Box::new(number),
        (Cell::Number(number @ (0 | 1)), Kind::Flag) => Box::new(number == 1),
        (Cell::Text(text), Kind::Text) => Box::new(text),
        (Cell::Bytes(bytes), Kind::Bytes) => Box::new(bytes),
        _ => return None,
    })
}

/// A row as it was written, so that it has the same mark.
fn cells(row: &Row, written: &Written) -> Result<Cells, StoreError> {
    let columns = written.table.columns.iter().zip(&written.kinds);
    columns
        .map(|(column, kind)| {
            let cell = match kind {
                Kind::Number => row.number(column)?.map(Cell::Number),
                Kind::Flag => row.flag(column)?.map(|flag| Cell::Number(i64::from(flag))),
                Kind::Text => row.text(column)?.map(Cell::Text),
                Kind::Bytes => row.bytes(column)?.map(Cell::Bytes),
            };
            Ok(cell.unwrap_or(Cell::Nothing))
        })
        .collect()
}
