//! The books compared with the gateway: each invoice and each customer is read again, and what differs is named. What is new by it is then taken
//! in as from a poll, by the same functions.

use std::sync::Arc;
use std::time::Duration;

use checkout::Timestamp;
use uuid::Uuid;

use crate::app::books::compare::LONGEST;
use crate::app::books::reconciled::{Found, Reconciled, Scope};
use crate::app::outcome::ReadOutcome;
use crate::app::readings::read::Reader;
use crate::app::readings::receive::ReceiveError;
use crate::app::shop::Shop;
use crate::app::state::App;
use crate::checkouts::customer::{CustomerId, WatchedCustomer};
use crate::checkouts::invoice::Invoice;
use crate::gateway::ListingError;
use crate::gateway::source::Source;
use crate::input::printable::shortened;
use crate::store::StoreError;

/// How many invoices and customers are taken from the store at a time. Each is read after the other, so the gateway has one call at a time.
const PAGE: u32 = 100;
/// After which pause it is asked again whether the account may be read. Its budget fills up without anybody telling.
const PACE: Duration = Duration::from_millis(100);
/// How often one thing is read for which the gateway has had too many calls.
const TRIES: u32 = 3;

impl App {
    /// Compares the books with the gateways, and takes in what is new.
    ///
    /// # Errors
    /// When the store refuses. A gateway that fails is in what was not read.
    pub(crate) async fn reconcile(
        self: &Arc<Self>,
        scope: &Scope,
    ) -> Result<Reconciled, StoreError> {
        let mut all = Reconciled::default();
        let is_meant = |shop: &&Arc<Shop>| scope.shop.as_ref().is_none_or(|only| only == shop.id());
        for shop in self.shops.iter().filter(is_meant) {
            self.reconcile_invoices(shop, scope, &mut all).await?;
            self.reconcile_customers(shop, &mut all).await?;
        }
        Ok(all)
    }

    async fn reconcile_invoices(
        self: &Arc<Self>,
        shop: &Shop,
        scope: &Scope,
        all: &mut Reconciled,
    ) -> Result<(), StoreError> {
        let priced = match (scope.from, scope.to) {
            (None, None) => None,
            (from, to) => {
                let first = Timestamp::from_millis(0);
                Some((from.unwrap_or(first), to.unwrap_or(Timestamp::MAX)))
            }
        };
        let mut after = Uuid::nil();
        loop {
            let page = self
                .store
                .invoices_after(shop.id().clone(), priced, after, PAGE)
                .await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.key;
            for invoice in &page {
                let mut found = self.compared_invoice(shop, invoice).await;
                // While the gateway was asked, a proxy beside this one may have taken in what differs: only what differs twice is told.
                if !found.differences.is_empty() {
                    found = self.compared_invoice(shop, invoice).await;
                }
                if !found.differences.is_empty() {
                    let take_in = || {
                        let reader = Reader::without_place(Source::Reconcile);
                        self.read(invoice.clone(), Duration::ZERO, reader)
                    };
                    taken_in(take_in).await;
                }
                all.add_invoice(invoice, found);
            }
        }
    }

    /// Compares an invoice with what is in the books at this moment.
    async fn compared_invoice(self: &Arc<Self>, shop: &Shop, invoice: &Invoice) -> Found {
        let mut found = Found::default();
        for _ in 0..TRIES {
            found = Found::default();
            let compared = match self.store.snapshot(invoice.checkout_id).await {
                Ok(Some(known)) => match known.invoice(invoice.key) {
                    Some(invoice) => {
                        self.compare_invoice(shop, invoice, &known, &mut found)
                            .await
                    }
                    None => Ok(()),
                },
                // Nobody paid it, and it was deleted meanwhile.
                Ok(None) => Ok(()),
                Err(error) => Err(error.into()),
            };
            if !self.has_had_too_many(shop, compared, &mut found) {
                break;
            }
        }
        found
    }

    async fn reconcile_customers(
        self: &Arc<Self>,
        shop: &Shop,
        all: &mut Reconciled,
    ) -> Result<(), StoreError> {
        let mut after: Option<CustomerId> = None;
        loop {
            let page = self
                .store
                .customers_after(shop.id().clone(), after.clone(), PAGE)
                .await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(last.customer.clone());
            for watched in &page {
                let mut found = self.compared_customer(shop, watched).await;
                if !found.differences.is_empty() {
                    found = self.compared_customer(shop, watched).await;
                }
                if !found.differences.is_empty() {
                    let (customer, id) = (&watched.customer, &watched.gateway_id);
                    let take_in =
                        || self.read_customer(customer, id, Duration::ZERO, Source::Reconcile);
                    taken_in(take_in).await;
                }
                all.add_customer(watched, found);
            }
        }
    }

    async fn compared_customer(&self, shop: &Shop, watched: &WatchedCustomer) -> Found {
        let mut found = Found::default();
        for _ in 0..TRIES {
            found = Found::default();
            let compared = self.compare_customer(shop, watched, &mut found).await;
            if !self.has_had_too_many(shop, compared, &mut found) {
                break;
            }
        }
        found
    }

    /// Notes why a comparison did not come to its end. Whether that is because the gateway has had too many calls, so that it is worth another try
    /// after the pause that it asks for.
    fn has_had_too_many(
        &self,
        shop: &Shop,
        compared: Result<(), ReceiveError>,
        found: &mut Found,
    ) -> bool {
        let Err(error) = compared else {
            return false;
        };
        found.not_read = Some(shortened(&error.to_string(), LONGEST));
        let ReceiveError::Listing(ListingError::Gateway(error)) = error else {
            return false;
        };
        shop.heed(&error, self.clock.monotonic());
        error.is_too_many()
    }

    /// Waits until the account has a reading for somebody who is in no hurry: a quarter of them is left to buyers.
    pub(in crate::app) async fn wait_for_reading(&self, shop: &Shop) {
        while !shop.may_read(Source::Reconcile, self.clock.monotonic()) {
            tokio::time::sleep(PACE).await;
        }
    }
}

/// Takes in what is new, as soon as the account may be read once more. What could not be taken in is found by the next comparison.
async fn taken_in<R>(read: impl Fn() -> R)
where
    R: Future<Output = ReadOutcome>,
{
    while read().await == ReadOutcome::NotNow {
        tokio::time::sleep(PACE).await;
    }
}
