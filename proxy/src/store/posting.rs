//! Reading rows of the ledger back into what they were written from, and what its columns hold.

use checkout::Amount;
use uuid::Uuid;

use super::columns::{Columns, unreadable};
use super::row;
use crate::reading::ledger::value::Value;
use crate::reading::ledger::{Corrected, Counted, Credited, Posting, PostingKind, Says};
use crate::reading::second::Second;
use crate::store::error::StoreError;

/// A row of `ledger` without its number.
pub(super) fn posting(found: &impl Columns) -> Result<Posting, StoreError> {
    let (receiver, kind): (String, String) = (found.get("receiver")?, found.get("kind")?);
    let kind = kind
        .parse::<PostingKind>()
        .map_err(|error| unreadable("kind", error))?;
    let checkout: Option<String> = found.get("checkout_id")?;
    Ok(Posting {
        shop: row::shop(found)?,
        paid_to: Uuid::try_parse(&receiver).map_err(|error| unreadable("receiver", error))?,
        checkout: checkout
            .map(|_| row::id(found, "checkout_id"))
            .transpose()?,
        deposit: found.get("deposit")?,
        currency: found.get::<String>("currency")?.into(),
        cause: row::cause(found)?,
        says: says(kind, found)?,
    })
}

/// What a row of one kind says.
fn says(kind: PostingKind, found: &impl Columns) -> Result<Says, StoreError> {
    Ok(match kind {
        PostingKind::Deposit => Says::Deposit(Box::new(Counted {
            transaction_id: found.get("transaction_id")?,
            received: row::amount(found, "received")?,
            asked: row::some_amount(found, "asked")?,
            expected: row::some_amount(found, "expected")?,
            at_sale: value(found)?,
            sender: found.get("sender")?,
            transaction: found.get("transaction_hash")?,
            deposited_at: row::time(found, "deposited_at")?,
            late: found.get("late")?,
            second: row::second(found)?,
        })),
        PostingKind::Credit => Says::Credit(Credited {
            credited: row::some_amount(found, "credited")?,
            fee: row::some_amount(found, "fee")?,
            at_credit: value(found)?,
        }),
        PostingKind::Correction => Says::Correction(Corrected {
            reason: found.get("reason")?,
            says: found.get("says")?,
        }),
    })
}

fn value(found: &impl Columns) -> Result<Option<Value>, StoreError> {
    let fiat: Option<String> = found.get("fiat")?;
    let (rate, worth) = (
        row::some_amount(found, "rate")?,
        row::some_amount(found, "worth")?,
    );
    let (Some(fiat), Some(rate), Some(worth)) = (fiat, rate, worth) else {
        return Ok(None);
    };
    Ok(Value::stored(&fiat, rate, worth))
}

/// What the columns of a row hold that only some rows have.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) transaction_id: Option<String>,
    pub(super) received: Option<String>,
    pub(super) asked: Option<String>,
    pub(super) expected: Option<String>,
    pub(super) sender: Option<String>,
    pub(super) transaction: Option<String>,
    pub(super) deposited_at: Option<i64>,
    pub(super) late: Option<bool>,
    pub(super) second: Option<&'static str>,
    pub(super) credited: Option<String>,
    pub(super) fee: Option<String>,
    pub(super) fiat: Option<&'static str>,
    pub(super) rate: Option<String>,
    pub(super) worth: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) says: Option<String>,
}

impl Texts {
    /// Those of a row.
    pub(super) fn of(posting: &Posting) -> Self {
        match &posting.says {
            Says::Deposit(counted) => Self {
                transaction_id: Some(counted.transaction_id.clone()),
                received: Some(counted.received.to_string()),
                asked: text(counted.asked),
                expected: text(counted.expected),
                sender: counted.sender.clone(),
                transaction: counted.transaction.clone(),
                deposited_at: Some(counted.deposited_at.millis()),
                late: counted.late,
                second: counted.second.map(Second::as_str),
                ..Self::worth(counted.at_sale)
            },
            Says::Credit(credited) => Self {
                credited: text(credited.credited),
                fee: text(credited.fee),
                ..Self::worth(credited.at_credit)
            },
            Says::Correction(corrected) => Self {
                reason: Some(corrected.reason.clone()),
                says: corrected.says.clone(),
                ..Self::default()
            },
        }
    }

    fn worth(value: Option<Value>) -> Self {
        Self {
            fiat: value.map(|value| value.currency),
            rate: value.map(|value| value.rate.to_string()),
            worth: value.map(|value| value.amount.to_string()),
            ..Self::default()
        }
    }
}

fn text(amount: Option<Amount>) -> Option<String> {
    amount.map(|amount| amount.to_string())
}
