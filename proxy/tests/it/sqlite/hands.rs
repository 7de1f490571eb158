//! A second hand in the file of a running proxy.

use std::path::Path;

use rusqlite::Connection;

use crate::support::TestProxy;

impl TestProxy {
    /// A connection to the proxy's own file.
    pub(super) fn file(&self) -> Connection {
        Connection::open(self.database()).unwrap()
    }
}

/// Runs a statement beside the proxy.
pub(crate) fn meddle(file: &Path, statement: &str) {
    let file = Connection::open(file).unwrap();
    file.execute_batch(statement).unwrap();
}

/// Notices whether the proxy has written anything since this was made.
pub(crate) struct Writes {
    file: Connection,
    before: i64,
}

impl Writes {
    pub(crate) fn from_now(file: &Path) -> Self {
        let file = Connection::open(file).unwrap();
        let before = version(&file);
        Self { file, before }
    }

    pub(crate) fn are_there(&self) -> bool {
        version(&self.file) != self.before
    }
}

/// Changes whenever another connection has written to the file.
fn version(file: &Connection) -> i64 {
    let version = file.pragma_query_value(None, "data_version", |row| row.get(0));
    version.unwrap()
}

/// Statements, of any database, that give one subscription's keys to another.
pub(crate) fn giving_keys(one: &str, other: &str) -> [String; 2] {
    ["public_key", "secret"].map(|column| {
        format!(
            "UPDATE subscriptions SET {column} = (SELECT {column} FROM subscriptions WHERE id = '{one}') WHERE id = '{other}'"
        )
    })
}
