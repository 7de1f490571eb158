//! Reading rows back into the types they were written from.

use checkout::wire::{ChangeKind, DepositState, EventKind, EventState, FlagKind};
use checkout::{
    Address, Amount, Currency, InterventionKind, InvoiceStatus, Kind, Phase, Timestamp,
};
use uuid::Uuid;

use super::columns::{Columns, unreadable};
use super::error::StoreError;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::{AttemptState, InvoiceAttempt};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::{CustomerId, Purse, WatchedCustomer};
use crate::checkouts::delivery::{Delivery, DeliveryOutcome, EventName, Named};
use crate::checkouts::deposit::{Deposit, Flag};
use crate::checkouts::event::{Event, EventId};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::list_cursor::ListCursor;
use crate::checkouts::offer::Offer;
use crate::checkouts::price::Price;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::subscription::Subscription;
use crate::gateway::source::Source;
use crate::input::network_mark::NetworkMark;
use crate::reading::history::{Cause, Entry, Recorded, Subject};
use crate::reading::second::Second;

pub(super) fn time(row: &impl Columns, column: &str) -> Result<Timestamp, StoreError> {
    Ok(Timestamp::from_millis(row.get(column)?))
}

/// A time that may not have come.
pub(super) fn moment(row: &impl Columns, column: &str) -> Result<Option<Timestamp>, StoreError> {
    let millis: Option<i64> = row.get(column)?;
    Ok(millis.map(Timestamp::from_millis))
}

pub(super) fn id(row: &impl Columns, column: &str) -> Result<CheckoutId, StoreError> {
    let text: String = row.get(column)?;
    CheckoutId::parse(&text).map_err(|error| unreadable(column, error))
}

pub(super) fn key(row: &impl Columns) -> Result<Uuid, StoreError> {
    let text: String = row.get("idempotency_key")?;
    Uuid::try_parse(&text).map_err(|error| unreadable("idempotency_key", error))
}

/// The shop that a row belongs to.
pub(super) fn shop(row: &impl Columns) -> Result<ShopId, StoreError> {
    let text: String = row.get("store")?;
    ShopId::parse(&text).map_err(|error| unreadable("store", error))
}

fn currency(row: &impl Columns) -> Result<&'static Currency, StoreError> {
    let code: String = row.get("currency")?;
    Currency::find(&code)
        .ok_or_else(|| unreadable("currency", format!("{code} is not in the table")))
}

pub(super) fn amount(row: &impl Columns, column: &str) -> Result<Amount, StoreError> {
    let text: String = row.get(column)?;
    Amount::parse(&text).map_err(|error| unreadable(column, error))
}

/// An amount that may not be known.
pub(super) fn some_amount(row: &impl Columns, column: &str) -> Result<Option<Amount>, StoreError> {
    let text: Option<String> = row.get(column)?;
    text.map(|_| amount(row, column)).transpose()
}

/// A word that may not be there.
pub(super) fn second(row: &impl Columns) -> Result<Option<Second>, StoreError> {
    let word: Option<String> = row.get("second")?;
    let second = word.map(|word| word.parse::<Second>());
    second
        .transpose()
        .map_err(|error| unreadable("second", error))
}

/// What brought a row about, and when.
pub(super) fn cause(row: &impl Columns) -> Result<Cause, StoreError> {
    let source: String = row.get("source")?;
    Ok(Cause {
        source: source
            .parse::<Source>()
            .map_err(|error| unreadable("source", error))?,
        at: time(row, "at")?,
    })
}

/// When the checkout of a row of `checkouts` was closed.
pub(super) fn closed_at(row: &impl Columns) -> Result<Option<Timestamp>, StoreError> {
    moment(row, "closed_at")
}

/// The place of a row of `checkouts` in a list.
pub(super) fn place(row: &impl Columns) -> Result<ListCursor, StoreError> {
    Ok(ListCursor {
        created_at: time(row, "created_at")?,
        id: id(row, "id")?,
    })
}

pub(super) fn checkout(row: &impl Columns) -> Result<Checkout, StoreError> {
    let currencies: String = row.get("currencies")?;
    Ok(Checkout {
        id: id(row, "id")?,
        shop: shop(row)?,
        product: row.get("product")?,
        signed_order: row.get("signed_order")?,
        network: network(row)?,
        purpose: purpose(row)?,
        description: row.get("description")?,
        currencies: Offer::from_stored(&currencies),
        external_id: row.get("external_id")?,
        return_url: row.get("return_url")?,
        support_url: row.get("support_url")?,
        logo_url: row.get("logo_url")?,
        created_at: time(row, "created_at")?,
        expires_at: time(row, "expires_at")?,
    })
}

/// The network that made a checkout.
pub(super) fn network(row: &impl Columns) -> Result<Option<NetworkMark>, StoreError> {
    let mark: Option<i64> = row.get("network")?;
    Ok(mark.map(NetworkMark))
}

