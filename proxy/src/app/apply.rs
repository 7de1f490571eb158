//! The one way in for gateway readings: polls and the watcher end here, and webhooks will, so no event can count twice.

use std::sync::Arc;

use uuid::Uuid;

use super::state::App;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::quote::Fit;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::unsound::Unsound;
use crate::input::shown::shown;
use crate::reading::deposits::Listed;
use crate::reading::invoice as reading;
use crate::reading::merge::{Changes, merge};
use crate::reading::terms::needs_rate;
use crate::store::{StoreError, Taken};

/// Why a reading was not taken in.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum ApplyError {
    #[error(transparent)]
    Unsound(#[from] Unsound),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Takes in what the gateway says about an invoice. Writes only when something has changed.
    ///
    /// # Errors
    /// When the reading cannot be about this invoice, or the store refuses; then nothing has changed.
    pub(crate) async fn apply(
        self: &Arc<Self>,
        invoice: &Invoice,
        seen: calypso::Invoice,
    ) -> Result<(), ApplyError> {
        let Some(snapshot) = self.store.snapshot(invoice.checkout).await? else {
            return Ok(());
        };
        let Some(known) = snapshot
            .invoices
            .iter()
            .find(|known| known.key == invoice.key)
        else {
            return Ok(());
        };
        let now = self.clock.now();
        let fit = self.fit_of(&snapshot, known, &seen).await;
        if reading::next(known, &snapshot, &seen, fit, now)?.is_none() {
            return Ok(());
        }
        let before = known.phase;
        // Decided once more inside the transaction, where nobody else can change the invoice.
        let change = self
            .store
            .change_invoice(known, move |known, snapshot| {
                let change = reading::next(known, snapshot, &seen, fit, now).ok()??;
                let alarm = |unsound| Alarm::new(known.key, unsound, now);
                let alarms: Vec<Alarm> = change.alarms.iter().map(alarm).collect();
                Some(Taken {
                    invoice: change.invoice.clone(),
                    alarms: alarms.clone(),
                    said: (change, alarms),
                })
            })
            .await?;
        let Some((change, alarms)) = change else {
            return Ok(());
        };
        let after = &change.invoice;
        if after.phase != before {
            tracing::info!(
                checkout = after.checkout.short(),
                invoice = %after.key,
                currency = after.currency.code,
                from = before.as_str(),
                to = after.phase.as_str(),
                "an invoice has moved on"
            );
        }
        for alarm in alarms {
            alarm.log(after.checkout);
        }
        if let Some(second) = change.second {
            tracing::warn!(
                checkout = after.checkout.short(),
                invoice = %after.key,
                gateway_id = shown(&after.gateway_id),
                currency = after.currency.code,
                received = %after.received,
                "{}",
                second.sentence()
            );
        }
        Ok(())
    }

    /// What the rates say about the amount of a reading, where anything depends on it.
    async fn fit_of(&self, snapshot: &Snapshot, known: &Invoice, seen: &calypso::Invoice) -> Fit {
        let price = snapshot.checkout.purpose.price();
        match price.zip(needs_rate(known, seen)) {
            Some((price, amount)) => self.rates.fit(price, known.currency, amount).await,
            None => Fit::Unasked,
        }
    }

    /// Takes in a list of what was paid to an invoice or a customer. Writes only when something has changed. Whatever the list
    /// contradicts is flagged and said in the log, once.
    ///
    /// # Errors
    /// When the store refuses; then nothing has changed.
    pub(crate) async fn apply_deposits(
        self: &Arc<Self>,
        receiver: Uuid,
        listed: Listed,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let known = self.store.deposits(receiver).await?;
        if merge(receiver, &known, &listed, now) == Changes::default() {
            return Ok(());
        }
        // Decided once more inside the transaction, where nobody else can change the deposits.
        let changes = self
            .store
            .change_deposits(receiver, move |known| merge(receiver, known, &listed, now))
            .await?;
        for deposit in &changes.put {
            tracing::info!(
                receiver = %receiver,
                currency = shown(&deposit.currency),
                deposit = shown(&deposit.id),
                amount = %deposit.amount,
                state = deposit.state.as_str(),
                missing = deposit.missing_since.is_some(),
                "a deposit has changed"
            );
        }
        for flag in &changes.flags {
            tracing::error!(
                receiver = %receiver,
                deposit = shown(&flag.deposit),
                flag = flag.kind.as_str(),
                known = flag.known,
                read = flag.read,
                "the gateway contradicts itself about a deposit; what was known counts, and the merchant has to look at it"
            );
        }
        Ok(())
    }
}
