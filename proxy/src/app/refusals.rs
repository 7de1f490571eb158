//! Failures of the floors below, as what the proxy says to whoever asked.

use checkout::RefusalCode;

use crate::refusal::Refusal;
use crate::store::StoreError;

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let said = match &error {
            StoreError::Unsure(_) => {
                "the proxy lost its database while it was writing; ask again, nothing is done twice"
            }
            _ => "the proxy cannot reach its database; nothing was changed, try again",
        };
        Self::new(RefusalCode::StoreUnavailable, said).because(error)
    }
}
