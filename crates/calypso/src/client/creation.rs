//! What it takes to create an object once: the call, its rules, its key, and how to tell whether the object is the one asked for.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Client;
use super::call::Call;
use crate::Error;

/// A creation that is safe to repeat, because its key names one object for ever.
pub(super) trait Creation: Serialize + Sync {
    /// The call that sends it.
    const CALL: Call;

    /// What is created.
    type Made: DeserializeOwned + Send;

    /// Refuses what breaks a rule of the reference that is known beforehand.
    fn check(&self) -> Result<(), Error>;

    /// The idempotency key; without one the call cannot be repeated and an open outcome stays open.
    fn key(&self) -> Option<Uuid>;

    /// Looks the key up.
    fn find(client: &Client, key: Uuid) -> impl Future<Output = Result<Self::Made, Error>> + Send;

    /// The first field in which an object is not the one asked for.
    fn difference(&self, made: &Self::Made) -> Option<Difference>;
}

/// Where an object is not the one asked for.
pub(super) struct Difference {
    pub(super) field: &'static str,
    pub(super) asked: String,
    pub(super) found: String,
}

impl Difference {
    /// The difference between what was asked and what is there. A field that is not there does not differ.
    pub(super) fn of<T: PartialEq + ToString>(
        field: &'static str,
        asked: &T,
        found: Option<&T>,
    ) -> Option<Self> {
        let found = found.filter(|found| *found != asked)?;
        Some(Self {
            field,
            asked: asked.to_string(),
            found: found.to_string(),
        })
    }
}
