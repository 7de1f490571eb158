//! What the proxy remembers.

mod sqlite;

pub use sqlite::StoreError;
pub(crate) use sqlite::{
    Answered, Fingerprint, Finished, Kept, LOOK_SECONDS, Store, Taken, VERSION,
};
