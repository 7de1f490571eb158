//! The client: who signs, where to, and within which limits. The calls are in the files beside it, one noun a file.

mod answer;
mod call;
mod clock;
mod creation;
mod customers;
mod deposits;
mod exchange;
mod interventions;
mod invoices;
mod rates;
mod retry;
mod settings;
mod webhooks;
mod widgets;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

pub use clock::TimeSource;
pub use settings::ClientBuilder;

use crate::Credentials;

/// A signed connection to the gateway for one merchant account. Cheap to clone; clones share their connections.
///
/// Every call serialises its body once, signs those bytes and sends those bytes (gateway reference §1.3).
/// It follows no redirect, reads no proxy settings from the environment, keeps no global state, and works in
/// any tokio runtime.
///
/// *Repeating.* Calls that only read are repeated after failures that pass by themselves, at most
/// [`ClientBuilder::retries`] times. A creation is repeated only with an idempotency key: when its outcome is open, the
/// key is looked up first, and only if the gateway knows no such object the same request is sent again
/// (gateway reference §7.5). All other calls are sent once.
#[derive(Clone)]
pub struct Client {
    connection: Arc<Connection>,
}

struct Connection {
    base: Url,
    credentials: Credentials,
    account: String,
    http: reqwest::Client,
    clock: TimeSource,
    timeout: Duration,
    answer_limit: usize,
    retries: u32,
    retry_pause: Duration,
}

impl Client {
    /// The merchant account the client acts for.
    pub fn account(&self) -> &str {
        &self.connection.account
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.connection.base.as_str())
            .field("account", &self.connection.account)
            .field("credentials", &self.connection.credentials)
            .finish_non_exhaustive()
    }
}
