//! What is new in the history, for those who only have to know what to look at again.

use super::changes::Changed;
use crate::reading::history::Subject;

/// An entry of the history, as far as it has to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct News {
    /// The entry's number.
    pub(crate) seq: i64,
    /// What has changed; none where this very proxy has written it and told it itself.
    pub(crate) changed: Option<Changed>,
}

impl From<Subject> for Changed {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Checkout(id) => Self::Checkout(id),
            Subject::Customer(key) => Self::Customer(key),
        }
    }
}
