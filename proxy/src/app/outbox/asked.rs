//! Events that the merchant asks for: listed, shown, and sent again.

use std::fmt;
use std::str::FromStr;

use checkout::RefusalCode;
use checkout::wire::{EventListView, EventState, EventView, WholeEventView};

use crate::app::state::App;
use crate::checkouts::event::{Event, EventFilter, EventId, NEVER};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::refusal::Refusal;

/// How many events one answer lists.
const MOST: u32 = 100;

/// Which events are to be listed, in the words of whoever asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventsAsked {
    /// Only those of this type, such as `checkout.paid`.
    pub kind: Option<String>,
    /// Only those in this state, such as `dead`.
    pub state: Option<String>,
    /// Only those of this checkout.
    pub checkout: Option<String>,
    /// Those behind the last one of the list before, as that said.
    pub cursor: Option<String>,
}

/// Why events could not be listed or sent again.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct EventsError(String);

impl From<Refusal> for EventsError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.cause.unwrap_or(refusal.message))
    }
}

impl EventsAsked {
    fn filter(&self) -> Result<EventFilter, Refusal> {
        Ok(EventFilter {
            kind: word("type", self.kind.as_deref())?,
            state: word("state", self.state.as_deref())?,
            checkout: self
                .checkout
                .as_deref()
                .map(CheckoutId::parse)
                .transpose()?,
        })
    }

    /// The number of the event behind which to go on.
    fn before(&self) -> Result<Option<i64>, Refusal> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let number = cursor.parse::<i64>().ok();
        let written = number.filter(|number| *number > 0 && number.to_string() == *cursor);
        let unknown = || Refusal::field("cursor", "is none that this call has answered");
        written.ok_or_else(unknown).map(Some)
    }
}

fn word<W>(name: &str, given: Option<&str>) -> Result<Option<W>, Refusal>
where
    W: FromStr,
    W::Err: fmt::Display,
{
    let read = given.map(str::parse::<W>).transpose();
    read.map_err(|error| Refusal::field(name, format!("is none: {error}")))
}

impl App {
    /// Events of a shop, the newest first.
    ///
    /// # Errors
    /// `field_invalid`, `checkout_id_malformed`, `store_unavailable`.
    pub(crate) async fn event_list(
        &self,
        shop: ShopId,
        asked: &EventsAsked,
    ) -> Result<EventListView, Refusal> {
        let (filter, before) = (asked.filter()?, asked.before()?);
        // One more than is listed shows whether there are more.
        let mut found = self.store.events(shop, filter, before, MOST + 1).await?;
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        let has_more = found.len() > most;
        found.truncate(most);
        let last = found.last().filter(|_| has_more);
        Ok(EventListView {
            cursor: last.map(|event| event.seq.to_string()),
            events: found.iter().map(view).collect(),
        })
    }

    /// One event with what is sent.
    ///
    /// # Errors
    /// `event_not_found`, `store_unavailable`.
    pub(crate) async fn whole_event(
        &self,
        shop: ShopId,
        id: EventId,
    ) -> Result<WholeEventView, Refusal> {
        let event = self
            .store
            .event(shop, id)
            .await?
            .ok_or_else(Refusal::no_event)?;
        Ok(WholeEventView {
            event: view(&event),
            body: event.body,
        })
    }

    /// Has an event sent again, from the beginning of the schedule.
    ///
    /// # Errors
    /// `event_not_found`, `event_target_missing`, `store_unavailable`.
    pub(crate) async fn replay_event(
        &self,
        shop: &ShopId,
        id: EventId,
    ) -> Result<EventView, Refusal> {
        if self.shop(shop)?.config.events.is_none() {
            return Err(Refusal::new(
                RefusalCode::EventTargetMissing,
                "there is nowhere to send events: set `events.url` in the proxy's configuration",
            ));
        }
        let now = self.clock.now();
        let asked = self.store.replay_event(shop.clone(), id, now).await?;
        let event = asked.ok_or_else(Refusal::no_event)?;
        tracing::info!(store = %shop, event = %event.id, kind = event.kind.as_str(), "an event is sent again, as the merchant has asked");
        Ok(view(&event))
    }
}

fn view(event: &Event) -> EventView {
    let is_due = event.state == EventState::Pending && event.due_at != NEVER;
    EventView {
        id: event.id.to_string(),
        kind: event.kind,
        checkout: event.checkout.to_string(),
        created_at: event.at,
        state: event.state,
        next_attempt_at: is_due.then_some(event.due_at),
        attempts: event.attempts.clone(),
    }
}
