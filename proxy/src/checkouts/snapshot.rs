//! A checkout with everything that is known of it, and where that puts it.

use checkout::{Amount, Phase, Timestamp, deciding};
use uuid::Uuid;

use super::alarm::Alarm;
use super::checkout::Checkout;
use super::customer::Purse;
use super::deposit::{Deposit, total};
use super::invoice::Invoice;
use super::key;
use super::purpose::Purpose;

/// A checkout with everything that is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) checkout: Checkout,
    /// When its merchant has closed it for its buyer.
    pub(crate) closed_at: Option<Timestamp>,
    /// In the order in which the buyer chose them: the last is the one chosen last. A deposit has none.
    pub(crate) invoices: Vec<Invoice>,
    /// The customer's address in the currency the buyer chose last; only a deposit has one.
    pub(crate) purse: Option<Purse>,
    /// What was paid to the invoices, or to the customer of a deposit in whatever currency, the oldest first.
    pub(crate) deposits: Vec<Deposit>,
    /// What the gateway contradicted itself about, the oldest first.
    pub(crate) alarms: Vec<Alarm>,
}

impl Snapshot {
    /// A checkout that was just made.
    pub(crate) fn new(checkout: Checkout) -> Self {
        Self {
            checkout,
            closed_at: None,
            invoices: Vec::new(),
            purse: None,
            deposits: Vec::new(),
            alarms: Vec::new(),
        }
    }

    /// What deposits of this checkout are paid to.
    pub(crate) fn receivers(&self) -> Vec<Uuid> {
        match &self.checkout.purpose {
            Purpose::Payment(_) | Purpose::Topup => {
                self.invoices.iter().map(|invoice| invoice.key).collect()
            }
            Purpose::Deposit(customer) => vec![key::customer(customer)],
        }
    }

    /// It, with an invoice as that is from now on. One that it has not yet is the one chosen last.
    pub(crate) fn with(&self, invoice: &Invoice) -> Self {
        let mut after = self.clone();
        let mut all = after.invoices.iter_mut();
        match all.find(|known| known.key == invoice.key) {
            Some(known) => *known = invoice.clone(),
            None => after.invoices.push(invoice.clone()),
        }
        after
    }

    /// The invoice with this key.
    pub(crate) fn invoice(&self, key: Uuid) -> Option<&Invoice> {
        self.invoices.iter().find(|invoice| invoice.key == key)
    }

    /// Whether the gateway, which has counted `received` on an invoice, has or may have other deposits to it than are known: always for one
    /// that takes any amount; for one of a payment when their sum is another.
    pub(crate) fn has_other_deposits(&self, invoice: &Invoice, received: Amount) -> bool {
        if invoice.amount.is_none() {
            return true;
        }
        let known = self
            .deposits
            .iter()
            .filter(|deposit| deposit.paid_to == invoice.key && deposit.missing_since.is_none());
        total(known).is_ok_and(|sum| sum != received)
    }

    /// The next moment at which it changes by itself: an invoice is repriced or ends, an address may not be shown any longer, the checkout
    /// closes. `None` when nothing of it lies ahead.
    pub(crate) fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let invoices = self.invoices.iter().flat_map(Invoice::deadlines);
        let purse = self.purse.iter().map(Purse::trusted_until);
        let all = invoices.chain(purse).chain([self.checkout.expires_at]);
        all.filter(|deadline| *deadline > now).min()
    }

    /// Whether an invoice has raised an alarm of this kind before.
    pub(crate) fn has_alarm(&self, invoice: Uuid, kind: &str) -> bool {
        self.alarms
            .iter()
            .any(|alarm| alarm.invoice == invoice && alarm.kind == kind)
    }

    /// The same, closed by its merchant at this moment.
    pub(crate) fn closed(&self, at: Timestamp) -> Self {
        Self {
            closed_at: Some(at),
            ..self.clone()
        }
    }

    /// Where the checkout stands, and the invoice that decides it. One that its merchant has closed asks nobody for money any more; money
    /// that comes all the same decides as it would have.
    pub(crate) fn standing(&self, now: Timestamp) -> (Phase, Option<&Invoice>) {
        match self.standing_by_itself(now) {
            (Phase::Choosing | Phase::Awaiting | Phase::Expired, invoice)
                if self.closed_at.is_some() =>
            {
                (Phase::Archived, invoice)
            }
            standing => standing,
        }
    }

    fn standing_by_itself(&self, now: Timestamp) -> (Phase, Option<&Invoice>) {
        let phases = || self.invoices.iter().map(|invoice| invoice.phase_at(now));
        let over = self.checkout.is_past_expiry(now);
        if self
            .purse
            .as_ref()
            .is_some_and(|purse| purse.is_trusted(now))
        {
            return (
                if over {
                    Phase::Expired
                } else {
                    Phase::Awaiting
                },
                None,
            );
        }
        let decides = match self.checkout.purpose {
            Purpose::Payment(_) | Purpose::Deposit(_) => {
                self.first_paid().or_else(|| deciding(phases()))
            }
            // Each goes on taking money: the one chosen last is shown, unless the gateway has ended it and not the others.
            Purpose::Topup => phases()
                .rposition(|phase| phase != Phase::Archived)
                .or_else(|| self.invoices.len().checked_sub(1)),
        };
        let Some(index) = decides else {
            return (
                if over {
                    Phase::Expired
                } else {
                    Phase::Choosing
                },
                None,
            );
        };
        let invoice = &self.invoices[index];
        let is_split = || {
            let others = self
                .invoices
                .iter()
                .filter(|other| other.key != invoice.key);
            others.into_iter().any(Invoice::has_money)
        };
        match invoice.phase_at(now) {
            Phase::Awaiting if over => (Phase::Expired, Some(invoice)),
            // The rest may be on its way to another address: nobody is asked for more until the merchant has decided.
            Phase::Underpaid if is_split() => (Phase::Intervention, Some(invoice)),
            phase => (phase, Some(invoice)),
        }
    }

    /// The place of the invoice that was paid first. Of two that were seen paid at once, the second is the one reported as such.
    fn first_paid(&self) -> Option<usize> {
        let paid = self
            .invoices
            .iter()
            .enumerate()
            .filter_map(|(index, invoice)| {
                let paid_at = invoice.paid_at?;
                Some((paid_at, invoice.second_payment_at, index))
            });
        paid.min().map(|(_, _, index)| index)
    }

    /// Whether its buyer will never see it change again: a payment that is completed; or anything else once it has closed and nothing of
    /// it is watched any more.
    pub(crate) fn is_settled(&self, now: Timestamp) -> bool {
        let (phase, _) = self.standing(now);
        let has_closed = self.checkout.is_past_expiry(now) && self.next_deadline(now).is_none();
        let is_watched = || self.invoices.iter().any(|invoice| invoice.is_watched(now));
        phase == Phase::Completed || (phase.is_final() && has_closed && !is_watched())
    }

    /// Whether the buyer may still pick a currency.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        let (phase, _) = self.standing(now);
        phase.may_choose() && !self.checkout.is_past_expiry(now)
    }
}
