//! A checkout is archived: closed for its buyer, and its invoices at the gateway with it.

use std::sync::Arc;

use checkout::RefusalCode;
use tokio::task::JoinSet;

use super::refusals::objected;
use crate::app::state::App;
use crate::checkouts::decision::{Act, DecisionName};
use crate::checkouts::invoice::Invoice;
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::source::Source;
use crate::refusal::Refusal;
use crate::store::Decided;

impl App {
    /// Archives a checkout, once: whoever asks again is shown what has become of it, and whatever is open of it is tried again.
    ///
    /// From the moment at which it is written down, no page is shown an address of the checkout, and no invoice is made for it. What the
    /// gateway could not be told then, it is told later ([`App::carry_decisions_out`]). Money that comes all the same is seen and told.
    ///
    /// # Errors
    /// `checkout_has_money`; `gateway_unavailable` when the gateway cannot be asked whether money is in sight: then nothing is changed.
    /// `store_unavailable`.
    pub(crate) async fn archive(self: &Arc<Self>, snapshot: Snapshot) -> Result<Snapshot, Refusal> {
        let id = snapshot.checkout.id;
        if snapshot.closed_at.is_none() {
            let now = self.clock.now();
            let watched = snapshot
                .invoices
                .iter()
                .filter(|invoice| invoice.is_watched(now));
            self.read_all_anew(watched, Source::Merchant).await?;
        }
        let name = DecisionName {
            checkout: id,
            act: Act::Archive,
            invoice: None,
        };
        match self.decide(name).await? {
            Decided::Begun(decision) | Decided::Known(decision) => {
                self.carry_out(&decision, Source::Merchant).await?;
            }
            Decided::Objected(objection) => return Err(objected(&objection)),
            Decided::Gone => return Err(Refusal::no_checkout()),
        }
        let snapshot = self.stored(id).await?;
        if snapshot.closed_at.is_none() {
            return Err(Refusal::new(
                RefusalCode::CheckoutHasMoney,
                "money came in sight while this checkout was being archived, so it is open again",
            ));
        }
        Ok(snapshot)
    }

    /// Has each of these invoices read at the gateway by a reading that begins now.
    ///
    /// # Errors
    /// `gateway_unavailable` when one of them could not be.
    pub(super) async fn read_all_anew(
        self: &Arc<Self>,
        invoices: impl Iterator<Item = &Invoice>,
        source: Source,
    ) -> Result<(), Refusal> {
        let mut readings = JoinSet::new();
        for invoice in invoices {
            let (app, invoice) = (Arc::clone(self), invoice.clone());
            readings.spawn(async move { app.read_anew(&invoice, source).await });
        }
        let outcomes = readings.join_all().await;
        if outcomes.iter().all(|outcome| outcome.is_read()) {
            return Ok(());
        }
        Err(Refusal::new(
            RefusalCode::GatewayUnavailable,
            "the payment gateway cannot be asked what has arrived, so nothing was changed; try again in a moment",
        ))
    }
}
