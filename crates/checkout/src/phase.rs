//! The phases of a checkout, and which of several invoices decides what the buyer sees.

mod advance;
mod facts;

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use advance::{Observation, advance};
pub use facts::Pace;

/// Where a checkout stands, as the buyer sees it. On the wire a lower-case word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// No currency is picked yet.
    Choosing,
    /// An address and an amount are shown; no money was seen.
    Awaiting,
    /// A transaction was seen and waits for confirmation; it may still be withdrawn.
    Detected,
    /// Paid. Nothing leads back from here.
    Paid,
    /// Paid, and credited to the merchant. The end.
    Completed,
    /// The deposit is under compliance review.
    Reviewing,
    /// Compliance suspended the deposit.
    Declined,
    /// Too little arrived; the merchant decides, the buyer may add the rest.
    Underpaid,
    /// Too much arrived; the merchant decides.
    Overpaid,
    /// Money arrived and the merchant decides, for another reason (mixed senders, or one we do not know).
    Intervention,
    /// The time is over and no money was seen.
    Expired,
    /// Closed by the merchant, or refunded.
    Archived,
}

/// A word that is no phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a phase such as awaiting, got another word")]
pub struct UnknownPhase;

impl Phase {
    /// Every phase, in the order in which they are declared.
    pub const ALL: [Phase; 12] = [
        Phase::Choosing,
        Phase::Awaiting,
        Phase::Detected,
        Phase::Paid,
        Phase::Completed,
        Phase::Reviewing,
        Phase::Declined,
        Phase::Underpaid,
        Phase::Overpaid,
        Phase::Intervention,
        Phase::Expired,
        Phase::Archived,
    ];

    /// The word on the wire and in `data-state`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Phase::Choosing => "choosing",
            Phase::Awaiting => "awaiting",
            Phase::Detected => "detected",
            Phase::Paid => "paid",
            Phase::Completed => "completed",
            Phase::Reviewing => "reviewing",
            Phase::Declined => "declined",
            Phase::Underpaid => "underpaid",
            Phase::Overpaid => "overpaid",
            Phase::Intervention => "intervention",
            Phase::Expired => "expired",
            Phase::Archived => "archived",
        }
    }
}

/// Which of a checkout's invoices decides what the buyer sees, given their phases from the oldest to the
/// newest: the one whose money has come furthest, and among equals the newest. `None` without invoices.
pub fn deciding<I>(phases: I) -> Option<usize>
where
    I: IntoIterator<Item = Phase>,
{
    // Of equal ones `max_by_key` gives the last, which is the newest.
    phases
        .into_iter()
        .enumerate()
        .max_by_key(|(_, phase)| phase.progress())
        .map(|(index, _)| index)
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Phase {
    type Err = UnknownPhase;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Phase::ALL
            .into_iter()
            .find(|phase| phase.as_str() == word)
            .ok_or(UnknownPhase)
    }
}

impl Serialize for Phase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Phase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl de::Visitor<'_> for Word {
            type Value = Phase;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a phase such as \"awaiting\"")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Phase, E> {
                word.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Word)
    }
}
