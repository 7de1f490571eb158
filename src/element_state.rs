//! What the page around the element sees of a payment: its state, and what an answer changed.

use checkout::Phase;

/// The value of the element's `state`: a phase, or one of the two states only the widget knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is known yet.
    Loading,
    /// Nothing is known, and the proxy could not be asked.
    Failed,
    /// What the proxy's last answer says.
    Phase(Phase),
}

impl State {
    /// The word in `data-state` and in the events.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Failed => "failed",
            Self::Phase(phase) => phase.as_str(),
        }
    }
}

/// What an answer changed; decides which events are fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// The state before.
    pub previous: State,
    /// The state now.
    pub state: State,
    /// Whether this is the first answer.
    pub is_first: bool,
    /// Whether the checkout is paid now and was not before.
    pub became_paid: bool,
    /// Whether the checkout is expired now and was not before.
    pub became_expired: bool,
}
