//! What became of a database's schema.

/// The version of a schema before and after it was brought up to date; 0 stands for a database without tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// The version found.
    pub from: i64,
    /// The version there is now.
    pub to: i64,
}
