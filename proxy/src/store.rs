//! What the proxy remembers, whatever database keeps it.

mod backed_up;
mod backup;
mod books;
mod cell;
mod changes;
mod columns;
mod copied;
mod copy;
mod cursor;
mod database;
mod error;
mod following;
mod handle;
mod inspect;
mod kept;
mod leases;
mod merchant_rows;
mod meter;
mod migrate;
mod migrated;
mod news;
mod outcome;
mod postgres;
mod posting;
mod readings;
mod row;
mod sqlite;
#[cfg(test)]
mod suite;

pub use backed_up::{BackedUp, BackupError};
pub use backup::backup;
pub use books::Books;
pub(crate) use changes::Changed;
pub use copied::{Copied, CopyError};
pub use copy::copy;
pub(crate) use database::{Decided, LOOK_SECONDS, Refunded, Stepped};
pub use error::StoreError;
pub(crate) use error::TakeInError;
pub(crate) use handle::Store;
pub(crate) use inspect::inspect;
pub(crate) use leases::{Claim, Lease};
pub use migrate::migrate;
pub use migrated::Migrated;
pub(crate) use outcome::{Finished, KeptPurse};
pub(crate) use readings::{Begun, Readings, Wish};
