//! One delivery to the merchant's server: signed by Standard Webhooks, sent to an address that was checked, and what came of it.

mod attempted;
mod client;
mod message;
mod names;
mod retry_after;
pub mod schedule;
mod signature;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use checkout::Timestamp;

pub use attempted::{Attempted, DeliveryFailure};
use client::Clients;
pub use message::Message;
pub use names::{LookedUp, Names, SystemNames};

use crate::config::EventTarget;

/// Carries messages to the servers of merchants. One serves all stores.
pub struct Courier {
    clients: Clients,
}

impl Courier {
    /// A courier that asks this computer for the addresses of names.
    #[must_use]
    pub fn new() -> Self {
        Self::with_names(Arc::new(SystemNames::default()))
    }

    /// A courier that asks somebody else.
    #[must_use]
    pub fn with_names(names: Arc<dyn Names>) -> Self {
        Self {
            clients: Clients::new(names),
        }
    }

    /// Has each attempt take at most so long, instead of [`schedule::TIMEOUT`].
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.clients.patience = patience;
        self
    }

    /// Sends a message once. Takes at most [`schedule::TIMEOUT`]; nothing of the answer is kept but its status and `Retry-After`.
    ///
    /// `now` is signed as `webhook-timestamp`, and receivers refuse one that is some minutes from their own clock: hand in the real
    /// time, whatever clock the rest runs on.
    pub async fn deliver(
        &self,
        target: &EventTarget,
        message: &Message,
        now: Timestamp,
    ) -> Attempted {
        let Some(headers) = signature::headers(target.secrets(), message, now) else {
            return Attempted::Failed {
                kind: DeliveryFailure::Unsignable,
            };
        };
        self.clients.post(target, headers, message, now).await
    }

    /// Looks whether there is anybody, and tells them nothing: asks for the head of what stands at the URL, and takes any answer.
    ///
    /// # Errors
    /// What a delivery would fail with before its status.
    pub async fn reach(&self, target: &EventTarget) -> Result<(), DeliveryFailure> {
        self.clients.head(target).await
    }
}

impl Default for Courier {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Courier").finish_non_exhaustive()
    }
}
