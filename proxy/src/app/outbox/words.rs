//! Events in words: the body of each delivery, as the merchant's own view of the checkout is.

use std::sync::Arc;

use checkout::wire::{
    CheckoutView, EventBody, EventData, MerchantCheckoutView, MerchantDepositView, MerchantView,
    PriceView,
};
use checkout::{Phase, Timestamp};

use super::shortened;
use crate::app::showing::merchant_view::{decision_view, list_view};
use crate::app::state::App;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::events::facts::Fact;
use crate::reading::events::teller::{Subject, Teller, Words};
use crate::refusal::Refusal;

impl App {
    /// Who tells the merchants.
    pub(in crate::app) fn teller(self: &Arc<Self>) -> Teller {
        Teller::new(Arc::clone(self) as Arc<dyn Words>)
    }
}

impl Words for App {
    fn has_target(&self, shop: &ShopId) -> bool {
        let shop = self.shop(shop);
        shop.is_ok_and(|shop| shop.config.events.is_some())
    }

    fn body(&self, fact: &Fact, subject: &Subject) -> String {
        let data = self.event_data(fact, subject).unwrap_or_else(|refusal| {
            // Money is taken in whatever can be said of it.
            tracing::error!(
                checkout = subject.snapshot.checkout.id.short(),
                cause = refusal.cause,
                "an event says less than it should"
            );
            EventData {
                checkout: bare(&subject.snapshot, fact.at),
                deposit: None,
                event: None,
                shortened: true,
            }
        });
        shortened::text(EventBody {
            kind: fact.kind,
            timestamp: fact.at,
            data,
        })
    }
}

impl App {
    fn event_data(&self, fact: &Fact, subject: &Subject) -> Result<EventData, Refusal> {
        let (snapshot, now) = (&subject.snapshot, fact.at);
        let offered = snapshot.checkout.currencies.iter();
        let view = self.view_at(snapshot, vec![None; offered.count()], now)?;
        let deposits = list_view(&subject.known, &subject.booked, snapshot)?;
        let deposit = fact.deposit.as_ref().and_then(|(paid_to, id)| {
            let paid_to = paid_to.to_string();
            let is_it = |deposit: &&MerchantDepositView| {
                let is_there = |invoice: &String| *invoice == paid_to;
                deposit.id == *id && deposit.invoice.as_ref().is_none_or(is_there)
            };
            deposits.deposits.iter().find(is_it).cloned()
        });
        let decisions = subject.decisions.iter().map(decision_view).collect();
        let receipt = self.receipt_of(snapshot, &subject.booked, now).ok();
        Ok(EventData {
            checkout: self.all_of(view, snapshot, deposits, (receipt, decisions)),
            deposit,
            event: None,
            shortened: false,
        })
    }
}

/// What can always be said of a checkout.
fn bare(snapshot: &Snapshot, now: Timestamp) -> MerchantCheckoutView {
    let checkout = &snapshot.checkout;
    let (state, _): (Phase, _) = snapshot.standing(now);
    MerchantCheckoutView {
        checkout: CheckoutView {
            id: checkout.id.to_string(),
            kind: checkout.purpose.kind(),
            state,
            description: checkout.description.clone(),
            price: checkout.purpose.price().map(|price| PriceView {
                amount: price.amount(),
                currency: price.currency().to_owned(),
            }),
            currencies: Vec::new(),
            invoice: None,
            receiving: None,
            expires_at: checkout.expires_at,
            now,
            poll_after_ms: 0,
            return_url: None,
            support_url: None,
            logo_url: None,
            attestation: None,
            url: None,
        },
        external_id: checkout.external_id.clone(),
        merchant: MerchantView {
            created_at: checkout.created_at,
            product: checkout.product.clone(),
            customer: checkout
                .purpose
                .customer()
                .map(|customer| customer.as_str().to_owned()),
            invoices: Vec::new(),
            deposits: Vec::new(),
            totals: Vec::new(),
            flags: Vec::new(),
            alarms: Vec::new(),
            receipt: None,
            decisions: Vec::new(),
        },
    }
}
