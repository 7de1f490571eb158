//! A second hand in the file of a running proxy.

use rusqlite::Connection;

use crate::support::TestProxy;

impl TestProxy {
    /// A connection to the proxy's own file.
    pub(super) fn file(&self) -> Connection {
        Connection::open(self.database()).unwrap()
    }

    /// Takes from the store what it works on, so that whatever uses it fails from now on.
    pub(crate) fn break_store(&self) {
        let broken = "ALTER TABLE checkouts RENAME TO elsewhere";
        self.file().execute_batch(broken).unwrap();
    }

    /// Takes the idempotency keys from the store, so that whatever uses one fails from now on.
    pub(crate) fn break_keys(&self) {
        let broken = "DROP TABLE idempotency_keys";
        self.file().execute_batch(broken).unwrap();
    }

    /// Takes what was told by webhooks from the store, so that whatever notes more of it fails from now on.
    pub(crate) fn break_deliveries(&self) {
        let broken = "DROP TABLE deliveries";
        self.file().execute_batch(broken).unwrap();
    }
}

/// Notices whether the proxy has written anything since this was made.
pub(crate) struct Writes {
    file: Connection,
    before: i64,
}

impl Writes {
    pub(crate) fn from_now(shop: &TestProxy) -> Self {
        let file = shop.file();
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
