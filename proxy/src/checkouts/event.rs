//! An event for the merchant's server: what is told, and how far telling it has come.

use std::fmt;

use checkout::Timestamp;
use checkout::wire::{AttemptView, EventKind, EventState};
use uuid::Uuid;

use super::id::CheckoutId;
use super::key;
use super::shop_id::ShopId;

/// What stands before the digits of every id.
const PREFIX: &str = "evt_";
/// How many attempts are kept with an event: more than the schedule has, so that those of a replay are seen beside those before it.
const MOST_ATTEMPTS: usize = 32;
/// The moment at which an event is due that waits for an earlier one of its checkout, or is not sent by itself.
pub(crate) const NEVER: Timestamp = Timestamp::MAX;
/// A moment this far ahead is none that the schedule gives: it was written by a clock that was wrong.
pub(crate) const LONGEST_PAUSE_SECONDS: i64 = 3 * 24 * 60 * 60;

/// The id of an event, which follows from what it tells: the same fact never has two.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EventId(String);

impl EventId {
    /// The id of what was caused by this in a shop.
    pub(crate) fn of(shop: &ShopId, cause: &str) -> Self {
        Self(format!("{PREFIX}{}", key::event(shop, cause).simple()))
    }

    /// Reads an id; `None` for what is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let uuid = Uuid::try_parse(digits).ok()?;
        (uuid.simple().to_string() == digits).then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An event that has just come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewEvent {
    pub(crate) id: EventId,
    pub(crate) shop: ShopId,
    pub(crate) checkout: CheckoutId,
    pub(crate) kind: EventKind,
    pub(crate) at: Timestamp,
    /// What is sent each time, byte for byte.
    pub(crate) body: String,
    /// Whether there is somebody to send it to.
    pub(crate) has_target: bool,
}

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its place among all events. Of one checkout's, a later one has a higher number.
    pub(crate) seq: i64,
    pub(crate) id: EventId,
    pub(crate) shop: ShopId,
    pub(crate) checkout: CheckoutId,
    pub(crate) kind: EventKind,
    pub(crate) at: Timestamp,
    pub(crate) body: String,
    pub(crate) state: EventState,
    /// How many attempts of the schedule were made.
    pub(crate) tries: u32,
    /// Every attempt, as far as they are kept.
    pub(crate) attempts: Vec<AttemptView>,
    /// When it is sent next; [`NEVER`] where it is not.
    pub(crate) due_at: Timestamp,
}

/// What follows from an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// The merchant's server has it.
    Delivered,
    /// It is tried again at this moment.
    Again(Timestamp),
    /// It is given up, and this is told of that; nothing of an event that tells of one given up itself.
    Dead(Option<Box<NewEvent>>),
}

/// An attempt that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) id: EventId,
    /// Whose lease it was made under.
    pub(crate) by: Uuid,
    /// How many attempts of the schedule had been made before it.
    pub(crate) tries: u32,
    pub(crate) attempt: AttemptView,
    pub(crate) next: Next,
    /// The target that wants no more events, by its mark.
    pub(crate) gone: Option<String>,
}

/// Which events of a shop are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EventFilter {
    pub(crate) kind: Option<EventKind>,
    pub(crate) state: Option<EventState>,
    pub(crate) checkout: Option<CheckoutId>,
}

impl NewEvent {
    /// The state it begins in, and when it is due first. `waits` says that an earlier event of its checkout is pending.
    pub(crate) fn begins(&self, waits: bool) -> (EventState, Timestamp) {
        match (self.has_target, waits) {
            (false, _) => (EventState::Unsent, NEVER),
            (true, true) => (EventState::Pending, NEVER),
            (true, false) => (EventState::Pending, self.at),
        }
    }
}

impl Event {
    /// Whether the merchant's server has it.
    pub(crate) fn is_delivered(&self) -> bool {
        self.state == EventState::Delivered
    }

    /// The attempts, with one more; the oldest go.
    pub(crate) fn attempts_and(&self, attempt: &AttemptView) -> Vec<AttemptView> {
        let mut all = self.attempts.clone();
        all.push(attempt.clone());
        let excess = all.len().saturating_sub(MOST_ATTEMPTS);
        all.drain(..excess);
        all
    }

    /// What becomes of it by an attempt. One that was asked for anew meanwhile is due as that said, and one whose lease is another's by now is
    /// left to that one; but what the merchant's server has taken, it has.
    pub(crate) fn after(&self, ended: &Ended, is_leased: bool) -> Self {
        let mut after = Self {
            attempts: self.attempts_and(&ended.attempt),
            ..self.clone()
        };
        let is_same_round = is_leased && self.tries == ended.tries;
        match &ended.next {
            Next::Delivered => {
                after.tries = self.tries.saturating_add(1);
                (after.state, after.due_at) = (EventState::Delivered, NEVER);
            }
            Next::Again(at) if is_same_round => {
                after.tries = self.tries.saturating_add(1);
                after.due_at = *at;
            }
            Next::Dead(_) if is_same_round => {
                after.tries = self.tries.saturating_add(1);
                (after.state, after.due_at) = (EventState::Dead, NEVER);
            }
            Next::Again(_) | Next::Dead(_) => {}
        }
        after
    }
}

#[cfg(test)]
pub(crate) mod tests;
