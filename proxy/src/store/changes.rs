//! Who has to hear that something changed: told after the commit, so that whoever hears it finds it stored.

use tokio::sync::broadcast;
use uuid::Uuid;

use crate::checkouts::id::CheckoutId;

/// How many changes a listener may be behind before it is told that it has missed some.
const BACKLOG: usize = 1024;

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    /// An invoice of this checkout, or what is shown of it.
    Checkout(CheckoutId),
    /// An address of this customer, or what was paid to it; it shows in each checkout for deposits of theirs.
    Customer(Uuid),
}

/// The changes of one store.
#[derive(Debug, Clone)]
pub(crate) struct Changes(broadcast::Sender<Changed>);

impl Changes {
    pub(super) fn new() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }

    /// Tells everybody who listens. Nobody may listen, which is as good.
    pub(super) fn publish(&self, changed: Changed) {
        drop(self.0.send(changed));
    }

    /// Listens from now on. A listener that is too far behind gets `Lagged` and has to look for itself.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Changed> {
        self.0.subscribe()
    }
}
