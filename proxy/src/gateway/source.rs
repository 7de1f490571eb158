//! Why the gateway is asked.

/// What brought a reading about. Polls and the watcher have calls of their own, so that neither takes them from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Somebody looks at a checkout.
    Poll,
    /// It is time to look after what nobody looks at.
    Watcher,
    /// The gateway has said that something has changed.
    Delivery,
}

impl Source {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Watcher => "watcher",
            Self::Delivery => "delivery",
        }
    }
}