fn purpose(row: &impl Columns) -> Result<Purpose, StoreError> {
    let kind: String = row.get("kind")?;
    Ok(
        match kind
            .parse::<Kind>()
            .map_err(|error| unreadable("kind", error))?
        {
            Kind::Payment => {
                let (amount, currency): (String, String) =
                    (row.get("price_amount")?, row.get("price_currency")?);
                Purpose::Payment(
                    Price::parse(&amount, &currency)
                        .map_err(|error| unreadable("price_amount", error))?,
                )
            }
            Kind::Topup => Purpose::Topup,
            Kind::Deposit => Purpose::Deposit(customer(row)?),
        },
    )
}

pub(super) fn customer(row: &impl Columns) -> Result<CustomerId, StoreError> {
    CustomerId::parse(shop(row)?, row.get("customer")?)
        .map_err(|error| unreadable("customer", error))
}

/// A row of `purses`, with the customer's `gateway_id` beside it.
pub(super) fn purse(row: &impl Columns) -> Result<Purse, StoreError> {
    let currency = currency(row)?;
    let address: String = row.get("address")?;
    Ok(Purse {
        customer: customer(row)?,
        gateway_id: row.get("gateway_id")?,
        currency,
        address: Address::parse(currency.network, &address)
            .map_err(|error| unreadable("address", error))?,
        confirmed_at: time(row, "confirmed_at")?,
    })
}

pub(super) fn watched_customer(row: &impl Columns) -> Result<WatchedCustomer, StoreError> {
    Ok(WatchedCustomer {
        customer: customer(row)?,
        gateway_id: row.get("gateway_id")?,
        shown_at: time(row, "shown_at")?,
    })
}

pub(super) fn deposit(row: &impl Columns) -> Result<Deposit, StoreError> {
    let (receiver, state): (String, String) = (row.get("receiver")?, row.get("state")?);
    Ok(Deposit {
        paid_to: Uuid::try_parse(&receiver).map_err(|error| unreadable("receiver", error))?,
        id: row.get("id")?,
        currency: row.get::<String>("currency")?.into(),
        amount: amount(row, "amount")?,
        state: state
            .parse::<DepositState>()
            .map_err(|error| unreadable("state", error))?,
        transaction: row.get("transaction_hash")?,
        sender: row.get("sender")?,
        at: time(row, "seen_at")?,
        missing_since: row
            .get::<Option<i64>>("missing_since")?
            .map(Timestamp::from_millis),
    })
}

pub(super) fn flag(row: &impl Columns) -> Result<Flag, StoreError> {
    let (receiver, kind): (String, String) = (row.get("receiver")?, row.get("kind")?);
    Ok(Flag {
        paid_to: Uuid::try_parse(&receiver).map_err(|error| unreadable("receiver", error))?,
        deposit: row.get("deposit")?,
        kind: kind
            .parse::<FlagKind>()
            .map_err(|error| unreadable("kind", error))?,
        known: row.get("known")?,
        read: row.get("read")?,
        at: time(row, "seen_at")?,
    })
}

pub(super) fn attempt(row: &impl Columns) -> Result<InvoiceAttempt, StoreError> {
    let state: String = row.get("state")?;
    let state = state
        .parse::<AttemptState>()
        .map_err(|error| unreadable("state", error))?;
    let expiration: Option<i64> = row.get("expiration")?;
    Ok(InvoiceAttempt {
        key: key(row)?,
        checkout_id: id(row, "checkout_id")?,
        shop: shop(row)?,
        currency: currency(row)?,
        number: row.get("attempt")?,
        expiration: expiration.map(Timestamp::from_millis),
        state,
        started_at: time(row, "started_at")?,
    })
}

pub(super) fn alarm(row: &impl Columns) -> Result<Alarm, StoreError> {
    let invoice: String = row.get("invoice")?;
    Ok(Alarm {
        invoice: Uuid::try_parse(&invoice).map_err(|error| unreadable("invoice", error))?,
        kind: row.get("kind")?,
        detail: row.get("detail")?,
        at: time(row, "at")?,
    })
}

/// A row of `history`.
pub(super) fn recorded(row: &impl Columns) -> Result<Recorded, StoreError> {
    Ok(Recorded {
        seq: row.get("seq")?,
        entry: entry(row)?,
    })
}

/// Whom a row of `history` is about.
pub(super) fn subject(row: &impl Columns) -> Result<Subject, StoreError> {
    Ok(match uuid(row, "customer")? {
        Some(key) => Subject::Customer(key),
        None => Subject::Checkout(id(row, "checkout_id")?),
    })
}

fn entry(row: &impl Columns) -> Result<Entry, StoreError> {
    let kind: String = row.get("kind")?;
    Ok(Entry {
        subject: subject(row)?,
        cause: cause(row)?,
        kind: kind
            .parse::<ChangeKind>()
            .map_err(|error| unreadable("kind", error))?,
        invoice: uuid(row, "invoice")?,
        deposit: row.get("deposit")?,
        was: row.get("was")?,
        became: row.get("became")?,
    })
}

