//! Everything that is in a file, table by table, while nobody else has it open.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::file::{self, unreachable};
use super::schema::VERSION;
use crate::store::cell::{Cell, Cells, Table};
use crate::store::copied::CopyError;
use crate::store::error::StoreError;

/// A file that is read from the beginning to the end, and that nobody else can open meanwhile.
pub(in crate::store) struct Dump(Connection);

impl Dump {
    /// Takes the file for itself.
    ///
    /// # Errors
    /// [`CopyError::InUse`], [`CopyError::Outdated`], or what keeps the file from being read.
    pub(in crate::store) fn open(path: &Path) -> Result<Self, CopyError> {
        let refused = |error: rusqlite::Error| CopyError::Store(StoreError::from(error));
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let whole = file::whole(path).map_err(|error| unreachable(path, &error))?;
        let connection = Connection::open_with_flags(whole, flags).map_err(refused)?;
        let version: i64 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(refused)?;
        if version != VERSION {
            return Err(CopyError::Outdated {
                found: version,
                expected: VERSION,
            });
        }
        // The log beside the file can only be given up by the last one who has it open.
        let mode = connection.pragma_update_and_check(None, "journal_mode", "DELETE", |row| {
            row.get::<_, String>(0)
        });
        if !mode.is_ok_and(|mode| mode.eq_ignore_ascii_case("delete")) {
            return Err(CopyError::InUse);
        }
        connection
            .execute_batch("BEGIN EXCLUSIVE")
            .map_err(|_| CopyError::InUse)?;
        Ok(Self(connection))
    }

    /// The tables, each behind those that its rows name rows of.
    pub(in crate::store) fn tables(&self) -> Result<Vec<Table>, StoreError> {
        let query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        let names = self.texts(query, "")?;
        let mut tables = Vec::new();
        let mut placed: Vec<String> = Vec::new();
        while placed.len() < names.len() {
            let before = placed.len();
            for name in &names {
                let needed =
                    self.texts("SELECT \"table\" FROM pragma_foreign_key_list(?1)", name)?;
                let is_next = !placed.contains(name)
                    && needed
                        .iter()
                        .all(|other| other == name || placed.contains(other));
                if is_next {
                    placed.push(name.clone());
                    tables.push(Table {
                        name: name.clone(),
                        columns: self
                            .texts("SELECT name FROM pragma_table_info(?1) ORDER BY cid", name)?,
                    });
                }
            }
            if placed.len() == before {
                return Err(StoreError::Unreadable(
                    "tables name each other in a circle".to_owned(),
                ));
            }
        }
        Ok(tables)
    }

    fn texts(&self, query: &str, about: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.0.prepare(query)?;
        let count = statement.parameter_count();
        let values = [about];
        let rows = statement.query_map(
            rusqlite::params_from_iter(values.iter().take(count)),
            |row| row.get(0),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Hands every row of a table on, those that were written first before the others. Ends early when `take` takes no more.
    pub(in crate::store) fn rows(
        &self,
        table: &Table,
        mut take: impl FnMut(Cells) -> bool,
    ) -> Result<(), StoreError> {
        let (name, columns) = (&table.name, table.columns.join(", "));
        let is_numbered = self.0.prepare(&format!("SELECT rowid FROM {name}")).is_ok();
        let order = if is_numbered { " ORDER BY rowid" } else { "" };
        let mut statement = self
            .0
            .prepare(&format!("SELECT {columns} FROM {name}{order}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let cells = (0..table.columns.len()).map(|place| {
                Ok(match row.get_ref(place)? {
                    ValueRef::Null => Cell::Nothing,
                    ValueRef::Integer(number) => Cell::Number(number),
                    ValueRef::Text(text) => {
                        Cell::Text(String::from_utf8(text.to_vec()).map_err(|error| {
                            StoreError::Unreadable(format!("table {name}: {error}"))
                        })?)
                    }
                    ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
                    ValueRef::Real(_) => {
                        return Err(StoreError::Unreadable(format!("table {name}: a fraction")));
                    }
                })
            });
            if !take(cells.collect::<Result<_, StoreError>>()?) {
                break;
            }
        }
        Ok(())
    }
}

impl Drop for Dump {
    fn drop(&mut self) {
        // The file was not changed; it is left as it was found.
        drop(self.0.execute_batch("ROLLBACK; PRAGMA journal_mode = WAL;"));
    }
}
