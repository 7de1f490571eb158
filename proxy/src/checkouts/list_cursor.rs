//! Where a page of a list of checkouts ends.

use std::fmt;

use checkout::Timestamp;

use super::id::CheckoutId;

/// A place in a list of checkouts, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListCursor {
    pub(crate) created_at: Timestamp,
    pub(crate) id: CheckoutId,
}

impl ListCursor {
    /// Reads what [`ListCursor`] writes; `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (millis, id) = text.split_once('.')?;
        let cursor = Self {
            created_at: Timestamp::from_millis(millis.parse().ok()?),
            id: CheckoutId::parse(id).ok()?,
        };
        (cursor.to_string() == text).then_some(cursor)
    }
}

impl fmt::Display for ListCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.created_at.millis(), self.id)
    }
}
