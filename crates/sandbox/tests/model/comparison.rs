//! What the sandbox shows, held against the model: an invoice field by field, its events line by line.

use std::fmt::Debug;

use serde_json::value::RawValue;

use crate::desk::{SentDeposit, ShownEvent, ShownInvoice, date, millis};
use crate::reference::{Coin, Event, Invoice, Reason, State, Terms};

/// What the two sides say, where they differ.
pub(crate) type Difference = String;

pub(crate) fn compare_events(
    sent: &[SentDeposit],
    model: &Invoice,
    shown: &[ShownEvent],
) -> Result<(), Difference> {
    let hash_of = |place: &usize| sent[*place].transaction_hash.as_str();
    let expected: Vec<_> = model
        .events
        .iter()
        .map(|event| line(event, model.coin))
        .collect();
    let mut read = Vec::new();
    for event in shown {
        same("event's type", &event.event_type, &event.data.kind)?;
        let fields = &event.data;
        let units = |number: &Option<Box<RawValue>>| {
            number.as_ref().map(|number| {
                model
                    .coin
                    .units(number.get())
                    .expect("an amount of the chain")
            })
        };
        let ids = fields.transaction_id.iter().chain(&fields.transaction_ids);
        let mut deposits = Vec::new();
        for id in ids {
            let place = sent.iter().position(|deposit| deposit.id == *id);
            deposits.push(place.ok_or_else(|| format!("an event names the unknown deposit {id}"))?);
        }
        if let (Some(hash), [place]) = (&fields.transaction_hash, &deposits[..]) {
            same(
                "transaction hash of an event",
                &hash_of(place),
                &hash.as_str(),
            )?;
        }
        let name = model
            .events
            .iter()
            .map(|event| event.name)
            .find(|name| *name == event.event_type);
        let event = Event {
            name: name.unwrap_or("(another event)"),
            at: millis(&event.created_date),
            amount: units(&fields.amount),
            real_amount: units(&fields.real_amount),
            service_fee: units(&fields.service_fee),
            deposits,
        };
        read.push(line(&event, model.coin));
    }
    same("events", &expected, &read)
}

/// An event as a line that a person can compare.
fn line(event: &Event, coin: &Coin) -> String {
    let amount = |amount: Option<u128>| amount.map_or("-".to_owned(), |amount| coin.text(amount));
    format!(
        "{} at {}: amount {}, real {}, fee {}, deposits {:?}",
        event.name,
        date(event.at),
        amount(event.amount),
        amount(event.real_amount),
        amount(event.service_fee),
        event.deposits
    )
}

/// Compares an invoice with what is shown of it.
pub(crate) fn compare(
    model: &Invoice,
    deposits: &[SentDeposit],
    shown: &ShownInvoice,
) -> Result<(), Difference> {
    let units = |number: &RawValue| model.coin.units(number.get());
    let kind = match model.terms {
        Terms::SingleFiat { .. } => "SINGLE_FIAT",
        Terms::Single => "SINGLE",
        Terms::Bound { .. } => "BOUND",
        Terms::Unlimited => "UNLIMITED",
        Terms::UnlimitedLinked => "UNLIMITED_LINKED",
    };
    same("type", &kind, &shown.kind.as_str())?;
    same("state", &state(model.state), &shown.state.as_str())?;
    same(
        "amount",
        &model.amount,
        &shown.amount.as_deref().and_then(units),
    )?;
    same(
        "total received",
        &Some(model.received()),
        &units(&shown.total_debit_amount),
    )?;
    same("fee", &model.fee, &shown.fee.as_deref().and_then(units))?;
    let reason = model.reason.and_then(|reason| match reason {
        Reason::Underpay => Some("UNDERPAY"),
        Reason::Overpay => Some("OVERPAY"),
        Reason::SeveralSenders => None,
    });
    same(
        "intervention type",
        &reason,
        &shown.intervention_type.as_deref(),
    )?;
    same(
        "intervention resolved",
        &model.resolved,
        &shown.is_intervention_resolved,
    )?;
    let hash = model
        .last_deposit
        .map(|place| deposits[place].transaction_hash.as_str());
    same("last deposit", &hash, &shown.last_deposit_hash.as_deref())?;
    same("creation", &model.created, &millis(&shown.created_date))?;
    same(
        "expiration",
        &model.expiration,
        &shown.expiration.as_deref().map(millis),
    )?;
    same(
        "last repricing",
        &model.repriced,
        &shown.last_fiat_updated.as_deref().map(millis),
    )
}

pub(crate) fn same<T: PartialEq + Debug>(
    what: &str,
    model: &T,
    sandbox: &T,
) -> Result<(), Difference> {
    if model == sandbox {
        Ok(())
    } else {
        Err(format!(
            "{what}\n  model:   {model:#?}\n  sandbox: {sandbox:#?}"
        ))
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::PendingPayment => "PENDING_PAYMENT",
        State::MemPoolFound => "MEM_POOL_FOUND",
        State::PendingComplianceCheck => "PENDING_COMPLIANCE_CHECK",
        State::Declined => "DECLINED",
        State::Paid => "PAID",
        State::PendingIntervention => "PENDING_INTERVENTION",
        State::Completed => "COMPLETED",
        State::Archived => "ARCHIVED",
    }
}
