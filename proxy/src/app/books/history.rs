//! What has happened to a checkout, for its merchant.

use checkout::wire::{ChangeView, HistoryView};

use crate::app::state::App;
use crate::checkouts::key;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::history::{Entry, Recorded, Subject};
use crate::store::StoreError;

/// How many changes one answer lists.
const MOST: u32 = 100;

impl App {
    /// What has happened to a checkout, and to the addresses of its customer, after the entry with the number `after`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn history(
        &self,
        snapshot: &Snapshot,
        after: i64,
    ) -> Result<HistoryView, StoreError> {
        let checkout = &snapshot.checkout;
        let customer = checkout.purpose.customer().map(key::customer);
        let subjects = [Subject::Checkout(checkout.id)].into_iter();
        let subjects = subjects.chain(customer.map(Subject::Customer)).collect();
        // One more than is listed shows whether there are more.
        let mut found = self.store.history_of(subjects, after, MOST + 1).await?;
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        let has_more = found.len() > most;
        found.truncate(most);
        let last = found.last().filter(|_| has_more);
        Ok(HistoryView {
            cursor: last.map(|recorded| recorded.seq.to_string()),
            history: found.into_iter().map(view).collect(),
        })
    }
}

fn view(recorded: Recorded) -> ChangeView {
    let Entry {
        cause,
        kind,
        invoice,
        deposit,
        was,
        became,
        subject: _,
    } = recorded.entry;
    ChangeView {
        at: cause.at,
        source: cause.source.to_string(),
        kind,
        invoice: invoice.map(|key| key.to_string()),
        deposit,
        was,
        became,
    }
}
