//! Where deposits put an invoice.

use checkout::{Amount, Rounding, Timestamp};

use super::{Due, Ledger};
use crate::addresses;
use crate::deposit::Stage;
use crate::event::EventName;
use crate::invoice::{Intervention, Invoice, InvoiceIndex, InvoiceState, Terms};

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

    /// Compares what was received with the amount, by whole numbers only: at least 995 thousandths of it, and
    /// above it by no more than the tolerance in percent. A lower bound has no tolerance, and no upper one beside it.
    fn judge(&self, invoice: &Invoice) -> Verdict {
        if let Terms::Bound { lower_bound } = invoice.order.terms {
            let enough = invoice.received >= lower_bound;
            return if enough {
                Verdict::Acceptable
            } else {
                Verdict::TooLittle
            };
        }
        let Some(amount) = invoice.amount else {
            return Verdict::Acceptable;
        };
        let exact = |amount: Amount, factor: Amount| {
            let product =
                amount.checked_mul(factor, amount.scale() + factor.scale(), Rounding::Down);
            product.expect("deposits and amounts are bounded, so a few digits more fit")
        };
        let whole = |units| Amount::from_units(units, 0).expect("a small number is an amount");
        let hundred = whole(100);
        let most = hundred
            .checked_add(self.rules.overpay_tolerance_percent)
            .expect("a tolerance is small");
        if exact(invoice.received, whole(1000)) < exact(amount, whole(995)) {
            Verdict::TooLittle
        } else if exact(invoice.received, hundred) > exact(amount, most) {
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
