//! What happens to invoices by time alone.

use checkout::Timestamp;

use super::{Due, Ledger};
use crate::deposit::Recipient;
use crate::event::EventName;
use crate::index::{DepositIndex, InvoiceIndex};
use crate::invoice::InvoiceState;

impl Ledger {
    /// An unpaid invoice gets today's amount; any other keeps its own (gateway reference §7.1).
    pub(super) fn reprice(&mut self, index: InvoiceIndex, at: Timestamp) {
        let invoice = &self.invoices[index.0];
        if invoice.state != InvoiceState::PendingPayment {
            return;
        }
        let amount = self.amount_due(&invoice.order, at);
        let next = invoice.next_repricing(at);
        let invoice = &mut self.invoices[index.0];
        invoice.amount = amount;
        invoice.last_fiat_updated = Some(at);
        self.due.insert((next, Due::Reprice(index)));
    }

    /// Whether opening the link of this invoice changes its amount (gateway reference §7.1).
    pub(crate) fn reprices_when_opened(&self, index: InvoiceIndex) -> bool {
        let invoice = &self.invoices[index.0];
        self.rules.reprice_on_opening
            && invoice.state == InvoiceState::PendingPayment
            && invoice.order.terms.fiat().is_some()
    }

    /// The link of an invoice is opened: it gets today's amount. The moments of its repricings stay.
    pub(crate) fn open(&mut self, index: InvoiceIndex, now: Timestamp) {
        let amount = self.amount_due(&self.invoices[index.0].order, now);
        let invoice = &mut self.invoices[index.0];
        invoice.amount = amount;
        invoice.last_fiat_updated = Some(now);
    }

    /// Only an unpaid invoice expires; then its address is not watched any more (gateway reference §7.3).
    pub(super) fn expire(&mut self, index: InvoiceIndex, at: Timestamp) {
        let invoice = &mut self.invoices[index.0];
        if invoice.state == InvoiceState::PendingPayment {
            invoice.state = InvoiceState::Archived;
            self.announce(at, EventName::InvoiceExpired, index, None);
        }
    }

    /// An invoice without end is archived when it has seen no money for three months (gateway reference §4.2).
    pub(super) fn archive_idle(&mut self, index: InvoiceIndex, at: Timestamp) {
        let invoice = &self.invoices[index.0];
        let until = invoice.idle_until();
        if invoice.state != InvoiceState::PendingPayment {
            return;
        }
        if until > at {
            self.due.insert((until, Due::ArchiveIdle(index)));
        } else {
            // It has no expiry, so there is no event of that either.
            self.invoices[index.0].state = InvoiceState::Archived;
        }
    }

    /// A deposit to an invoice without end, or to a purse, reaches the merchant's balance.
    pub(super) fn credit_deposit(&mut self, index: DepositIndex, at: Timestamp) {
        let deposit = &self.deposits[index.0];
        let (to, fee) = (
            deposit.to,
            self.fee_of(deposit.amount, deposit.currency.scale),
        );
        self.deposits[index.0].fee = Some(fee);
        match to {
            Recipient::Invoice(invoice) => {
                self.announce(
                    at,
                    EventName::InvoiceTranslationCompleted,
                    invoice,
                    Some(index),
                );
            }
            Recipient::Purse(purse) => {
                self.announce_purse(at, EventName::PurseTranslationCompleted, purse, Some(index));
            }
        }
    }

    /// The money reaches the merchant's balance, less the service fee.
    pub(super) fn credit(&mut self, index: InvoiceIndex, at: Timestamp) {
        let invoice = &self.invoices[index.0];
        if invoice.state == InvoiceState::Paid {
            let fee = self.fee_of(invoice.received, invoice.order.currency.scale);
            let invoice = &mut self.invoices[index.0];
            invoice.fee = Some(fee);
            invoice.state = InvoiceState::Completed;
            self.announce(at, EventName::InvoiceTranslationCompleted, index, None);
        }
    }
}
