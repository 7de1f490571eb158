//! Refunds: what the merchant sends back, as records. The gateway documents no call that sends anything back (gateway reference §7.4).

use std::fmt;

use checkout::wire::RefundState;
use checkout::{Address, Amount, AmountError, Currency, Timestamp};
use uuid::Uuid;

use super::deposit::{Deposit, sum};
use super::id::CheckoutId;
use super::idempotency_key::Fingerprint;
use super::key;
use super::purpose::Purpose;
use super::shop_id::ShopId;
use super::snapshot::Snapshot;

/// The id of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RefundId(Uuid);

impl RefundId {
    /// A new one.
    pub(crate) fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// Reads what is printed; `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let uuid = Uuid::try_parse(text).ok()?;
        (uuid.hyphenated().to_string() == text).then_some(Self(uuid))
    }
}

impl fmt::Display for RefundId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

/// What is to be sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefundOrder {
    pub(crate) shop: ShopId,
    pub(crate) checkout: CheckoutId,
    /// The key of the invoice that it is about, if one is named.
    pub(crate) invoice: Option<Uuid>,
    /// The gateway's id of the deposit that it is about, if one is named.
    pub(crate) deposit: Option<String>,
    pub(crate) currency: &'static Currency,
    pub(crate) amount: Amount,
    /// Where it goes.
    pub(crate) address: Address,
    /// Why.
    pub(crate) reason: String,
}

/// The key that a refund is asked for with, so that a retry makes no second one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefundKey {
    pub(crate) key: String,
    pub(crate) fingerprint: Fingerprint,
}

/// A refund as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refund {
    pub(crate) id: RefundId,
    pub(crate) order: RefundOrder,
    pub(crate) state: RefundState,
    pub(crate) requested_at: Timestamp,
    pub(crate) approved_at: Option<Timestamp>,
    pub(crate) sent_at: Option<Timestamp>,
    /// The transaction that has sent it, by the merchant's word.
    pub(crate) transaction: Option<String>,
    pub(crate) cancelled_at: Option<Timestamp>,
}

/// What is done with a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RefundStep {
    /// It may be sent.
    Approve,
    /// It was sent, by this transaction.
    Send(String),
    /// It is not sent.
    Cancel,
}

/// A step that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StepError {
    /// From the state it is in no such step leads.
    #[error("the refund is {state}; only one that is {needed} can be {becomes}")]
    WrongState {
        /// Where it stands.
        state: RefundState,
        /// From where the step leads.
        needed: &'static str,
        /// Where it would lead.
        becomes: RefundState,
    },
    /// It was sent already, by another transaction.
    #[error("the refund was sent by another transaction already")]
    OtherTransaction,
}

