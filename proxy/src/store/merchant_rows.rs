//! Reading rows of `decisions` and `refunds` back into what they were written from, and what the columns of a refund hold.

use checkout::wire::RefundState;
use checkout::{Address, Currency};
use uuid::Uuid;

use super::columns::{Columns, unreadable};
use super::error::StoreError;
use super::row;
use crate::checkouts::decision::{Act, Decision, DecisionName, DecisionState};
use crate::checkouts::refund::{Refund, RefundId, RefundOrder, RefundPlace};

/// A row of `decisions`.
pub(super) fn decision(found: &impl Columns) -> Result<Decision, StoreError> {
    let (act, state): (String, String) = (found.get("act")?, found.get("state")?);
    let invoice: String = found.get("invoice")?;
    Ok(Decision {
        name: DecisionName {
            checkout: row::id(found, "checkout_id")?,
            act: act
                .parse::<Act>()
                .map_err(|error| unreadable("act", error))?,
            invoice: Some(invoice)
                .filter(|key| !key.is_empty())
                .map(|key| Uuid::try_parse(&key))
                .transpose()
                .map_err(|error| unreadable("invoice", error))?,
        },
        shop: row::shop(found)?,
        decided_at: row::time(found, "decided_at")?,
        state: state
            .parse::<DecisionState>()
            .map_err(|error| unreadable("state", error))?,
    })
}

/// The key columns of a decision, as they are stored.
pub(super) fn decision_key(name: DecisionName) -> (String, &'static str, String) {
    let invoice = name.invoice.map(|key| key.to_string());
    (
        name.checkout.to_string(),
        name.act.as_str(),
        invoice.unwrap_or_default(),
    )
}

/// A row of `refunds`.
pub(super) fn refund(found: &impl Columns) -> Result<Refund, StoreError> {
    let (id, code): (String, String) = (found.get("id")?, found.get("currency")?);
    let (address, state): (String, String) = (found.get("address")?, found.get("state")?);
    let invoice: Option<String> = found.get("invoice")?;
    let currency = Currency::find(&code)
        .ok_or_else(|| unreadable("currency", format!("{code} is not in the table")))?;
    Ok(Refund {
        id: RefundId::parse(&id).ok_or_else(|| unreadable("id", "not an id of a refund"))?,
        order: RefundOrder {
            shop: row::shop(found)?,
            checkout: row::id(found, "checkout_id")?,
            invoice: invoice
                .map(|key| Uuid::try_parse(&key))
                .transpose()
                .map_err(|error| unreadable("invoice", error))?,
            deposit: found.get("deposit")?,
            currency,
            amount: row::amount(found, "amount")?,
            address: Address::parse(currency.network, &address)
                .map_err(|error| unreadable("address", error))?,
            reason: found.get("reason")?,
        },
        state: state
            .parse::<RefundState>()
            .map_err(|error| unreadable("state", error))?,
        requested_at: row::time(found, "requested_at")?,
        approved_at: row::moment(found, "approved_at")?,
        sent_at: row::moment(found, "sent_at")?,
        transaction: found.get("transaction_hash")?,
        cancelled_at: row::moment(found, "cancelled_at")?,
    })
}

/// A page of a list, of which one more was read than it may have; and the place of its last one, if there are more.
pub(super) fn refund_page(
    mut refunds: Vec<Refund>,
    most: u32,
) -> (Vec<Refund>, Option<RefundPlace>) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let has_more = refunds.len() > most;
    refunds.truncate(most);
    let last = refunds.last().filter(|_| has_more);
    let place = last.map(|refund| RefundPlace {
        requested_at: refund.requested_at,
        id: refund.id,
    });
    (refunds, place)
}
