//! What a gateway says that cannot be true, each by its name.
//!
//! Said of a whole answer it is a refusal: nothing of the answer is taken in. Said of a part it is an alarm: that part stays as it was
//! known, and the rest is taken in, because an answer that is wrong about a price may still be right about money.

use checkout::{Amount, InvoiceStatus, Timestamp};

/// Why a reading, or a part of it, cannot be true of what it should be about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsound {
    #[error("{reason}")]
    Unreadable { reason: String },
    #[error("{field} was sent as {sent}, the answer has {received}")]
    Contradiction {
        field: &'static str,
        sent: String,
        received: String,
    },
    #[error("the gateway's id is empty")]
    NoId,
    #[error("the gateway's id has {length} characters, or some that no id has")]
    BadId { length: usize },
    #[error("the gateway's id was {known}, the reading has {read}")]
    OtherId { known: String, read: String },
    #[error("the idempotency key is {known}, the reading has {read}")]
    OtherKey { known: String, read: String },
    #[error("the gateway's id belongs to another invoice")]
    SharedId,
    #[error("expected currency {expected}, the reading has {read}")]
    OtherCurrency {
        expected: &'static str,
        read: String,
    },
    #[error("expected an invoice of the kind {expected}, the reading has {read}")]
    OtherKind {
        expected: &'static str,
        read: String,
    },
    #[error("the address does not parse for the currency's network: {0}")]
    BadAddress(checkout::AddressError),
    #[error("the address has changed since the invoice was made")]
    OtherAddress,
    #[error("the address belongs to somebody else who may still be paying to it")]
    SharedAddress,
    #[error("expected a price of {expected}, the reading has none")]
    NoPrice { expected: String },
    #[error("expected a price of {expected}, the reading has {read}")]
    OtherPrice { expected: String, read: String },
    #[error("the amount is missing")]
    NoAmount,
    #[error("the amount {amount} cannot be paid: {reason}")]
    BadAmount { amount: Amount, reason: String },
    #[error(
        "the amount is {amount}; by the latest rate it should be {expected}, more or less {percent} %"
    )]
    OffRate {
        amount: Amount,
        expected: Amount,
        percent: u8,
    },
    #[error("the amount {amount} could not be compared: there is no fresh rate")]
    NoRate { amount: Amount },
    #[error("the amount was {known} and is {read} without a repricing")]
    AmountChanged { known: Amount, read: Amount },
    #[error("the amount was {known} when it was paid, and is {read} after it")]
    AmountChangedAfterPayment { known: Amount, read: Amount },
    #[error("the amount was worked out at {at}, which is still ahead: it is {now}")]
    PricedAhead { at: Timestamp, now: Timestamp },
    #[error("the expiration is missing")]
    NoExpiration,
    #[error("the expiration {expiration} is not in the future, it is {now}")]
    AlreadyExpired {
        expiration: Timestamp,
        now: Timestamp,
    },
    #[error("the expiration {expiration} is later than was asked for; the latest is {latest}")]
    ExpiresTooLate {
        expiration: Timestamp,
        latest: Timestamp,
    },
    #[error("the expiration was {known} and has moved back to {read}")]
    ExpiryMovedBack { known: Timestamp, read: Timestamp },
    #[error("a new invoice is {status} already, with {received} received")]
    NotFresh {
        status: InvoiceStatus,
        received: Amount,
    },
    #[error("{known} had been received, the reading has {read}")]
    ReceivedShrank { known: Amount, read: Amount },
    #[error("the reading says {status}, with {received} received of {amount}")]
    PaidWithTooLittle {
        status: InvoiceStatus,
        received: Amount,
        amount: Amount,
    },
    #[error("the reading says {status}, with {received} received")]
    MoneyWithoutStatus {
        status: InvoiceStatus,
        received: Amount,
    },
    #[error("the invoice is over ({status}), and {received} has been received")]
    MoneyAfterEnd {
        status: InvoiceStatus,
        received: Amount,
    },
    #[error("the status was {known}, which nothing leads back from; the reading has {read}")]
    StatusWentBack {
        known: InvoiceStatus,
        read: InvoiceStatus,
    },
    #[error("the reading has a status this program does not know: {read}")]
    UnknownStatus { read: String },
    #[error("the reading calls {received} received of {amount} {kind}")]
    InterventionContradicts {
        kind: String,
        received: Amount,
        amount: Amount,
    },
    #[error("the hash of the last deposit is none of this network")]
    BadTransaction,
    #[error("the fee {fee} is more than the {received} received")]
    FeeTooHigh { fee: Amount, received: Amount },
}

impl Unsound {
    /// What a failed call says that cannot be true; `None` where the gateway, or the way to it, only failed.
    pub(crate) fn of(error: &calypso::Error) -> Option<Self> {
        match error {
            calypso::Error::Unreadable { .. } => Some(Self::Unreadable {
                reason: error.to_string(),
            }),
            calypso::Error::Contradiction {
                field,
                sent,
                received,
                ..
            }
            | calypso::Error::KeyReused {
                field,
                sent,
                stored: received,
                ..
            } => Some(Self::Contradiction {
                field,
                sent: sent.clone(),
                received: received.clone(),
            }),
            calypso::Error::Unsettled { write, then } => Self::of(write).or_else(|| Self::of(then)),
            _ => None,
        }
    }

