//! What a merchant has decided about a checkout, and the gateway has to be told: written down first, carried out then.

use checkout::words;
use checkout::{InvoiceStatus, Phase, Timestamp};
use uuid::Uuid;

use super::id::CheckoutId;
use super::invoice::Invoice;
use super::purpose::Purpose;
use super::shop_id::ShopId;
use super::snapshot::Snapshot;

words! {
    /// What can be decided.
    pub(crate) enum Act expecting "archive, return_to_paid or close" {
        /// The checkout is closed for its buyer, and the invoices that wait for money are archived (gateway reference §2.14).
        Archive = "archive",
        /// What an invoice has received is accepted as the payment (gateway reference §2.15).
        ReturnToPaid = "return_to_paid",
        /// The intervention of a credited invoice is marked as resolved (gateway reference §2.15).
        Close = "close",
    }
}

words! {
    /// How far a decision has come.
    pub(crate) enum DecisionState expecting "open, done, withdrawn or refused" {
        /// It is written down; the gateway has not been told, or has not answered so that it is known.
        Open = "open",
        /// The gateway's readings show it.
        Done = "done",
        /// Money came in sight, so the checkout is not closed any more.
        Withdrawn = "withdrawn",
        /// The gateway does not do it.
        Refused = "refused",
    }
}

/// Which decision: there is one of each for a checkout, or for an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DecisionName {
    pub(crate) checkout: CheckoutId,
    pub(crate) act: Act,
    /// The key of the invoice; none for what is decided about the checkout.
    pub(crate) invoice: Option<Uuid>,
}

/// A decision as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) name: DecisionName,
    pub(crate) shop: ShopId,
    pub(crate) decided_at: Timestamp,
    pub(crate) state: DecisionState,
}

/// What the gateway's answer to the call said, whatever it shows when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// Nothing that could be relied on, or nothing was asked.
    Nothing,
    /// It has done it.
    Yes,
    /// It has not done it, and will not.
    No,
}

/// Why something cannot be decided. Each reads as a sentence to the merchant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Objection {
    /// Whoever archives an address loses what is on its way there.
    #[error(
        "money is in sight for this checkout, so it is not archived; what is on its way decides"
    )]
    MoneyInSight,
    /// Only payments have interventions (gateway reference §2.15).
    #[error("only a payment has interventions: a top-up and a deposit take any amount")]
    NoPayment,
    /// The invoice is not one of the checkout's.
    #[error("the checkout has no such invoice")]
    NoInvoice,
    /// It waits for no decision.
    #[error(
        "the gateway says {status} of the invoice, and takes this decision only in PENDING_INTERVENTION"
    )]
    NotPending {
        /// The gateway's own word.
        status: InvoiceStatus,
    },
    /// Only what was credited after an intervention can be marked.
    #[error(
        "the gateway says {status} of the invoice, and takes this decision only in COMPLETED after an intervention"
    )]
    NotCompleted {
        /// The gateway's own word.
        status: InvoiceStatus,
    },
}

impl DecisionName {
    /// What stands against it, by what was read last.
    pub(crate) fn objection(&self, snapshot: &Snapshot) -> Option<Objection> {
        let Some(key) = self.invoice else {
            return snapshot
                .has_money_in_sight()
                .then_some(Objection::MoneyInSight);
        };
        if !matches!(snapshot.checkout.purpose, Purpose::Payment(_)) {
            return Some(Objection::NoPayment);
        }
        let Some(invoice) = snapshot.invoice(key) else {
            return Some(Objection::NoInvoice);
        };
        if self.act.is_possible(invoice) {
            return None;
        }
        let status = invoice.status.clone();
        Some(match self.act {
            Act::Close => Objection::NotCompleted { status },
            Act::Archive | Act::ReturnToPaid => Objection::NotPending { status },
        })
    }
}

impl Act {
    /// Whether the gateway's last word about an invoice allows it.
    pub(crate) fn is_possible(self, invoice: &Invoice) -> bool {
        match self {
            Self::Archive => false,
            // Accepted at the gateway by other means, it is called paid there, and too little for that here.
            Self::ReturnToPaid => {
                invoice.status == InvoiceStatus::PendingIntervention || invoice.is_called_paid()
            }
            Self::Close => {
                invoice.status == InvoiceStatus::Completed && invoice.intervention.is_some()
            }
        }
    }
}

