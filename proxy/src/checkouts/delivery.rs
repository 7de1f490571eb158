//! A delivery: what the gateway has told by a webhook, and what became of it. What it told is never believed; it names what to read.

use checkout::{Timestamp, words};
use uuid::Uuid;

use super::shop_id::ShopId;

/// The longest name of an event that is kept as it came.
const LONGEST_EVENT: usize = 128;
/// How soon an open delivery is tried again at first.
const FIRST_PAUSE_SECONDS: i64 = 5;
/// The longest pause between two tries.
pub(crate) const LONGEST_PAUSE_SECONDS: i64 = 60 * 60;
/// How long an open delivery is tried. What it was about is watched by itself, too.
const TRIED_SECONDS: i64 = 7 * 24 * 60 * 60;
/// How long a delivery is remembered that nothing is to be done about: longer than the gateway repeats one (gateway reference §5.1).
pub(crate) const REMEMBERED_SECONDS: i64 = 30 * 24 * 60 * 60;

/// One event of one shop, and the bytes it came as. The same event with other bytes is looked into by itself: it may be another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventName {
    pub(crate) shop: ShopId,
    /// The gateway's id of the event. A delivery without one, or with one too long to be kept, is named by its bytes.
    pub(crate) event: String,
    /// SHA-256 of the body, in hexadecimal digits.
    pub(crate) fingerprint: String,
}

/// A delivery whose signature was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) name: EventName,
    /// The gateway's word for what happened.
    pub(crate) kind: String,
    pub(crate) subject: Named,
    /// When it happened, by the gateway.
    pub(crate) happened_at: Option<Timestamp>,
    pub(crate) received_at: Timestamp,
    pub(crate) outcome: DeliveryOutcome,
    /// When an open one is tried next.
    pub(crate) due_at: Timestamp,
}

/// What a delivery is about, as the gateway calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    /// An invoice, by the gateway's id.
    Invoice(String),
    /// An invoice, by the key it was asked for with.
    InvoiceKey(Uuid),
    /// A customer, by the gateway's id.
    Customer(String),
    /// Nothing that this proxy reads.
    Nothing,
}

words! {
    /// What became of a delivery; the word is the one in the store.
    pub(crate) enum DeliveryOutcome expecting "open, taken_in, not_ours, ignored, unreadable or given_up" {
        /// What it is about has still to be read.
        Open = "open",
        /// What it is about was read after it came, and the result is stored.
        TakenIn = "taken_in",
        /// It is about something of which this proxy knows nothing.
        NotOurs = "not_ours",
        /// It is of a kind that changes nothing here.
        Ignored = "ignored",
        /// It was signed, and nobody can read it.
        Unreadable = "unreadable",
        /// The gateway gave no usable answer for a week.
        GivenUp = "given_up",
    }
}

impl DeliveryOutcome {
    /// Whether it shows that webhooks arrive and that what they name is found here. One of an event that is not this shop's, or that nobody
    /// can read, shows neither.
    pub(crate) fn is_of_ours(self) -> bool {
        !matches!(self, Self::NotOurs | Self::Unreadable)
    }
}

impl EventName {
    /// The name of an event that came as these bytes.
    pub(crate) fn new(shop: ShopId, id: Option<String>, fingerprint: String) -> Self {
        let event = id
            .filter(|id| !id.is_empty() && id.chars().count() <= LONGEST_EVENT)
            .unwrap_or_else(|| format!("sha256:{fingerprint}"));
        Self {
            shop,
            event,
            fingerprint,
        }
    }
}

impl Delivery {
    /// When an open delivery is tried again after a try in vain at `now`: after as long as it has been open. `None` when it has been open
    /// for too long.
    pub(crate) fn next_try(&self, now: Timestamp) -> Option<Timestamp> {
        let age = now.millis_since(self.received_at) / 1000;
        let pause = age.clamp(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS);
        (age < TRIED_SECONDS).then(|| now.plus_seconds(pause))
    }
}

impl Named {
    /// The kind of thing, as it is stored.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Invoice(_) => "invoice",
            Self::InvoiceKey(_) => "invoice_key",
            Self::Customer(_) => "customer",
            Self::Nothing => "",
        }
    }

    /// Its name, as it is stored.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Invoice(id) | Self::Customer(id) => id.clone(),
            Self::InvoiceKey(key) => key.to_string(),
            Self::Nothing => String::new(),
        }
    }

    /// What was stored; `None` when it was not written by this program.
    pub(crate) fn read(kind: &str, name: String) -> Option<Self> {
        match kind {
            "invoice" => Some(Self::Invoice(name)),
            "invoice_key" => Uuid::try_parse(&name).ok().map(Self::InvoiceKey),
            "customer" => Some(Self::Customer(name)),
            "" => Some(Self::Nothing),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use checkout::Timestamp;
    use uuid::Uuid;

    use super::{Delivery, DeliveryOutcome, EventName, Named};
    use crate::checkouts::shop_id::ShopId;

    fn name(id: Option<&str>) -> String {
        EventName::new(ShopId::default(), id.map(str::to_owned), "ab".to_owned()).event
    }

    #[test]
    fn an_event_without_a_usable_id_is_named_by_its_bytes() {
        assert_eq!(name(Some("16579")), "16579");
        let long = "9".repeat(129);
        for id in [None, Some(""), Some(long.as_str())] {
            assert_eq!(name(id), "sha256:ab");
        }
        assert_eq!(name(Some(&long[..128])), long[..128]);
    }

    #[test]
    fn subjects_are_read_back() {
        for subject in [
            Named::Invoice("75867d4d".to_owned()),
            Named::InvoiceKey(Uuid::from_u128(7)),
            Named::Customer(String::new()),
            Named::Nothing,
        ] {
            assert_eq!(Named::read(subject.kind(), subject.name()), Some(subject));
        }
        assert_eq!(Named::read("invoice_key", "7".to_owned()), None);
        assert_eq!(Named::read("payout", String::new()), None);
    }

    #[test]
    fn the_pause_grows_with_the_age_and_ends_after_a_week() {
        let start = Timestamp::from_millis(1_000_000);
        let delivery = Delivery {
            name: EventName::new(ShopId::default(), None, String::new()),
            kind: String::new(),
            subject: Named::Nothing,
            happened_at: None,
            received_at: start,
            outcome: DeliveryOutcome::Open,
            due_at: start,
        };
        for (age, pause) in [
            (-10, 5),
            (0, 5),
            (5, 5),
            (60, 60),
            (3600, 3600),
            (90_000, 3600),
            (7 * 86_400 - 1, 3600),
        ] {
            let now = start.plus_seconds(age);
            assert_eq!(
                delivery.next_try(now),
                Some(now.plus_seconds(pause)),
                "{age}"
            );
        }
        assert_eq!(delivery.next_try(start.plus_seconds(7 * 86_400)), None);
    }
}
