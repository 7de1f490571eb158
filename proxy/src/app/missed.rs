//! Changes that were found by reading although webhooks tell: after a while it is looked whether one has told them since.

use std::sync::Arc;

use super::state::App;
use super::telling::{Found, GRACE_SECONDS};
use crate::checkouts::shop_id::ShopId;
use crate::gateway::source::Source;
use crate::input::printable::printable;
use crate::reading::invoice::Change;
use crate::store::StoreError;

impl App {
    /// Notes a change that a webhook should tell as well, if reading has brought it about.
    pub(super) fn note_found(&self, change: &Change, source: Source) {
        let invoice = &change.invoice;
        let has_moved = invoice.phase != change.before || invoice.moved_at == self.clock.now();
        if source == Source::Delivery || !has_moved {
            return;
        }
        let found = Found {
            invoice: invoice.key,
            gateway_id: invoice.gateway_id.clone(),
            at: self.clock.now(),
        };
        self.telling.found(&invoice.shop, found);
    }

    /// Looks which findings no webhook has told in time. Answers with their number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn find_missed(self: &Arc<Self>, shop: &ShopId) -> Result<u32, StoreError> {
        // Another proxy on this database may have taken it.
        if let Some(last) = self.store.last_delivery(shop.clone()).await? {
            self.telling.came(shop, last);
        }
        let mut missed = 0;
        for found in self.telling.overdue(shop, self.clock.now()) {
            let names = [found.gateway_id.clone(), found.invoice.to_string()];
            let since = found.at.plus_seconds(-GRACE_SECONDS);
            if self.store.was_told(shop.clone(), names, since).await? {
                continue;
            }
            missed += 1;
            self.telling.expect(shop, found.at);
            tracing::warn!(
                %shop,
                invoice = %found.invoice,
                gateway_id = printable(&found.gateway_id),
                "reading has found a change that no webhook has told"
            );
        }
        Ok(missed)
    }
}
