//! Failures of the floors below, as what the proxy says to whoever asked.

use checkout::RefusalCode;

use crate::refusal::Refusal;
use crate::store::StoreError;

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::new(
            RefusalCode::StoreUnavailable,
            "the proxy cannot reach its database; nothing was changed, try again",
        )
        .because(error)
    }
}
