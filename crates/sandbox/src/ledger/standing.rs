//! Where deposits put an invoice.

use checkout::{Amount, Rounding, Timestamp};

use super::{Due, Ledger};
use crate::addresses;
use crate::deposit::Stage;
use crate::event::EventName;
use crate::index::InvoiceIndex;
use crate::invoice::{Intervention, Invoice, InvoiceState};

impl Ledger {
    /// Puts an invoice where its deposits say it stands (gateway reference §4.1, §7.2).
    ///
    /// Nothing leads back from PAID; DECLINED stays, because compliance has suspended the invoice.
    pub(super) fn settle(&mut self, index: InvoiceIndex, now: Timestamp) {
        use InvoiceState::{
            Archived, Completed, Declined, Paid, PendingIntervention, PendingPayment,
        };
        let invoice = &self.invoices[index.0];
        if matches!(invoice.state, Paid | Completed | Archived | Declined)
            || !invoice.order.terms.is_limited()
        {
            return;
        }
        let (state, intervention) = self.standing(invoice);
        let before = (invoice.state, invoice.intervention);
        let next_repricing = invoice.next_repricing(now);
        let expired = invoice.is_past_expiry(now);
        let priced_in_fiat = invoice.order.terms.fiat().is_some();
        let invoice = &mut self.invoices[index.0];
        invoice.state = state;
        invoice.intervention = intervention;
        invoice.intervention_resolved = state != PendingIntervention;
        match state {
            Paid => self.pay(index, now),
            // A dropped deposit leaves an invoice that is repriced again, or that should have expired meanwhile.
            PendingPayment if before.0 != PendingPayment && expired => self.expire(index, now),
            PendingPayment if before.0 != PendingPayment && priced_in_fiat => {
                self.due.insert((next_repricing, Due::Reprice(index)));
            }
            PendingIntervention if before != (state, intervention) => {
                self.announce(now, EventName::InvoicePendingIntervention, index, None);
            }
            _ => {}
        }
    }

    /// What follows from being paid: the money is credited soon, and the widget is done.
    pub(super) fn pay(&mut self, index: InvoiceIndex, now: Timestamp) {
        let invoice = &self.invoices[index.0];
        let fee = self.fee_of(invoice.received, invoice.order.currency.scale);
        let invoice = &mut self.invoices[index.0];
        invoice.state = InvoiceState::Paid;
        // Visible from now on (gateway reference §2.0); it is final when the money is credited.
        invoice.fee = Some(fee);
        let credited = now.plus_seconds(i64::from(self.rules.crediting_seconds));
        self.due.insert((credited, Due::Credit(index)));
        self.complete_widget(index);
        self.announce(now, EventName::InvoicePaid, index, None);
    }

    /// Where the deposits of an open invoice put it.
    fn standing(&self, invoice: &Invoice) -> (InvoiceState, Option<Intervention>) {
        let deposits = || invoice.deposits.iter().map(|index| &self.deposits[index.0]);
        let any = |stage: Stage| deposits().any(|deposit| deposit.stage == stage);
        let mut senders = deposits()
            .filter(|deposit| deposit.stage == Stage::Confirmed)
            .map(|deposit| &deposit.from);
        let first = senders.next();
        if any(Stage::Declined) {
            (InvoiceState::Declined, None)
        } else if any(Stage::Review) {
            (InvoiceState::PendingComplianceCheck, None)
        } else if let Some(first) = first {
            let mixed = senders.any(|sender| !addresses::same(sender, first));
            match if mixed {
                Verdict::MixedSenders
            } else {
                self.judge(invoice)
            } {
                Verdict::Acceptable => (InvoiceState::Paid, None),
                Verdict::TooLittle => (
                    InvoiceState::PendingIntervention,
                    Some(Intervention::Underpay),
                ),
                Verdict::TooMuch => (
                    InvoiceState::PendingIntervention,
                    Some(Intervention::Overpay),
                ),
                Verdict::MixedSenders => (InvoiceState::PendingIntervention, None),
            }
        } else if any(Stage::Mempool) {
            (InvoiceState::MemPoolFound, None)
        } else {
            (InvoiceState::PendingPayment, None)
        }
    }

    /// Compares what was received with the amount, without rounding: at least [`Invoice::least`], and above the amount by no
    /// more than the tolerance in percent. An invoice with a lower bound has no amount, so nothing is too much for it.
    fn judge(&self, invoice: &Invoice) -> Verdict {
        if invoice
            .least()
            .is_some_and(|least| invoice.received < least)
        {
            return Verdict::TooLittle;
        }
        let Some(amount) = invoice.amount else {
            return Verdict::Acceptable;
        };
        let exact = |amount: Amount, factor: Amount| {
            let product =
                amount.checked_mul(factor, amount.scale() + factor.scale(), Rounding::Down);
            product.expect("deposits and amounts are bounded, so a few digits more fit")
        };
        let hundred = Amount::from_units(100, 0).expect("a small number is an amount");
        let most = hundred
            .checked_add(self.rules.overpay_tolerance_percent)
            .expect("a tolerance is small");
        if exact(invoice.received, hundred) > exact(amount, most) {
            Verdict::TooMuch
        } else {
            Verdict::Acceptable
        }
    }
}

enum Verdict {
    Acceptable,
    TooLittle,
    TooMuch,
    MixedSenders,
}
