//! Changes that were found by reading although webhooks tell: after a while it is looked whether one has told them since.

use std::sync::Arc;

use checkout::Timestamp;

use crate::app::state::App;
use crate::app::webhooks::telling::{Found, GRACE_SECONDS};
use crate::checkouts::customer::CustomerId;
use crate::checkouts::deposit::Deposit;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::gateway::source::Source;
use crate::input::printable::printable;
use crate::reading::invoice::Change;
use crate::reading::merge::DepositChanges;
use crate::store::StoreError;

impl App {
    /// Notes a change of an invoice that a webhook should tell as well, if the reading of `at` has brought it about and no delivery has made it.
    pub(in crate::app) fn note_found(&self, change: &Change, source: Source, at: Timestamp) {
        let invoice = &change.invoice;
        let has_moved = invoice.phase != change.before || invoice.moved_at == at;
        if source == Source::Delivery || !has_moved {
            return;
        }
        let found = Found {
            key: invoice.key,
            gateway_id: invoice.gateway_id.clone(),
            at,
        };
        self.telling.found(&invoice.shop, found);
    }

    /// Notes deposits to a customer's addresses that a webhook should tell as well, in the same way. What a list has no more is told by none.
    pub(in crate::app) fn note_found_deposits(
        &self,
        customer: &CustomerId,
        gateway_id: &str,
        changes: &DepositChanges,
        source: Source,
        at: Timestamp,
    ) {
        let is_told = |deposit: &Deposit| deposit.missing_since.is_none();
        if source == Source::Delivery || !changes.put.iter().any(is_told) {
            return;
        }
        let found = Found {
            key: key::customer(customer),
            gateway_id: gateway_id.to_owned(),
            at,
        };
        self.telling.found(customer.shop(), found);
    }

    /// Looks which findings no webhook has told in time. Answers with their number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(in crate::app) async fn find_missed(
        self: &Arc<Self>,
        shop: &ShopId,
    ) -> Result<u32, StoreError> {
        // Another proxy on this database may have taken it.
        if let Some(last) = self.store.last_delivery(shop.clone()).await? {
            self.telling.came(shop, last);
        }
        let mut missed = 0;
        let mut overdue = self.telling.overdue(shop, self.clock.now()).into_iter();
        while let Some(found) = overdue.next() {
            let names = [found.gateway_id.clone(), found.key.to_string()];
            let since = found.at.plus_seconds(-GRACE_SECONDS);
            match self.store.was_told(shop.clone(), names, since).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => {
                    // They are looked for again when the store answers.
                    for found in std::iter::once(found).chain(overdue) {
                        self.telling.found(shop, found);
                    }
                    return Err(error);
                }
            }
            missed += 1;
            self.telling.expect(shop, found.at);
            tracing::warn!(
                %shop,
                key = %found.key,
                gateway_id = printable(&found.gateway_id),
                "reading has found a change that no webhook has told"
            );
        }
        Ok(missed)
    }
}
