//! The history of a checkout or a customer: one entry for each change, written in the transaction of the change and never changed again.
//!
//! What a change has to say is decided here, as a value; a database only writes it.

pub(crate) mod audit;
pub(crate) mod deposits;
pub(crate) mod invoice;

use checkout::wire::{ChangeKind, RefundState};
use checkout::{Currency, Timestamp};
use uuid::Uuid;

use super::paid_to::PaidTo;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::Purse;
use crate::checkouts::decision::{DecisionName, DecisionState};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::key;
use crate::checkouts::refund::Refund;
use crate::gateway::source::Source;

/// What brought a change about, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) source: Source,
    pub(crate) at: Timestamp,
}

/// Whose history an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    Checkout(CheckoutId),
    /// A customer, by their key. It belongs to the history of each checkout for deposits of theirs.
    Customer(Uuid),
}

impl From<PaidTo> for Subject {
    fn from(paid_to: PaidTo) -> Self {
        match paid_to {
            PaidTo::Invoice { checkout, .. } => Self::Checkout(checkout),
            PaidTo::Customer(customer) => Self::Customer(customer),
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) subject: Subject,
    pub(crate) cause: Cause,
    pub(crate) kind: ChangeKind,
    /// The key of the invoice, or of the request that made none.
    pub(crate) invoice: Option<Uuid>,
    /// The gateway's id of a deposit.
    pub(crate) deposit: Option<String>,
    /// What was before, as text; none if there was nothing.
    pub(crate) was: Option<String>,
    pub(crate) became: Option<String>,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// Its place in the history of everything: a later change has a higher number.
    pub(crate) seq: i64,
    pub(crate) entry: Entry,
}

impl Entry {
    fn new(subject: Subject, cause: Cause, kind: ChangeKind) -> Self {
        Self {
            subject,
            cause,
            kind,
            invoice: None,
            deposit: None,
            was: None,
            became: None,
        }
    }

    fn told(mut self, was: Option<String>, became: Option<String>) -> Self {
        (self.was, self.became) = (was, became);
        self
    }

    /// A checkout was made.
    pub(crate) fn created(checkout: &Checkout) -> Self {
        let source = if checkout.is_of_page() {
            Source::Page
        } else {
            Source::Merchant
        };
        let cause = Cause {
            source,
            at: checkout.created_at,
        };
        let kind = checkout.purpose.kind();
        let price = checkout.purpose.price();
        let words = price.map_or_else(
            || kind.to_string(),
            |price| format!("{kind} {} {}", price.amount(), price.currency()),
        );
        Self::new(Subject::Checkout(checkout.id), cause, ChangeKind::Created)
            .told(None, Some(words))
    }

    /// The buyer picked a currency whose invoice was there already.
    pub(crate) fn invoice_chosen(
        checkout: CheckoutId,
        invoice: Uuid,
        was: &str,
        currency: &str,
        cause: Cause,
    ) -> Self {
        let subject = Subject::Checkout(checkout);
        Self {
            invoice: Some(invoice),
            ..Self::new(subject, cause, ChangeKind::Chosen)
                .told(Some(was.to_owned()), Some(currency.to_owned()))
        }
    }

    /// The buyer picked a currency of a customer's addresses.
    pub(crate) fn purse_chosen(
        checkout: CheckoutId,
        was: Option<String>,
        currency: &Currency,
        cause: Cause,
    ) -> Self {
        let subject = Subject::Checkout(checkout);
        Self::new(subject, cause, ChangeKind::Chosen).told(was, Some(currency.code.to_owned()))
    }

    /// The gateway has named a customer's address; `was` is the address known before.
    pub(crate) fn address_named(purse: &Purse, was: Option<String>, source: Source) -> Self {
        let cause = Cause {
            source,
            at: purse.confirmed_at,
        };
        let kind = if was.as_deref() == Some(purse.address.as_str()) {
            ChangeKind::AddressConfirmed
        } else {
            ChangeKind::AddressNamed
        };
        let words = |address: &str| format!("{} {address}", purse.currency.code);
        Self::new(
            Subject::Customer(key::customer(&purse.customer)),
            cause,
            kind,
        )
        .told(
            was.map(|was| words(&was)),
            Some(words(purse.address.as_str())),
        )
    }

    /// The merchant has decided something, which the gateway is about to be told.
    pub(crate) fn decided(name: DecisionName, cause: Cause) -> Self {
        let subject = Subject::Checkout(name.checkout);
        Self {
            invoice: name.invoice,
            ..Self::new(subject, cause, ChangeKind::Decided).told(None, Some(name.act.to_string()))
        }
    }

    /// It is known what has become of that.
    pub(crate) fn settled(name: DecisionName, state: DecisionState, cause: Cause) -> Self {
        let subject = Subject::Checkout(name.checkout);
        Self {
            invoice: name.invoice,
            ..Self::new(subject, cause, ChangeKind::DecisionSettled)
                .told(Some(name.act.to_string()), Some(state.to_string()))
        }
    }

    /// A refund was asked for, or has come further.
    pub(crate) fn refund(refund: &Refund, was: Option<RefundState>, cause: Cause) -> Self {
        let subject = Subject::Checkout(refund.order.checkout);
        let became = format!(
            "{} {} {} {}",
            refund.state, refund.order.amount, refund.order.currency.code, refund.id
        );
        Self {
            invoice: refund.order.invoice,
            deposit: refund.order.deposit.clone(),
            ..Self::new(subject, cause, ChangeKind::Refund)
                .told(was.map(|was| was.to_string()), Some(became))
        }
    }

    /// The gateway has contradicted itself about an invoice.
    pub(crate) fn alarm(checkout: CheckoutId, alarm: &Alarm, source: Source) -> Self {
        let cause = Cause {
            source,
            at: alarm.at,
        };
        Self {
            invoice: Some(alarm.invoice),
            ..Self::new(Subject::Checkout(checkout), cause, ChangeKind::Alarm)
                .told(None, Some(format!("{}: {}", alarm.kind, alarm.detail)))
        }
    }
}
