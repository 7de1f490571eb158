//! Decisions of merchants, told to whoever follows the checkout.

use std::sync::Arc;

use checkout::Timestamp;

use super::Store;
use crate::checkouts::decision::{Decision, DecisionName, DecisionState, Said};
use crate::reading::events::teller::Teller;
use crate::reading::history::Cause;
use crate::store::changes::Changed;
use crate::store::database::Decided;
use crate::store::error::StoreError;

impl Store {
    /// Writes a decision down, unless something stands against it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn decide(
        &self,
        name: DecisionName,
        cause: Cause,
        due_at: Timestamp,
        teller: Teller,
    ) -> Result<Decided, StoreError> {
        let (database, is_new) = (Arc::clone(&self.database), |decided: &Decided| {
            matches!(decided, Decided::Begun(_))
        });
        self.write(Changed::Checkout(name.checkout), is_new, async move {
            database.decide(name, cause, due_at, teller).await
        })
        .await
    }

    /// Says what has become of an open decision.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn settle_decision(
        &self,
        name: DecisionName,
        said: Said,
        cause: Cause,
    ) -> Result<Option<Decision>, StoreError> {
        let (database, is_settled) = (Arc::clone(&self.database), |now: &Option<Decision>| {
            now.as_ref()
                .is_some_and(|now| now.state != DecisionState::Open)
        });
        self.write(Changed::Checkout(name.checkout), is_settled, async move {
            database.settle_decision(name, said, cause).await
        })
        .await
    }
}
