//! The seam's part about the history.

use async_trait::async_trait;

use crate::reading::history::{Recorded, Subject};
use crate::store::error::StoreError;
use crate::store::news::News;

/// What has happened: every operation of the seam that changes what somebody is shown writes at least one entry, in its own transaction. An entry
/// is never changed, and goes only with its checkout.
#[async_trait]
pub(crate) trait History: Send + Sync {
    /// Entries of these subjects with a number above `after`, in their order, at most so many.
    async fn history_of(
        &self,
        subjects: Vec<Subject>,
        after: i64,
        most: u32,
    ) -> Result<Vec<Recorded>, StoreError>;

    /// Entries of everything with a number above `after`, in their order, at most so many.
    async fn history(&self, after: i64, most: u32) -> Result<Vec<Recorded>, StoreError>;

    /// The numbers of the latest entries, at most so many.
    async fn latest_entries(&self, most: u32) -> Result<Vec<i64>, StoreError>;

    /// What is new: entries with a number above `after`, at most so many and the lowest, and those with one of the numbers in `late`,
    /// which were not there before. An entry may come after one with a higher number.
    async fn news(&self, after: i64, late: Vec<i64>, most: u32) -> Result<Vec<News>, StoreError>;
}
