//! The ledger: what every deposit that counts was worth, what became of it, and what the gateway said otherwise later. Rows are only ever
//! added. What the gateway does not tell is none.
//!
//! What is to be written is decided here, as a value; a database only writes it.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod credit;
pub(crate) mod deposit;
pub(crate) mod value;

use checkout::{Amount, Timestamp, words};
use uuid::Uuid;

use self::value::Value;
use super::history::Cause;
use super::second::Second;
use crate::checkouts::deposit_currency::DepositCurrency;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;

words! {
    /// What a row of the ledger says; the word is the one in the store.
    pub(crate) enum PostingKind expecting "deposit, credit or correction" {
        /// A deposit counts from now on. There is one such row for each.
        Deposit = "deposit",
        /// The gateway has credited it to the merchant's account.
        Credit = "credit",
        /// The gateway said something else about it later. What was counted first still counts.
        Correction = "correction",
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Posting {
    pub(crate) shop: ShopId,
    /// What the deposit was paid to: the key of an invoice, or of a customer.
    pub(crate) paid_to: Uuid,
    /// The checkout of that invoice; none for a customer.
    pub(crate) checkout: Option<CheckoutId>,
    /// The gateway's id of the deposit, as it is known among those to the same address.
    pub(crate) deposit: String,
    pub(crate) currency: DepositCurrency,
    /// What brought the row about, and when it was written.
    pub(crate) cause: Cause,
    pub(crate) says: Says,
}

/// What only rows of one kind say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Says {
    Deposit(Box<Counted>),
    Credit(Credited),
    Correction(Corrected),
}

/// A deposit, when it began to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    /// What no other deposit to this shop has.
    pub(crate) transaction_id: String,
    pub(crate) received: Amount,
    /// What its invoice asked for, by the pricing in force; none where any amount is taken, and where it is not known any more.
    pub(crate) asked: Option<Amount>,
    /// How much of that was still due.
    pub(crate) expected: Option<Amount>,
    /// What it was worth at that pricing.
    pub(crate) at_sale: Option<Value>,
    /// The address it came from.
    pub(crate) sender: Option<String>,
    /// The hash of its transaction on the blockchain.
    pub(crate) transaction: Option<String>,
    /// When it came, by the gateway.
    pub(crate) deposited_at: Timestamp,
    /// Whether that was after its invoice had expired; none for a customer, whose addresses do not expire.
    pub(crate) late: Option<bool>,
    /// In which way the checkout had no use for it.
    pub(crate) second: Option<Second>,
}

/// A deposit, when it was credited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Credited {
    /// What came to the merchant's account.
    pub(crate) credited: Option<Amount>,
    /// What the gateway has kept.
    pub(crate) fee: Option<Amount>,
    /// What the credited amount was worth then.
    pub(crate) at_credit: Option<Value>,
}

/// What the gateway has said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Corrected {
    /// The kind of flag, or `found` when a deposit that was missing is listed again.
    pub(crate) reason: String,
    /// What it says now; none if nothing any more.
    pub(crate) says: Option<String>,
}

impl Posting {
    /// Which kind of row it is.
    pub(crate) fn kind(&self) -> PostingKind {
        match self.says {
            Says::Deposit(_) => PostingKind::Deposit,
            Says::Credit(_) => PostingKind::Credit,
            Says::Correction(_) => PostingKind::Correction,
        }
    }

    /// What was counted, if it is a deposit's first row.
    pub(crate) fn counted(&self) -> Option<&Counted> {
        match &self.says {
            Says::Deposit(counted) => Some(counted),
            Says::Credit(_) | Says::Correction(_) => None,
        }
    }
}