    /// Every [`Unsound::name`].
    pub(crate) const NAMES: [&str; 35] = [
        "unreadable",
        "contradiction",
        "no_id",
        "bad_id",
        "other_id",
        "other_key",
        "shared_id",
        "other_currency",
        "other_kind",
        "bad_address",
        "other_address",
        "shared_address",
        "no_price",
        "other_price",
        "no_amount",
        "bad_amount",
        "off_rate",
        "no_rate",
        "amount_changed",
        "amount_changed_after_payment",
        "priced_ahead",
        "no_expiration",
        "already_expired",
        "expires_too_late",
        "expiry_moved_back",
        "not_fresh",
        "received_shrank",
        "paid_with_too_little",
        "money_without_status",
        "money_after_end",
        "status_went_back",
        "unknown_status",
        "intervention_contradicts",
        "bad_transaction",
        "fee_too_high",
    ];

    /// The name under which it is logged and kept. It never changes: operators' alerts look for it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::Contradiction { .. } => "contradiction",
            Self::NoId => "no_id",
            Self::BadId { .. } => "bad_id",
            Self::OtherId { .. } => "other_id",
            Self::OtherKey { .. } => "other_key",
            Self::SharedId => "shared_id",
            Self::OtherCurrency { .. } => "other_currency",
            Self::OtherKind { .. } => "other_kind",
            Self::BadAddress(_) => "bad_address",
            Self::OtherAddress => "other_address",
            Self::SharedAddress => "shared_address",
            Self::NoPrice { .. } => "no_price",
            Self::OtherPrice { .. } => "other_price",
            Self::NoAmount => "no_amount",
            Self::BadAmount { .. } => "bad_amount",
            Self::OffRate { .. } => "off_rate",
            Self::NoRate { .. } => "no_rate",
            Self::AmountChanged { .. } => "amount_changed",
            Self::AmountChangedAfterPayment { .. } => "amount_changed_after_payment",
            Self::PricedAhead { .. } => "priced_ahead",
            Self::NoExpiration => "no_expiration",
            Self::AlreadyExpired { .. } => "already_expired",
            Self::ExpiresTooLate { .. } => "expires_too_late",
            Self::ExpiryMovedBack { .. } => "expiry_moved_back",
            Self::NotFresh { .. } => "not_fresh",
            Self::ReceivedShrank { .. } => "received_shrank",
            Self::PaidWithTooLittle { .. } => "paid_with_too_little",
            Self::MoneyWithoutStatus { .. } => "money_without_status",
            Self::MoneyAfterEnd { .. } => "money_after_end",
            Self::StatusWentBack { .. } => "status_went_back",
            Self::UnknownStatus { .. } => "unknown_status",
            Self::InterventionContradicts { .. } => "intervention_contradicts",
            Self::BadTransaction => "bad_transaction",
            Self::FeeTooHigh { .. } => "fee_too_high",
        }
    }
}

#[cfg(test)]
mod tests {
    use calypso::Error;

    use super::Unsound;

    fn unreadable() -> Error {
        Error::Unreadable {
            path: "/api/v1/invoice",
            status: 200,
            reason: "no id".to_owned(),
        }
    }

    fn contradiction() -> Error {
        Error::Contradiction {
            path: "/api/v1/invoice",
            field: "currency",
            sent: "BTC".to_owned(),
            received: "LTC".to_owned(),
        }
    }

    fn failed() -> Error {
        Error::NoConnection {
            path: "/api/v1/invoice",
            reason: "refused".to_owned(),
        }
    }

    fn open(write: Error, then: Error) -> Error {
        Error::Unsettled {
            write: Box::new(write),
            then: Box::new(then),
        }
    }

    #[test]
    fn the_list_of_names_is_whole() {
        let text = include_str!("unsound.rs");
        let (_, body) = text.split_once("pub(crate) fn name(&self)").unwrap();
        let (body, _) = body.split_once("\n    }\n").unwrap();
        let names: Vec<&str> = body
            .split("=> \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert_eq!(names, Unsound::NAMES);
    }

    #[test]
    fn only_an_answer_that_cannot_be_true_raises_an_alarm() {
        let reused = Error::KeyReused {
            key: "k".to_owned(),
            field: "currency",
            sent: "BTC".to_owned(),
            stored: "LTC".to_owned(),
        };
        let contradicts = "currency was sent as BTC, the answer has LTC";
        let unread = unreadable().to_string();
        for (error, told) in [
            (failed(), None),
            (unreadable(), Some(("unreadable", unread.as_str()))),
            (contradiction(), Some(("contradiction", contradicts))),
            (reused, Some(("contradiction", contradicts))),
            (open(failed(), failed()), None),
            (
                open(failed(), contradiction()),
                Some(("contradiction", contradicts)),
            ),
            (
                open(unreadable(), failed()),
                Some(("unreadable", unread.as_str())),
            ),
            (
                open(unreadable(), contradiction()),
                Some(("unreadable", unread.as_str())),
            ),
        ] {
            let said = Unsound::of(&error);
            let sentence = said.as_ref().map(|said| (said.name(), said.to_string()));
            let sentence = sentence
                .as_ref()
                .map(|(name, sentence)| (*name, sentence.as_str()));
            assert_eq!(sentence, told, "{error}");
        }
    }
}
