//! What is told of an event that could not be delivered.

use checkout::Timestamp;
use checkout::wire::{DeadEventView, EventKind};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::checkouts::event::{Event, EventId, NewEvent};

/// The longest body of a delivery, in bytes.
pub(crate) const MOST_BYTES: usize = 20_000;
/// How much of that is left for what stands here beside the checkout.
pub(crate) const RESERVE: usize = 1_000;

/// The part of a body that is kept.
#[derive(Deserialize)]
struct Before<'a> {
    #[serde(borrow)]
    data: About<'a>,
}

#[derive(Deserialize)]
struct About<'a> {
    #[serde(borrow)]
    checkout: &'a RawValue,
}

/// A body of a `webhook.dead`. The checkout is the one of the event that it tells of, byte for byte.
#[derive(Serialize)]
struct After<'a> {
    #[serde(rename = "type")]
    kind: EventKind,
    timestamp: Timestamp,
    data: AfterData<'a>,
}

#[derive(Serialize)]
struct AfterData<'a> {
    event: DeadEventView,
    checkout: &'a RawValue,
}

/// The event that tells that another one is dead. None tells of one that tells that itself, or there would be no end.
pub(crate) fn of(event: &Event, round: Timestamp, has_target: bool) -> Option<NewEvent> {
    if event.kind == EventKind::WebhookDead {
        return None;
    }
    let before: Before<'_> = serde_json::from_str(&event.body).ok()?;
    let after = After {
        kind: EventKind::WebhookDead,
        timestamp: round,
        data: AfterData {
            event: DeadEventView {
                id: event.id.to_string(),
                kind: event.kind,
                created_at: event.at,
            },
            checkout: before.data.checkout,
        },
    };
    // A replay may end in vain as well.
    let cause = format!("{}/{}/{}", event.id, EventKind::WebhookDead, round.millis());
    Some(NewEvent {
        id: EventId::of(&event.shop, &cause),
        shop: event.shop.clone(),
        checkout: event.checkout,
        kind: EventKind::WebhookDead,
        at: round,
        body: serde_json::to_string(&after).ok()?,
        has_target,
    })
}
