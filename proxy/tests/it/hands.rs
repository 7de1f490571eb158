//! A second hand in the database of a running proxy.

use crate::support::{Home, TestProxy};
use crate::{postgres, sqlite};

impl TestProxy {
    /// Takes from the store what it works on, so that whatever uses it fails from now on.
    pub(crate) fn break_store(&self) {
        self.meddle("ALTER TABLE checkouts RENAME TO elsewhere");
    }

    /// Takes the idempotency keys from the store, so that whatever uses one fails from now on.
    pub(crate) fn break_keys(&self) {
        self.meddle("DROP TABLE idempotency_keys");
    }

    /// Takes the merchants' events from the store, so that whatever reads or writes one fails from now on.
    pub(crate) fn break_events(&self) {
        self.meddle("DROP TABLE events");
    }

    /// Takes what was told by webhooks from the store, so that whatever notes more of it fails from now on.
    pub(crate) fn break_deliveries(&self) {
        self.meddle("DROP TABLE deliveries");
    }

    /// Takes what was told by webhooks away for a while, as a database does that is gone.
    pub(crate) fn hide_deliveries(&self, are_hidden: bool) {
        let names = if are_hidden {
            ["deliveries", "elsewhere"]
        } else {
            ["elsewhere", "deliveries"]
        };
        self.meddle(&format!("ALTER TABLE {} RENAME TO {}", names[0], names[1]));
    }

    /// Signs the deliveries of one subscription with the keys of another, as a gateway does that has one pair of keys for an account.
    pub(crate) fn give_keys_of(&self, one: &str, other: &str) {
        for statement in sqlite::giving_keys(one, other) {
            self.meddle(&statement);
        }
    }

    fn meddle(&self, statement: &str) {
        match &self.home {
            Home::File(_) => sqlite::meddle(&self.database(), statement),
            Home::Postgres(database) => postgres::meddle(database.url(), statement),
        }
    }
}

/// Notices whether the proxy has written anything since this was made.
pub(crate) enum Writes {
    File(sqlite::Writes),
    Postgres(postgres::Writes),
}

impl Writes {
    pub(crate) fn from_now(shop: &TestProxy) -> Self {
        match &shop.home {
            Home::File(_) => Self::File(sqlite::Writes::from_now(&shop.database())),
            Home::Postgres(database) => Self::Postgres(postgres::Writes::from_now(database.url())),
        }
    }

    pub(crate) fn are_there(&self) -> bool {
        match self {
            Self::File(writes) => writes.are_there(),
            Self::Postgres(writes) => writes.are_there(),
        }
    }
}