/// Why no refund is made of an order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefundError {
    /// More than there is.
    #[error(
        "{asked} is more than can be sent back: {of} has received {received} in this currency, and refunds take {taken} of it"
    )]
    TooLarge {
        /// What was asked for.
        asked: Amount,
        /// Of what: the checkout, the invoice or the deposit.
        of: &'static str,
        /// What has arrived there.
        received: Amount,
        /// What refunds that are not cancelled take.
        taken: Amount,
    },
    /// The checkout has no such invoice, or no such deposit in this currency that has arrived.
    #[error("`{0}` names none of this checkout")]
    Unknown(&'static str),
    /// A sum is no amount any more.
    #[error(transparent)]
    Sum(#[from] AmountError),
}

impl RefundOrder {
    /// Whose money it is, as text: a checkout's, or a customer's, who may have several checkouts.
    pub(crate) fn owner(snapshot: &Snapshot) -> String {
        match &snapshot.checkout.purpose {
            Purpose::Payment(_) | Purpose::Topup => snapshot.checkout.id.to_string(),
            Purpose::Deposit(customer) => key::customer(customer).to_string(),
        }
    }

    /// Makes the refund, if what has arrived covers it beside the refunds of the same owner's money that are there.
    ///
    /// # Errors
    /// [`RefundError`].
    pub(crate) fn decide(
        &self,
        id: RefundId,
        snapshot: &Snapshot,
        refunds: &[Refund],
        now: Timestamp,
    ) -> Result<Refund, RefundError> {
        let arrived = |fits: &dyn Fn(&Deposit) -> bool| {
            let deposits = snapshot.deposits.iter();
            let of_currency =
                deposits.filter(|deposit| deposit.counts() && deposit.currency.is(self.currency));
            sum(of_currency.filter(|deposit| fits(deposit)))
        };
        if let Some(invoice) = self.invoice {
            if snapshot.invoice(invoice).is_none() {
                return Err(RefundError::Unknown("invoice"));
            }
            let received = arrived(&|deposit| deposit.paid_to == invoice)?;
            let about = |other: &RefundOrder| other.invoice == self.invoice;
            self.check("the invoice", received, refunds, &about)?;
        }
        if let Some(named) = &self.deposit {
            let is_it = |deposit: &Deposit| {
                deposit.id == *named && self.invoice.is_none_or(|key| key == deposit.paid_to)
            };
            let received = arrived(&is_it)?;
            if received.is_zero() {
                return Err(RefundError::Unknown("deposit"));
            }
            let about = |other: &RefundOrder| other.deposit == self.deposit;
            self.check("the deposit", received, refunds, &about)?;
        }
        let received = arrived(&|_| true)?;
        self.check("the checkout", received, refunds, &|_| true)?;
        Ok(Refund {
            id,
            order: self.clone(),
            state: RefundState::Requested,
            requested_at: now,
            approved_at: None,
            sent_at: None,
            transaction: None,
            cancelled_at: None,
        })
    }

    fn check(
        &self,
        of: &'static str,
        received: Amount,
        refunds: &[Refund],
        about: &dyn Fn(&RefundOrder) -> bool,
    ) -> Result<(), RefundError> {
        let taking = refunds.iter().filter(|refund| {
            refund.state != RefundState::Cancelled
                && refund.order.currency.code == self.currency.code
                && about(&refund.order)
        });
        let taken = taking.map(|refund| refund.order.amount);
        let taken = taken
            .into_iter()
            .try_fold(Amount::ZERO, |sum, amount| sum.checked_add(amount))?
            .normalized();
        if taken.checked_add(self.amount)? > received {
            return Err(RefundError::TooLarge {
                asked: self.amount,
                of,
                received,
                taken,
            });
        }
        Ok(())
    }
}

impl Refund {
    /// Takes a step. `None` when that was done before.
    ///
    /// # Errors
    /// [`StepError`].
    pub(crate) fn step(
        &self,
        step: &RefundStep,
        now: Timestamp,
    ) -> Result<Option<Self>, StepError> {
        let wrong = |needed, becomes| StepError::WrongState {
            state: self.state,
            needed,
            becomes,
        };
        let mut after = self.clone();
        match (step, self.state) {
            (RefundStep::Approve, RefundState::Approved)
            | (RefundStep::Cancel, RefundState::Cancelled) => return Ok(None),
            (RefundStep::Send(transaction), RefundState::Sent) => {
                return if self.transaction.as_ref() == Some(transaction) {
                    Ok(None)
                } else {
                    Err(StepError::OtherTransaction)
                };
            }
            (RefundStep::Approve, RefundState::Requested) => {
                (after.state, after.approved_at) = (RefundState::Approved, Some(now));
            }
            (RefundStep::Send(transaction), RefundState::Approved) => {
                (after.state, after.sent_at) = (RefundState::Sent, Some(now));
                after.transaction = Some(transaction.clone());
            }
            (RefundStep::Cancel, RefundState::Requested | RefundState::Approved) => {
                (after.state, after.cancelled_at) = (RefundState::Cancelled, Some(now));
            }
            (RefundStep::Approve, RefundState::Sent | RefundState::Cancelled) => {
                return Err(wrong("requested", RefundState::Approved));
            }
            (RefundStep::Send(_), RefundState::Requested | RefundState::Cancelled) => {
                return Err(wrong("approved", RefundState::Sent));
            }
            (RefundStep::Cancel, RefundState::Sent) => {
                return Err(wrong("requested or approved", RefundState::Cancelled));
            }
        }
        Ok(Some(after))
    }
}

/// Which refunds of a shop a list is to name. What is not said is no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RefundSearch {
    pub(crate) checkout: Option<CheckoutId>,
    pub(crate) state: Option<RefundState>,
}

/// The place of a refund in a list, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RefundPlace {
    pub(crate) requested_at: Timestamp,
    pub(crate) id: RefundId,
}

impl RefundPlace {
    /// Reads what it prints; `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (millis, id) = text.split_once('.')?;
        let place = Self {
            requested_at: Timestamp::from_millis(millis.parse().ok()?),
            id: RefundId::parse(id)?,
        };
        (place.to_string() == text).then_some(place)
    }
}

impl fmt::Display for RefundPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.requested_at.millis(), self.id)
    }
}

#[cfg(test)]
mod tests;
