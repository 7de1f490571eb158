//! The settings of a cluster.

/// What a cluster promises of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// An acknowledged commit is on disk, as with PostgreSQL's own defaults. For tests in which something dies.
    Durable,
    /// Nothing is forced to disk. For tests that ask what is stored, and never what outlives a power cut.
    Quick,
}

/// What every cluster has, whatever it promises.
const EVERY: [&str; 11] = [
    "listen_addresses=127.0.0.1",
    // Sockets in the file system would need a directory that both users may use.
    "unix_socket_directories=",
    // Test runs open a pool for each of many databases.
    "max_connections=400",
    "shared_buffers=64MB",
    "max_wal_size=256MB",
    "wal_level=replica",
    "max_wal_senders=8",
    "wal_keep_size=64MB",
    "hot_standby=on",
    "log_line_prefix=%m [%p] ",
    "timezone=UTC",
];

const QUICK: [&str; 4] = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
];

impl Durability {
    /// The settings as `postgres -c` takes them.
    pub(crate) fn settings(self) -> impl Iterator<Item = &'static str> {
        let more: &[&str] = match self {
            Durability::Durable => &[],
            Durability::Quick => &QUICK,
        };
        EVERY.into_iter().chain(more.iter().copied())
    }
}