/// A UUID that may not be there.
fn uuid(row: &impl Columns, column: &str) -> Result<Option<Uuid>, StoreError> {
    let text: Option<String> = row.get(column)?;
    let parsed = text.map(|text| Uuid::try_parse(&text));
    parsed
        .transpose()
        .map_err(|error| unreadable(column, error))
}

pub(super) fn subscription(row: &impl Columns) -> Result<Subscription, StoreError> {
    let (id, secret): (String, String) = (row.get("id")?, row.get("secret")?);
    Ok(Subscription {
        shop: shop(row)?,
        id: Uuid::try_parse(&id).map_err(|error| unreadable("id", error))?,
        url: row.get("url")?,
        public_key: row.get("public_key")?,
        secret: secret.into(),
        kept_at: time(row, "kept_at")?,
    })
}

pub(super) fn delivery_outcome(row: &impl Columns) -> Result<DeliveryOutcome, StoreError> {
    let outcome: String = row.get("outcome")?;
    outcome
        .parse::<DeliveryOutcome>()
        .map_err(|error| unreadable("outcome", error))
}

pub(super) fn delivery(row: &impl Columns) -> Result<Delivery, StoreError> {
    let (about, subject): (String, String) = (row.get("about")?, row.get("subject")?);
    Ok(Delivery {
        name: EventName {
            shop: shop(row)?,
            event: row.get("event")?,
            fingerprint: row.get("fingerprint")?,
        },
        kind: row.get("kind")?,
        subject: Named::read(&about, subject)
            .ok_or_else(|| unreadable("about", "not a subject of a delivery"))?,
        happened_at: moment(row, "happened_at")?,
        received_at: time(row, "received_at")?,
        outcome: delivery_outcome(row)?,
        due_at: time(row, "due_at")?,
    })
}

/// A row of `events`.
pub(super) fn event(row: &impl Columns) -> Result<Event, StoreError> {
    let (name, kind): (String, String) = (row.get("id")?, row.get("kind")?);
    let (state, attempts): (String, String) = (row.get("state")?, row.get("attempts")?);
    Ok(Event {
        seq: row.get("seq")?,
        id: EventId::parse(&name).ok_or_else(|| unreadable("id", "not an id of an event"))?,
        shop: shop(row)?,
        checkout: id(row, "checkout_id")?,
        kind: kind
            .parse::<EventKind>()
            .map_err(|error| unreadable("kind", error))?,
        at: time(row, "at")?,
        body: row.get("body")?,
        state: state
            .parse::<EventState>()
            .map_err(|error| unreadable("state", error))?,
        tries: row.get("tries")?,
        attempts: serde_json::from_str(&attempts).map_err(|error| unreadable("attempts", error))?,
        due_at: time(row, "due_at")?,
    })
}

/// Attempts as they are kept in `events`.
pub(super) fn attempts(event: &Event) -> Result<String, StoreError> {
    serde_json::to_string(&event.attempts).map_err(|error| StoreError::Refused(error.to_string()))
}

pub(super) fn phase(row: &impl Columns) -> Result<Phase, StoreError> {
    let phase: String = row.get("phase")?;
    phase
        .parse::<Phase>()
        .map_err(|error| unreadable("phase", error))
}

pub(super) fn invoice(row: &impl Columns) -> Result<Invoice, StoreError> {
    let currency = currency(row)?;
    let address: String = row.get("address")?;
    let status: String = row.get("status")?;
    let intervention: Option<String> = row.get("intervention")?;
    let fee: Option<String> = row.get("fee")?;
    let to_pay: String = row.get("amount")?;
    Ok(Invoice {
        key: key(row)?,
        checkout_id: id(row, "checkout_id")?,
        shop: shop(row)?,
        currency,
        attempt: row.get("attempt")?,
        gateway_id: row.get("gateway_id")?,
        address: Address::parse(currency.network, &address)
            .map_err(|error| unreadable("address", error))?,
        amount: if to_pay.is_empty() {
            None
        } else {
            Some(amount(row, "amount")?)
        },
        received: amount(row, "received")?,
        fee: fee.map(|_| amount(row, "fee")).transpose()?,
        phase: phase(row)?,
        status: InvoiceStatus::from(status.as_str()),
        intervention: intervention.as_deref().map(InterventionKind::from),
        transaction: row.get("transaction_hash")?,
        priced_at: time(row, "priced_at")?,
        expires_at: time(row, "expires_at")?,
        latest_expiry: time(row, "latest_expiry")?,
        moved_at: time(row, "moved_at")?,
        held_at: moment(row, "held_at")?,
        paid_at: moment(row, "paid_at")?,
        second_payment_at: moment(row, "second_payment_at")?,
        accepted_at: moment(row, "accepted_at")?,
    })
}
