//! The one way in for what the gateway says: polls, the watcher and deliveries end here, so that nothing can count twice.

use std::sync::Arc;

use checkout::{Amount, InvoiceStatus, Phase};

use crate::app::readings::receive::ReceiveError;
use crate::app::shops::UnknownShop;
use crate::app::state::App;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::quote::Fit;
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::source::Source;
use crate::input::printable::printable;
use crate::reading::deposit_reading::DepositReading;
use crate::reading::invoice::Change;
use crate::reading::invoice_reading::InvoiceReading;
use crate::reading::merge::DepositChanges;
use crate::reading::terms::needs_rate;
use crate::store::StoreError;

impl App {
    /// Takes in what the gateway says about an invoice of a checkout, of which `known` was stored a moment ago. `None` when nothing
    /// changes; then nothing is written.
    ///
    /// # Errors
    /// When the reading cannot be about this invoice, the store refuses, or the shop is not known; then nothing has changed.
    pub(in crate::app) async fn apply(
        self: &Arc<Self>,
        invoice: &Invoice,
        known: &Snapshot,
        seen: calypso::Invoice,
        source: Source,
    ) -> Result<Option<Change>, ReceiveError> {
        let fit = self.fit_of(known, invoice, &seen).await?;
        let rate = self.rate_at_credit(known, invoice, &seen).await?;
        let reading = InvoiceReading {
            checkout_id: invoice.checkout_id,
            invoice: invoice.key,
            seen,
            fit,
            rate,
            source,
            teller: self.teller(),
            at: self.clock.now(),
        };
        if reading.decide(known).map_err(ReceiveError::from)?.is_none() {
            return Ok(None);
        }
        let (source, at) = (reading.source, reading.at);
        // Decided once more inside the transaction, where nobody else can change the invoice.
        let change = self.store.take_in(reading).await?;
        if let Some(change) = &change {
            log_change(change, source);
            if change.invoice.phase != change.before {
                self.meter
                    .entered(&change.invoice.shop, change.invoice.phase);
            }
            for alarm in &change.alarms {
                self.meter.contradicted(alarm);
            }
            self.note_found(change, source, at);
        }
        Ok(change)
    }

    /// What the rates say about the amount of a reading, where anything depends on it.
    async fn fit_of(
        &self,
        known: &Snapshot,
        invoice: &Invoice,
        seen: &calypso::Invoice,
    ) -> Result<Fit, UnknownShop> {
        let price = known.checkout.purpose.price();
        let invoice = known.invoice(invoice.key).unwrap_or(invoice);
        match price.zip(needs_rate(invoice, seen)) {
            Some((price, amount)) => {
                let shop = self.shop(&known.checkout.shop)?;
                Ok(shop.rates.fit(price, invoice.currency, amount).await)
            }
            None => Ok(Fit::Unasked),
        }
    }

    /// What one unit of an invoice's currency costs in that of its price, when a reading says for the first time that it was credited.
    /// `None` where no recent rate is known: the credit does not wait for one.
    async fn rate_at_credit(
        &self,
        known: &Snapshot,
        invoice: &Invoice,
        seen: &calypso::Invoice,
    ) -> Result<Option<Amount>, UnknownShop> {
        let invoice = known.invoice(invoice.key).unwrap_or(invoice);
        let is_news = seen.state == InvoiceStatus::Completed && invoice.phase != Phase::Completed;
        match known.checkout.purpose.price().filter(|_| is_news) {
            Some(price) => {
                let shop = self.shop(&known.checkout.shop)?;
                Ok(shop.rates.latest(price, invoice.currency).await)
            }
            None => Ok(None),
        }
    }

    /// Takes in a list of what was paid. Writes only when something has changed. Whatever the list contradicts is flagged and said in
    /// the log, once.
    ///
    /// # Errors
    /// When the store refuses; then nothing has changed.
    pub(in crate::app) async fn apply_deposits(
        self: &Arc<Self>,
        reading: DepositReading,
    ) -> Result<DepositChanges, StoreError> {
        let known = self.store.deposits(vec![reading.paid_to.key()]).await?;
        if reading.decide(&known) == DepositChanges::default() {
            return Ok(DepositChanges::default());
        }
        let source = reading.source;
        // Decided once more inside the transaction, where nobody else can change the deposits.
        let changes = self.store.take_in_deposits(reading).await?;
        log_deposits(&changes, source);
        Ok(changes)
    }
}

fn log_change(change: &Change, source: Source) {
    let after = &change.invoice;
    if after.phase != change.before {
        tracing::info!(
            checkout = after.checkout_id.short(),
            invoice = %after.key,
            currency = after.currency.code,
            from = change.before.as_str(),
            to = after.phase.as_str(),
            source = source.as_str(),
            "an invoice has moved on"
        );
    }
    for alarm in &change.alarms {
        alarm.log(after.checkout_id);
    }
    if let Some(second) = change.second {
        tracing::warn!(
            checkout = after.checkout_id.short(),
            invoice = %after.key,
            gateway_id = printable(&after.gateway_id),
            currency = after.currency.code,
            received = %after.received,
            said = second.sentence(),
            "money beyond what was asked for has come"
        );
    }
}

fn log_deposits(changes: &DepositChanges, source: Source) {
    for deposit in &changes.put {
        tracing::info!(
            receiver = %deposit.paid_to,
            currency = printable(deposit.currency.code()),
            deposit = printable(&deposit.id),
            amount = %deposit.amount,
            state = deposit.state.as_str(),
            missing = deposit.missing_since.is_some(),
            source = source.as_str(),
            "a deposit has changed"
        );
    }
    for flag in &changes.flags {
        tracing::error!(
            receiver = %flag.paid_to,
            deposit = printable(&flag.deposit),
            flag = flag.kind.as_str(),
            known = flag.known,
            read = flag.read,
            "the gateway contradicts itself about a deposit; what was known counts, and the merchant has to look at it"
        );
    }
}
