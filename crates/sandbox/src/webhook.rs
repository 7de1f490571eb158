//! Webhooks: subscriptions, and the deliveries that are due to them (gateway reference §5).

use std::collections::VecDeque;

use checkout::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::date::written;
use crate::dialect::{Dialect, DialectChange, PaidEnvelope, Viewed};
use crate::event::{EventFields, EventName, Service};
use crate::faults::FaultKind;
use crate::index::DeliveryIndex;
use crate::stored;

/// Seconds from the first failed attempt to the next, and so on: after 30 and 60 each is the sum of the two before.
/// The documentation counts nineteen retries and lists these eighteen.
pub(crate) const RETRY_SECONDS: [i64; 18] = [
    30, 60, 90, 150, 240, 390, 630, 1020, 1650, 2670, 4320, 6990, 11310, 18300, 29610, 47910,
    77520, 125_430,
];

/// More than so many errors within [`BLOCKING_SECONDS`] and no success block a subscription.
const MOST_ERRORS: usize = 100;
const BLOCKING_SECONDS: i64 = 600;

/// What a merchant asked to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SubscriptionOrder {
    pub(crate) request_id: Uuid,
    pub(crate) url: String,
    pub(crate) events: Vec<EventName>,
    pub(crate) services: Vec<Service>,
}

impl SubscriptionOrder {
    pub(crate) fn wants(&self, event: EventName) -> bool {
        self.events.contains(&event)
            || event
                .service()
                .is_some_and(|service| self.services.contains(&service))
    }
}

/// A subscription of the ledger. The pair of keys is its own (gateway reference §5.3).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) order: SubscriptionOrder,
    pub(crate) public_key: String,
    #[serde(with = "stored::secret")]
    pub(crate) secret: SecretString,
    pub(crate) created: Timestamp,
    pub(crate) blocked: bool,
    /// When attempts failed since the last success, the newest last; at most as many as block.
    errors: VecDeque<Timestamp>,
    #[serde(default)]
    last_success: Option<Timestamp>,
    /// What is written differently in its webhooks than in those of all others.
    #[serde(default)]
    pub(crate) dialect: DialectChange,
}

impl Subscription {
    pub(crate) fn new(
        order: SubscriptionOrder,
        public_key: String,
        secret: SecretString,
        created: Timestamp,
    ) -> Self {
        Self {
            order,
            public_key,
            secret,
            created,
            blocked: false,
            errors: VecDeque::new(),
            last_success: None,
            dialect: DialectChange::default(),
        }
    }

    pub(crate) fn succeeded(&mut self, at: Timestamp) {
        self.errors.clear();
        self.last_success = Some(at);
    }

    /// Counts an error, and blocks when there were too many and no success in that time.
    pub(crate) fn failed(&mut self, at: Timestamp) {
        self.errors.push_back(at);
        let past = |moment: Timestamp| at.millis_since(moment) > BLOCKING_SECONDS * 1000;
        while self.errors.front().is_some_and(|first| past(*first)) {
            self.errors.pop_front();
        }
        let fruitless = self.last_success.is_none_or(past);
        self.blocked = self.blocked || (fruitless && self.errors.len() > MOST_ERRORS);
    }

    pub(crate) fn unblock(&mut self) {
        self.blocked = false;
        self.errors.clear();
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DeliveryState {
    /// Its next attempt is due at some time.
    Waiting,
    /// An attempt is under way.
    Sending,
    /// Answered with 200.
    Delivered,
    /// The subscription is blocked; it is sent when that ends.
    Held,
    /// Every retry failed, or the subscription was deleted.
    Dropped,
}

/// How one attempt ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// Virtual time at which it was due.
    pub(crate) at: Timestamp,
    /// The status of the answer; none when there was no answer.
    pub(crate) status: Option<u16>,
    /// The second sending of a delivery that a fault doubles; it decides nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) again: bool,
}

/// One event on its way to one subscription. The body is made once, so each attempt sends the same bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) id: u64,
    pub(crate) subscription: Uuid,
    pub(crate) event: EventName,
    pub(crate) body: String,
    pub(crate) state: DeliveryState,
    pub(crate) next: Option<Timestamp>,
    pub(crate) attempts: Vec<Attempt>,
    /// The fault that struck it.
    #[serde(default)]
    pub(crate) fault: Option<FaultKind>,
}

/// An attempt that is due: all that is needed to send it.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) delivery: DeliveryIndex,
    pub(crate) id: u64,
    pub(crate) subscription: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) sign: String,
    pub(crate) body: String,
    /// Sent a second time by a fault.
    pub(crate) again: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Uuid>,
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    viewed: Option<bool>,
    created_date: String,
    level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_type: Option<&'static str>,
    data: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    fields: &'a EventFields,
}

/// The body of a delivery (gateway reference §5.2).
pub(crate) fn envelope(
    request_id: Uuid,
    id: u64,
    at: Timestamp,
    event: EventName,
    fields: &EventFields,
    dialect: Dialect,
) -> String {
    let kind = event.said_in(dialect);
    let fields = &fields.said_in(dialect);
    let bare = event == EventName::InvoicePaid && dialect.paid == PaidEnvelope::Bare;
    let envelope = Envelope {
        request_id: (!bare).then_some(request_id),
        id,
        viewed: (dialect.viewed == Viewed::False).then_some(false),
        created_date: written(at, dialect.dates),
        level: event.level(),
        service: event.service(),
        event_type: (!bare).then_some(kind),
        data: Fields { kind, fields },
    };
    serde_json::to_string(&envelope).expect("texts and numbers can be written as JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_delay_is_the_sum_of_the_two_before() {
        assert!(
            RETRY_SECONDS
                .windows(3)
                .all(|three| three[0] + three[1] == three[2])
        );
    }

    #[test]
    fn a_hundred_errors_are_borne_and_one_more_within_ten_minutes_is_not() {
        let order = SubscriptionOrder {
            request_id: Uuid::nil(),
            url: String::new(),
            events: Vec::new(),
            services: Vec::new(),
        };
        let start = Timestamp::from_millis(0);
        let fresh =
            || Subscription::new(order.clone(), String::new(), SecretString::default(), start);
        let mut quick = fresh();
        (0..100).for_each(|second| quick.failed(start.plus_seconds(second)));
        assert!(!quick.blocked);
        quick.failed(start.plus_seconds(600));
        assert!(quick.blocked);
        let mut slow = fresh();
        (0..1000).for_each(|count| slow.failed(start.plus_seconds(count * 7)));
        assert!(!slow.blocked);
        let mut lucky = fresh();
        (0..100).for_each(|second| lucky.failed(start.plus_seconds(second)));
        lucky.succeeded(start.plus_seconds(99));
        (100..400).for_each(|second| lucky.failed(start.plus_seconds(second)));
        assert!(!lucky.blocked, "one success within ten minutes");
        (690..702).for_each(|second| lucky.failed(start.plus_seconds(second)));
        assert!(lucky.blocked, "the success was more than ten minutes ago");
    }
}
