//! Where events of a shop are sent, and what they are signed with.

use url::Url;

use super::event_secret::{EventSecret, EventSecretError};
use super::event_url::{self, EventUrlError};
use crate::input::address_space::{AllowedNetworkError, AllowedNetworks};

/// How many secrets may sign at the same time: while one is being replaced there are two.
const MOST_SECRETS: usize = 4;

/// The merchant's server that hears of events.
#[derive(Debug, Clone)]
pub struct EventTarget {
    url: Url,
    /// The newest first. Each signs.
    secrets: Vec<EventSecret>,
    allowed: AllowedNetworks,
}

/// Why there is no such target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventTargetError {
    /// The URL.
    #[error("the URL {0}")]
    Url(#[from] EventUrlError),
    /// A secret, counted from 1.
    #[error("secret {0} {1}")]
    Secret(usize, EventSecretError),
    /// Too many secrets, or none.
    #[error("expected 1 to {MOST_SECRETS} secrets, got {0}")]
    Count(usize),
    /// The same secret twice.
    #[error("secret {0} is an earlier one again")]
    Twice(usize),
    /// A network in which it may stand.
    #[error(transparent)]
    Network(#[from] AllowedNetworkError),
}

impl EventTarget {
    /// A target from texts: its URL, its secrets with the newest first, and the private networks in which it may stand.
    ///
    /// # Errors
    /// [`EventTargetError`], which quotes no secret.
    pub fn new(
        url: &str,
        secrets: &[&str],
        allowed_networks: &[&str],
    ) -> Result<Self, EventTargetError> {
        let allowed = AllowedNetworks::parse(allowed_networks.iter().copied())?;
        let url = event_url::parse(url, &allowed)?;
        let mut read = Vec::new();
        for (index, text) in secrets.iter().enumerate() {
            let secret = EventSecret::parse(text);
            read.push(secret.map_err(|error| EventTargetError::Secret(index + 1, error))?);
        }
        Self::of(url, read, allowed)
    }

    /// A target of parts that were checked each by itself.
    pub(super) fn of(
        url: Url,
        secrets: Vec<EventSecret>,
        allowed: AllowedNetworks,
    ) -> Result<Self, EventTargetError> {
        if !(1..=MOST_SECRETS).contains(&secrets.len()) {
            return Err(EventTargetError::Count(secrets.len()));
        }
        for (index, secret) in secrets.iter().enumerate() {
            if secrets[..index].iter().any(|earlier| earlier.is(secret)) {
                return Err(EventTargetError::Twice(index + 1));
            }
        }
        Ok(Self {
            url,
            secrets,
            allowed,
        })
    }

    /// Where it is. Its path and query may hold a secret of the merchant's: log [`EventTarget::shown`] instead.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Scheme, host and port: what a log line may say of it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// What its events are signed with, the newest first.
    pub(crate) fn secrets(&self) -> &[EventSecret] {
        &self.secrets
    }

    /// Whether two targets have a secret in common.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let mut own = self.secrets.iter();
        own.any(|secret| other.secrets.iter().any(|theirs| theirs.is(secret)))
    }

    /// The private networks in which it may stand.
    pub(crate) fn allowed_networks(&self) -> &AllowedNetworks {
        &self.allowed
    }

    /// Whether what is sent can be read on its way.
    pub(crate) fn is_plain(&self) -> bool {
        self.url.scheme() == "http"
    }
}
