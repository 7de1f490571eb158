//! One invoice: what was ordered, and where it stands.

use checkout::{Amount, Currency, Rounding, Timestamp, words};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::dialect::Ids;
use crate::index::{DepositIndex, WidgetIndex};
use crate::stored::{self, FiatCode};

/// The id of an invoice: a UUID today, a number in the past (gateway reference §1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum InvoiceId {
    Text(Uuid),
    Number(u64),
}

words! {
    /// Where an invoice stands (gateway reference §3.1).
    #[derive(Serialize, Deserialize)]
    pub(crate) enum InvoiceState {
        PendingPayment = "PENDING_PAYMENT",
        MemPoolFound = "MEM_POOL_FOUND",
        PendingComplianceCheck = "PENDING_COMPLIANCE_CHECK",
        Declined = "DECLINED",
        Paid = "PAID",
        PendingIntervention = "PENDING_INTERVENTION",
        Completed = "COMPLETED",
        Archived = "ARCHIVED",
    }
}

words! {
    /// Why the merchant must decide (gateway reference §3.3). Money from several senders has no name of its own.
    #[derive(Serialize, Deserialize)]
    pub(crate) enum Intervention {
        Underpay = "UNDERPAY",
        Overpay = "OVERPAY",
    }
}

/// How an invoice is priced (gateway reference §3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Terms {
    /// A price in fiat; the amount of crypto follows the rate.
    SingleFiat {
        fiat_amount: Amount,
        #[serde(with = "stored::fiat")]
        fiat_currency: FiatCode,
    },
    /// A price in crypto.
    Single { amount: Amount },
    /// One payment of any amount from a lower bound on.
    Bound { lower_bound: Amount },
    /// Any amount, any number of times, without end.
    Unlimited,
    /// Any amount, any number of times, without end; made from a widget.
    UnlimitedLinked,
}

impl Terms {
    /// The invoice type as the gateway writes it.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::SingleFiat { .. } => "SINGLE_FIAT",
            Self::Single { .. } => "SINGLE",
            Self::Bound { .. } => "BOUND",
            Self::Unlimited => "UNLIMITED",
            Self::UnlimitedLinked => "UNLIMITED_LINKED",
        }
    }

    /// Whether an invoice takes one payment and expires, rather than any number without end.
    pub(crate) fn is_limited(&self) -> bool {
        match self {
            Self::SingleFiat { .. } | Self::Single { .. } | Self::Bound { .. } => true,
            Self::Unlimited | Self::UnlimitedLinked => false,
        }
    }

    /// The price in fiat, if that is what the invoice is priced in.
    pub(crate) fn fiat(&self) -> Option<(Amount, &'static str)> {
        match *self {
            Self::SingleFiat {
                fiat_amount,
                fiat_currency,
            } => Some((fiat_amount, fiat_currency)),
            _ => None,
        }
    }
}

/// What a merchant asked for. Two equal orders under one idempotency key are the same order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct InvoiceOrder {
    pub(crate) terms: Terms,
    #[serde(with = "stored::currency")]
    pub(crate) currency: &'static Currency,
    pub(crate) description: String,
    pub(crate) external_id: Option<String>,
    pub(crate) expiration: Option<Timestamp>,
    pub(crate) links: Links,
    pub(crate) fiat_available: Option<bool>,
}

impl PartialEq for InvoiceOrder {
    fn eq(&self, other: &Self) -> bool {
        self.terms == other.terms
            && self.currency.code == other.currency.code
            && self.description == other.description
            && self.external_id == other.external_id
            && self.expiration == other.expiration
            && self.links == other.links
            && self.fiat_available == other.fiat_available
    }
}

/// Addresses of pages and pictures that the gateway only echoes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Links {
    pub(crate) return_url: Option<String>,
    pub(crate) support_url: Option<String>,
    pub(crate) logo_url: Option<String>,
}

/// An invoice of the ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Invoice {
    pub(crate) id: Uuid,
    /// The id where ids are numbers; zero in a file of before there were any.
    #[serde(default)]
    pub(crate) number: u64,
    pub(crate) key: Uuid,
    pub(crate) order: InvoiceOrder,
    pub(crate) address: String,
    /// What has to be paid now; none for an invoice that takes any amount.
    pub(crate) amount: Option<Amount>,
    pub(crate) created: Timestamp,
    pub(crate) expiration: Option<Timestamp>,
    pub(crate) last_fiat_updated: Option<Timestamp>,
    pub(crate) state: InvoiceState,
    pub(crate) intervention: Option<Intervention>,
    pub(crate) intervention_resolved: bool,
    /// Sum of the confirmed deposits.
    pub(crate) received: Amount,
    pub(crate) fee: Option<Amount>,
    pub(crate) deposits: Vec<DepositIndex>,
    pub(crate) last_deposit_hash: Option<String>,
    pub(crate) widget: Option<WidgetIndex>,
    /// Since when an invoice without end has seen no money.
    pub(crate) idle_since: Timestamp,
}

impl Invoice {
    /// The least that pays the invoice: its lower bound, or 995 thousandths of its amount (gateway reference §7.2). None when any
    /// amount is taken.
    ///
    /// It is exact, and may have three decimals more than the amount.
    pub(crate) fn least(&self) -> Option<Amount> {
        if let Terms::Bound { lower_bound } = self.order.terms {
            return Some(lower_bound);
        }
        let amount = self.amount?;
        let part = Amount::from_units(995, 3).expect("a small number is an amount");
        let least = amount.checked_mul(part, amount.scale() + part.scale(), Rounding::Down);
        Some(least.expect("amounts are bounded, so a few digits more fit"))
    }

    /// The first moment after `moment` at which the amount is due to be recalculated: whole intervals of the
    /// currency counted from the invoice's creation (gateway reference §7.1).
    pub(crate) fn next_repricing(&self, moment: Timestamp) -> Timestamp {
        let interval = i64::from(self.order.currency.reprice_seconds()) * 1000;
        let passed = moment.millis_since(self.created).div_euclid(interval);
        self.created.plus_millis((passed + 1) * interval)
    }

    /// When an invoice without end is archived if no money comes: 90 days after the last (gateway reference §4.2).
    pub(crate) fn idle_until(&self) -> Timestamp {
        self.idle_since.plus_seconds(90 * 24 * 60 * 60)
    }

    /// The id as answers and webhooks write it.
    pub(crate) fn name(&self, ids: Ids) -> InvoiceId {
        match ids {
            Ids::Text => InvoiceId::Text(self.id),
            Ids::Number => InvoiceId::Number(self.number),
        }
    }

    /// Whether the gateway still watches the address (gateway reference §7.3).
    pub(crate) fn is_watched(&self) -> bool {
        self.state != InvoiceState::Archived
    }

    /// Whether the expiry has passed.
    pub(crate) fn is_past_expiry(&self, moment: Timestamp) -> bool {
        self.expiration
            .is_some_and(|expiration| expiration <= moment)
    }
}
