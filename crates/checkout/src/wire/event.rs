//! What the merchant's server is told by itself: events, what each says, and what became of sending it.

use serde::{Deserialize, Serialize};

use super::{MerchantCheckoutView, MerchantDepositView};
use crate::{Timestamp, words};

words! {
    /// What an event tells.
    pub enum EventKind expecting "a type of event such as checkout.paid" {
        /// A payment was seen on its way. It may still disappear: never deliver for it.
        Detected = "checkout.detected",
        /// It is paid: deliver. Sent once for a checkout, and always before `checkout.completed`.
        Paid = "checkout.paid",
        /// It is paid, and credited to your account. Sent once for a checkout.
        Completed = "checkout.completed",
        /// Too little has arrived. Sent again whenever more comes that is not enough.
        Underpaid = "checkout.underpaid",
        /// Too much has arrived, and you decide.
        Overpaid = "checkout.overpaid",
        /// A payment is under compliance review.
        Reviewing = "checkout.reviewing",
        /// Compliance has suspended a payment.
        Declined = "checkout.declined",
        /// Money has arrived, and you decide for another reason.
        Intervention = "checkout.intervention",
        /// The checkout has closed and no money was seen. Sent once for a checkout. Money may come all the same.
        Expired = "checkout.expired",
        /// It was closed at the gateway, or refunded.
        Archived = "checkout.archived",
        /// A deposit has been confirmed that was made after its invoice had expired. Sent once for a deposit.
        LatePayment = "checkout.late_payment",
        /// Money came that the checkout had no use for. Sent again whenever more of it comes.
        SecondPayment = "checkout.second_payment",
        /// A deposit to a top-up's address or a customer's was confirmed. Sent once for a deposit.
        DepositReceived = "deposit.received",
        /// An event could not be delivered, and is not sent any more by itself.
        WebhookDead = "webhook.dead",
    }
}

words! {
    /// What became of sending an event.
    pub enum EventState expecting "pending, delivered, dead or unsent" {
        /// It is still to be sent, or to be sent again.
        Pending = "pending",
        /// Your server has taken it.
        Delivered = "delivered",
        /// It was given up: the schedule has ended, or your server wants no more events.
        Dead = "dead",
        /// It was kept while no target was configured. It is sent only when you ask for that.
        Unsent = "unsent",
    }
}

words! {
    /// How one attempt to deliver ended.
    pub enum AttemptOutcome expecting "taken, refused, gone or failed" {
        /// Your server answered with 2xx.
        Taken = "taken",
        /// It answered with something else.
        Refused = "refused",
        /// It answered with 410: it wants no more events.
        Gone = "gone",
        /// There was no answer.
        Failed = "failed",
    }
}

/// `GET /v1/events`: events, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventListView {
    /// At most 100 of them.
    pub events: Vec<EventView>,
    /// What to send as `cursor` for the next ones; `null` when these were the last.
    pub cursor: Option<String>,
}

/// An event, and what became of sending it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// Its id, which is the `webhook-id` of every delivery of it.
    pub id: String,
    /// What it tells.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// The checkout it is about.
    pub checkout: String,
    /// When what it tells was written down.
    pub created_at: Timestamp,
    /// What became of it.
    pub state: EventState,
    /// When it is sent next; `null` if it is not, or waits for an earlier event of its checkout.
    pub next_attempt_at: Option<Timestamp>,
    /// The latest 32 attempts, the oldest first.
    pub attempts: Vec<AttemptView>,
}

/// `GET /v1/events/{id}`: an event with what is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WholeEventView {
    /// No member of its own: the members of the event stand here.
    #[serde(flatten)]
    pub event: EventView,
    /// The body of every delivery, byte for byte: the text of an [`EventBody`].
    pub body: String,
}

/// One attempt to deliver an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptView {
    /// When it ended.
    pub at: Timestamp,
    /// How.
    pub outcome: AttemptOutcome,
    /// The HTTP status of the answer; `null` if there was none.
    pub status: Option<u32>,
    /// Why there was no answer; `null` if there was one.
    pub reason: Option<String>,
}

/// The body of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventBody {
    /// What it tells.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// When what it tells was written down. Retries and replays have the same.
    pub timestamp: Timestamp,
    /// About what.
    pub data: EventData,
}

/// What an event is about, as it was when it happened. Read the checkout again before you act on more than the event's type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventData {
    /// All of the checkout, as `GET /v1/checkouts/{id}` would have answered your key; without estimates, and with `now` as `timestamp`.
    pub checkout: MerchantCheckoutView,
    /// The deposit, in `deposit.received` and `checkout.late_payment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<MerchantDepositView>,
    /// The event that was given up, in `webhook.dead`; `checkout` is as it was told there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<DeadEventView>,
    /// Whether lists of the checkout were shortened, so that the body has at most 20 kB: the oldest deposits, flags and alarms are left out. Not there if
    /// nothing was.
    #[serde(default, skip_serializing_if = "is_not")]
    pub shortened: bool,
}

/// An event that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadEventView {
    /// Its id, by which it can be replayed.
    pub id: String,
    /// What it would have told.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// When that was written down.
    pub created_at: Timestamp,
}

fn is_not(said: &bool) -> bool {
    !said
}
