//! What the proxy remembers.

mod sqlite;

pub use sqlite::StoreError;
pub(crate) use sqlite::{Finished, LOOK_SECONDS, Store, Taken, VERSION};
