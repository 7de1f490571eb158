//! Carrying a decision out: the gateway is told, then read, and what it shows settles the decision. Whatever is open is taken up again, also
//! after a crash.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::shop::Shop;
use crate::app::state::App;
use crate::app::watch::{GIVE_UP, LEASE_SECONDS, every};
use crate::checkouts::decision::{Act, Decision, DecisionName, DecisionState, Said};
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::gateway::failure::is_definite;
use crate::gateway::source::Source;
use crate::reading::history::Cause;
use crate::refusal::Refusal;
use crate::store::Decided;

/// How often it is looked whether an open decision has its turn.
const PACE: Duration = Duration::from_secs(10);
/// Open decisions that have their turn in one round.
const A_ROUND: u32 = 50;

impl App {
    /// Writes a decision of the merchant's down, as one that this proxy carries out at once.
    pub(super) async fn decide(self: &Arc<Self>, name: DecisionName) -> Result<Decided, Refusal> {
        let cause = self.caused(Source::Merchant);
        let lease = cause.at.plus_seconds(LEASE_SECONDS);
        let decided = self.store.decide(name, cause, lease, self.teller()).await?;
        if let Decided::Begun(_) = &decided {
            tracing::info!(
                checkout = name.checkout.short(),
                act = name.act.as_str(),
                "the merchant has decided"
            );
        }
        Ok(decided)
    }

    fn caused(&self, source: Source) -> Cause {
        Cause {
            source,
            at: self.clock.now(),
        }
    }

    /// Tells the gateway of a decision that is open, and says how far it has come. A gateway that fails leaves it open.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(super) async fn carry_out(
        self: &Arc<Self>,
        decision: &Decision,
        source: Source,
    ) -> Result<Option<Decision>, Refusal> {
        if decision.state != DecisionState::Open {
            return Ok(Some(decision.clone()));
        }
        let name = decision.name;
        let said = match name.invoice {
            None => self.archive_pending(decision, source).await?,
            Some(key) => match self.stored(name.checkout).await?.invoice(key) {
                Some(invoice) => self.tell(decision, invoice, source).await?,
                None => Said::No,
            },
        };
        let settled = self
            .store
            .settle_decision(name, said, self.caused(source))
            .await?;
        match &settled {
            Some(decision) if decision.state == DecisionState::Open => {
                let due_at = decision.next_try(self.clock.now());
                self.store.put_off_decision(name, due_at).await?;
            }
            Some(decision) => tracing::info!(
                checkout = name.checkout.short(),
                act = name.act.as_str(),
                state = decision.state.as_str(),
                "a decision is settled"
            ),
            None => {}
        }
        Ok(settled)
    }

    /// Archives each invoice of a closed checkout that still waits for money, unless its reading shows some.
    async fn archive_pending(
        self: &Arc<Self>,
        decision: &Decision,
        source: Source,
    ) -> Result<Said, Refusal> {
        let checkout = decision.name.checkout;
        let snapshot = self.stored(checkout).await?;
        let now = self.clock.now();
        let may_be_told = |invoice: &&Invoice| now >= decision.may_archive_from(invoice);
        let pending: Vec<Invoice> = snapshot.pending(now).filter(may_be_told).cloned().collect();
        // What is on its way to an address is lost when that is archived, and the gateway need not say no.
        if self.read_all_anew(pending.iter(), source).await.is_err() {
            return Ok(Said::Nothing);
        }
        let snapshot = self.stored(checkout).await?;
        if snapshot.has_money_in_sight() {
            return Ok(Said::Nothing);
        }
        for invoice in snapshot.pending(now).filter(may_be_told) {
            self.tell(decision, invoice, source).await?;
        }
        Ok(Said::Nothing)
    }

    /// Tells the gateway about one invoice, and reads what that has brought about.
    async fn tell(
        self: &Arc<Self>,
        decision: &Decision,
        invoice: &Invoice,
        source: Source,
    ) -> Result<Said, Refusal> {
        if decision.name.act == Act::ReturnToPaid && invoice.is_called_paid() {
            // The gateway has nothing to do: it is read, and this time too little is enough.
            self.read_anew(invoice, source).await;
            return Ok(Said::Nothing);
        }
        let gateway = &self.shop(&invoice.shop)?.gateway;
        let told = match decision.name.act {
            Act::Archive => gateway.archive(invoice).await,
            Act::ReturnToPaid => gateway.return_to_paid(invoice).await,
            Act::Close => gateway.close_intervention(invoice).await,
        };
        let said = match &told {
            Ok(_) => Said::Yes,
            Err(error) => {
                self.heed(&invoice.shop, error).await;
                tracing::warn!(
                    checkout = invoice.checkout_id.short(),
                    invoice = %invoice.key,
                    act = decision.name.act.as_str(),
                    %error,
                    "the gateway did not do what the merchant has decided"
                );
                if is_definite(error) {
                    Said::No
                } else {
                    Said::Nothing
                }
            }
        };
        // Whatever it answered: what counts is what it shows.
        if self.read_anew(invoice, source).await.is_read() {
            return Ok(said);
        }
        Ok(match decision.name.act {
            Act::Close => said,
            Act::Archive | Act::ReturnToPaid => Said::Nothing,
        })
    }

    /// Carries a shop's open decisions out until `shutdown`, the first time at once.
    pub(in crate::app) async fn watch_decisions(
        self: Arc<Self>,
        shop: Arc<Shop>,
        shutdown: CancellationToken,
    ) {
        every(PACE, &shutdown, || async {
            if let Err(refusal) = self.carry_decisions_out(shop.id()).await {
                tracing::error!(store = %shop.id(), code = refusal.code.as_str(), cause = refusal.cause, "open decisions could not be carried out");
            }
        })
        .await;
    }

    /// Carries out what is open of a shop's decisions and has its turn. Answers with how many are settled now.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub(in crate::app) async fn carry_decisions_out(
        self: &Arc<Self>,
        shop: &ShopId,
    ) -> Result<u32, Refusal> {
        let (mut settled, mut open_in_a_row) = (0, 0);
        let now = self.clock.now();
        let due = self.store.due_decisions(shop.clone(), now, A_ROUND);
        for decision in due.await? {
            let (now, name) = (self.clock.now(), decision.name);
            let lease = now.plus_seconds(LEASE_SECONDS);
            if !self.store.claim_decision(name, now, lease).await? {
                continue;
            }
            let after = self.carry_out(&decision, Source::Watcher).await?;
            if after.is_some_and(|after| after.state == DecisionState::Open) {
                open_in_a_row += 1;
            } else {
                (settled, open_in_a_row) = (settled + 1, 0);
            }
            if open_in_a_row >= GIVE_UP {
                break;
            }
        }
        Ok(settled)
    }
}
