//! An intervention is decided: what arrived is accepted, or a credited one is marked as resolved.

use std::sync::Arc;

use checkout::{RefusalCode, Timestamp};
use uuid::Uuid;

use super::refusals::objected;
use crate::app::state::App;
use crate::checkouts::decision::{Act, Decision, DecisionName, DecisionState};
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::source::Source;
use crate::refusal::Refusal;
use crate::store::Decided;

impl App {
    /// Decides about the invoice of a payment that waits for that, or about the one that is named. Whoever asks for the same again is shown
    /// what has become of it.
    ///
    /// Nothing is paid by it: the gateway is told, and what it shows when it is read moves the checkout.
    ///
    /// # Errors
    /// `intervention_not_possible` when the gateway's state of the invoice does not allow it, by a reading made for this; `field_invalid` when
    /// several wait and none is named, or the named one is none of the checkout's; `gateway_unavailable` when it cannot be read: then nothing
    /// is changed. `store_unavailable`.
    pub(crate) async fn intervene(
        self: &Arc<Self>,
        snapshot: Snapshot,
        act: Act,
        invoice: Option<Uuid>,
    ) -> Result<Snapshot, Refusal> {
        let id = snapshot.checkout.id;
        let known = self.store.decisions_of(id).await?;
        let key = match invoice {
            Some(key) => key,
            None => which(&snapshot, act, &known, self.clock.now())?,
        };
        let name = DecisionName {
            checkout: id,
            act,
            invoice: Some(key),
        };
        let stands = known.iter().any(|known| {
            known.name == name && matches!(known.state, DecisionState::Open | DecisionState::Done)
        });
        if !stands {
            let named = snapshot.invoices.iter().filter(|one| one.key == key);
            self.read_all_anew(named, Source::Merchant).await?;
        }
        let decision = match self.decide(name).await? {
            Decided::Begun(decision) | Decided::Known(decision) => decision,
            Decided::Objected(objection) => return Err(objected(&objection)),
            Decided::Gone => return Err(Refusal::no_checkout()),
        };
        let after = self.carry_out(&decision, Source::Merchant).await?;
        match after.map(|after| after.state) {
            Some(DecisionState::Open | DecisionState::Done) => self.stored(id).await,
            Some(DecisionState::Refused | DecisionState::Withdrawn) => Err(Refusal::new(
                RefusalCode::InterventionNotPossible,
                "the payment gateway does not do this; the checkout says what has become of it",
            )),
            None => Err(Refusal::no_checkout()),
        }
    }
}

/// The one invoice that can be meant.
fn which(
    snapshot: &Snapshot,
    act: Act,
    known: &[Decision],
    now: Timestamp,
) -> Result<Uuid, Refusal> {
    let waiting = snapshot.invoices.iter().filter(|one| act.is_possible(one));
    let mut keys: Vec<Uuid> = waiting.map(|invoice| invoice.key).collect();
    if keys.is_empty() {
        // Asked for once more, after it was done.
        let before = known.iter().filter(|known| known.name.act == act);
        keys.extend(before.filter_map(|known| known.name.invoice));
    }
    match keys[..] {
        [key] => Ok(key),
        [] => {
            // What is read last may be older than what the gateway says: the reading decides.
            let decides = snapshot.standing(now).1;
            decides.map(|invoice| invoice.key).ok_or_else(|| {
                Refusal::new(
                    RefusalCode::InterventionNotPossible,
                    "no invoice of this checkout waits for a decision",
                )
            })
        }
        [..] => Err(Refusal::field(
            "invoice",
            "is missing: several invoices wait for a decision; name one by its `idempotencyKey`",
        )),
    }
}