impl Decision {
    /// What has become of it, by what was read since the gateway was told. `is_making` says that an invoice of the checkout is asked for
    /// whose making nobody knows the outcome of.
    ///
    /// That money is there, or that an address is withdrawn, is never taken from the merchant's word or from an answer to a call: the
    /// phases say it, which readings move.
    pub(crate) fn settled(
        &self,
        snapshot: &Snapshot,
        is_making: bool,
        said: Said,
        now: Timestamp,
    ) -> DecisionState {
        let Some(key) = self.name.invoice else {
            return archived(snapshot, is_making, now);
        };
        let Some(invoice) = snapshot.invoice(key) else {
            return DecisionState::Refused;
        };
        match self.name.act {
            Act::Close if said == Said::Yes => DecisionState::Done,
            Act::ReturnToPaid if invoice.phase.is_paid() => DecisionState::Done,
            // What it was decided on is over: sent back, or never so.
            _ if !self.name.act.is_possible(invoice) => DecisionState::Refused,
            _ if said == Said::No => DecisionState::Refused,
            _ => DecisionState::Open,
        }
    }

    /// When the gateway may be told to archive an invoice. It tells nothing of money that is on its way to a top-up, and what is on its way to an
    /// address is lost when that is archived: so such an address is archived a day after the last page has shown it.
    pub(crate) fn may_archive_from(&self, invoice: &Invoice) -> Timestamp {
        match invoice.amount {
            Some(_) => self.decided_at,
            None => self.decided_at.plus_seconds(ON_THE_WAY_SECONDS),
        }
    }

    /// After which pause the gateway is told again: soon at first, each hour in the end.
    pub(crate) fn next_try(&self, now: Timestamp) -> Timestamp {
        let age = now.millis_since(self.decided_at) / 1000;
        now.plus_seconds((age / 8).clamp(SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS))
    }
}

fn archived(snapshot: &Snapshot, is_making: bool, now: Timestamp) -> DecisionState {
    if snapshot.has_money_in_sight() {
        match snapshot.checkout.purpose {
            Purpose::Payment(_) => DecisionState::Withdrawn,
            // What is on its way to a top-up arrives there, and its page need not be open for that.
            Purpose::Topup | Purpose::Deposit(_) => DecisionState::Open,
        }
    } else if is_making || snapshot.pending(now).next().is_some() {
        DecisionState::Open
    } else {
        DecisionState::Done
    }
}

/// How long a payment may be on its way: confirmations take up to several hours (gateway reference §7.5).
const ON_THE_WAY_SECONDS: i64 = 24 * 60 * 60;
const SHORTEST_PAUSE_SECONDS: i64 = 30;
/// How far ahead the next try of a decision lies at most. One that was put off further was so by a clock that was wrong.
pub(crate) const LONGEST_PAUSE_SECONDS: i64 = 60 * 60;

impl Invoice {
    /// Whether the gateway calls it paid, and its readings say that too little has come for that.
    pub(crate) fn is_called_paid(&self) -> bool {
        let says_paid = matches!(self.status, InvoiceStatus::Paid | InvoiceStatus::Completed);
        says_paid && self.phase == Phase::Intervention
    }
}

impl Snapshot {
    /// Whether money is on its way or here about which nobody has decided. What a top-up has taken and was confirmed is its ordinary course;
    /// a customer's addresses are not the checkout's.
    pub(crate) fn has_money_in_sight(&self) -> bool {
        match self.checkout.purpose {
            Purpose::Deposit(_) => false,
            Purpose::Topup => self.deposits.iter().any(|one| one.is_on_the_way()),
            Purpose::Payment(_) => {
                let sent_back = |key: Uuid| {
                    let invoice = self.invoice(key);
                    invoice.is_some_and(|invoice| invoice.phase == Phase::Archived)
                };
                self.invoices.iter().any(Invoice::has_money)
                    || self.deposits.iter().any(|deposit| {
                        deposit.is_on_the_way() || (deposit.counts() && !sent_back(deposit.paid_to))
                    })
            }
        }
    }

    /// The invoices whose addresses the gateway still watches for a payment.
    pub(crate) fn pending(&self, now: Timestamp) -> impl Iterator<Item = &Invoice> {
        self.invoices.iter().filter(move |invoice| {
            match invoice.amount {
                Some(_) => invoice.phase_at(now) == Phase::Awaiting,
                // A top-up's address takes money until the gateway archives it, however long ago the checkout has ended.
                None => invoice.phase != Phase::Archived,
            }
        })
    }
}

#[cfg(test)]
mod tests;
