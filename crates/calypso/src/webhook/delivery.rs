//! One delivery: its envelope, the name of its event, and the event's data.

use checkout::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    EventKind, InvoiceEvent, Level, PayoutEvent, PurseEvent, Service, TopUpEvent, WebhookError,
};
use crate::{InvoiceRef, wire};

/// A delivery as it came (gateway reference §5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The subscription it belongs to: the `requestId` the merchant chose. Missing from some real deliveries.
    pub subscription: Option<String>,
    /// The event's id. Deliveries come at least once: one with an id seen before is the same event.
    pub id: Option<String>,
    /// When it happened.
    pub created: Option<Timestamp>,
    /// How it is meant to be seen.
    pub level: Option<Level>,
    /// The group it belongs to.
    pub service: Option<Service>,
    /// Whether it was seen in the merchant's account.
    pub viewed: Option<bool>,
    /// What happened: `eventType`, or else the `type` of the data.
    pub kind: EventKind,
    /// The data that belong to it.
    pub event: Event,
}

/// The data of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Of an event about an invoice.
    Invoice(Box<InvoiceEvent>),
    /// Of an event about a customer's deposit address.
    Purse(Box<PurseEvent>),
    /// Of an event about a payout.
    Payout(PayoutEvent),
    /// Of an event about a top-up of the merchant's own account.
    TopUp(Box<TopUpEvent>),
    /// Of any other event: the JSON as it came.
    Other(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    request_id: Option<String>,
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    id: Option<String>,
    #[serde(default, deserialize_with = "wire::date::optional::deserialize")]
    created_date: Option<Timestamp>,
    #[serde(default)]
    level: Option<Level>,
    #[serde(default)]
    service: Option<Service>,
    #[serde(default)]
    event_type: Option<EventKind>,
    #[serde(default)]
    viewed: Option<bool>,
    data: Box<RawValue>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default, rename = "type")]
    kind: Option<EventKind>,
}

impl Delivery {
    /// Reads a delivery **without** checking where it came from; [`super::Verifier::verify`] does both.
    ///
    /// This is for subscriptions so old that their deliveries carry no signature: take nothing from
    /// such a delivery but the name of an invoice to read again.
    ///
    /// # Errors
    /// [`WebhookError::NotADelivery`] for anything that is not the documented JSON.
    pub fn read_unverified(body: &[u8]) -> Result<Self, WebhookError> {
        let envelope: Envelope =
            serde_json::from_slice(body).map_err(|error| WebhookError::unreadable(&error))?;
        let data = envelope.data.get();
        let kind = match envelope.event_type {
            Some(kind) => kind,
            None => serde_json::from_str::<Named>(data)
                .map_err(|error| WebhookError::unreadable(&error))?
                .kind
                .ok_or_else(WebhookError::nameless)?,
        };
        Ok(Self {
            subscription: envelope.request_id,
            id: envelope.id,
            created: envelope.created_date,
            level: envelope.level,
            service: envelope.service,
            viewed: envelope.viewed,
            event: Event::read(&kind, data)?,
            kind,
        })
    }

    /// The invoice to read, if the event is about one. A key that is no UUID names nothing.
    pub fn invoice(&self) -> Option<InvoiceRef> {
        let Event::Invoice(event) = &self.event else {
            return None;
        };
        let by_key = || {
            Some(InvoiceRef::IdempotencyKey(
                event.idempotency_key.as_deref()?.parse().ok()?,
            ))
        };
        event.invoice_id.clone().map(InvoiceRef::Id).or_else(by_key)
    }
}

impl Event {
    fn read(kind: &EventKind, data: &str) -> Result<Self, WebhookError> {
        use EventKind as Kind;
        let event = match kind {
            Kind::InvoiceCreated
            | Kind::UnlimitedInvoiceCreated
            | Kind::InvoiceMempoolFound
            | Kind::InvoiceFundsReceived
            | Kind::InvoicePaid
            | Kind::InvoicePendingIntervention
            | Kind::InvoiceTranslationCompleted
            | Kind::InvoiceExpired
            | Kind::InvoicePendingCompliance
            | Kind::InvoiceComplianceDeclined => serde_json::from_str(data).map(Self::Invoice),
            Kind::PurseExpired
            | Kind::PurseMempoolFound
            | Kind::PursePendingCompliance
            | Kind::PurseComplianceDeclined
            | Kind::PurseFundsReceived
            | Kind::PurseTranslationCompleted => serde_json::from_str(data).map(Self::Purse),
            Kind::PayoutStatusChanged | Kind::PayoutConfirmed | Kind::PayoutValidationError => {
                serde_json::from_str(data).map(Self::Payout)
            }
            Kind::TopUpComplianceCheck
            | Kind::TopUpComplianceDeclined
            | Kind::WalletFundsDelivered => serde_json::from_str(data).map(Self::TopUp),
            // Of these only the names are known.
            Kind::FiatDepositCreated
            | Kind::FiatDepositConfirmed
            | Kind::FiatDepositFundsReceived
            | Kind::FiatDepositExpired
            | Kind::FiatDepositFailed
            | Kind::Unknown(_) => Ok(Self::Other(data.to_owned())),
        };
        event.map_err(|error| WebhookError::unreadable(&error))
    }
}
