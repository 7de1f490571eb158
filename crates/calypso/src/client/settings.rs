//! How a client is set up: its limits, its clock, and what it refuses to be built with.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use url::{Host, Url};

use super::{Client, Connection, TimeSource, clock};
use crate::{Credentials, Error, sign};

/// The settings of a [`Client`], each with a default fit for a server that takes payments.
#[derive(Clone)]
#[must_use = "settings do nothing until `build` is called"]
pub struct ClientBuilder {
    base: Url,
    credentials: Credentials,
    account: String,
    clock: TimeSource,
    timeout: Duration,
    connect_timeout: Duration,
    answer_limit: usize,
    retries: u32,
    retry_pause: Duration,
    plain_http: bool,
}

impl Client {
    /// Starts the settings of a client: the API's base URL (`https://api.calypso.finance`, or that of a sandbox), the
    /// merchant's key pair, and the merchant's account id.
    pub fn builder(
        base_url: Url,
        credentials: Credentials,
        account: impl Into<String>,
    ) -> ClientBuilder {
        ClientBuilder::new(base_url, credentials, account.into())
    }
}

impl ClientBuilder {
    fn new(base: Url, credentials: Credentials, account: String) -> Self {
        Self {
            base,
            credentials,
            account,
            clock: clock::system(),
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            answer_limit: 1024 * 1024,
            retries: 2,
            retry_pause: Duration::from_millis(200),
            plain_http: false,
        }
    }

    /// How long one request may take from its start to the last byte of the answer. Default 10 s. A call that
    /// is repeated may take this long for each attempt.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take, TLS included. Default 5 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The longest answer that is read, in bytes. Default 1 MiB.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// How often a call is repeated where that is safe. Default 2, that is at most three attempts; 0 means never.
    pub fn retries(mut self, times: u32) -> Self {
        self.retries = times;
        self
    }

    /// The pause before the first repetition; each further one is twice as long. Default 200 ms. It is slept in
    /// tokio's time.
    pub fn retry_pause(mut self, pause: Duration) -> Self {
        self.retry_pause = pause;
        self
    }

    /// The clock the signed timestamps come from. Default: the system's. The gateway refuses a timestamp more
    /// than three minutes away from its own clock (gateway reference §1.4).
    pub fn clock(mut self, clock: TimeSource) -> Self {
        self.clock = clock;
        self
    }

    /// Allows `http://` to a host that is not this machine, for a gateway double in a private network. An
    /// answer that travels in the clear can have its payment address replaced on the way: never use it for real money.
    pub fn plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::Settings`] when the base URL is not `https` (or `http` to this machine; the latter alone without the feature `tls`) or carries a user, query or
    /// fragment, when key, secret or account is empty, when the key cannot be a header, or when TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        self.check()
            .map_err(|reason| Error::Settings(reason.to_owned()))?;
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .user_agent(concat!("calypso-rust/", env!("CARGO_PKG_VERSION")));
        // Reading this computer's certificates takes longer than all the rest, and `http` has no use for them.
        #[cfg(feature = "tls")]
        let http = if self.base.scheme() == "http" {
            http.tls_certs_only([])
        } else {
            http
        };
        let http = http.build().map_err(|error| {
            Error::Settings(format!("the HTTP client cannot be set up: {error}"))
        })?;
        Ok(Client {
            connection: Arc::new(Connection {
                base: self.base,
                credentials: self.credentials,
                account: self.account,
                http,
                clock: self.clock,
                timeout: self.timeout,
                answer_limit: self.answer_limit,
                retries: self.retries,
                retry_pause: self.retry_pause,
            }),
        })
    }

    fn check(&self) -> Result<(), &'static str> {
        let local = match self.base.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err("expected a base URL with a host"),
        };
        let clean = self.base.username().is_empty() && self.base.password().is_none();
        match self.base.scheme() {
            "https" if cfg!(feature = "tls") => {}
            "https" => return Err("this program was built without TLS (feature `tls`)"),
            "http" if local || self.plain_http => {}
            "http" => {
                return Err(
                    "expected an https base URL; http is allowed to this machine only, see `plain_http`",
                );
            }
            _ => return Err("expected an https base URL"),
        }
        if !clean || self.base.query().is_some() || self.base.fragment().is_some() {
            return Err("expected a base URL without user, query and fragment");
        }
        if self.credentials.key.trim().is_empty()
            || HeaderValue::from_str(&self.credentials.key).is_err()
        {
            return Err("expected an API key that can be sent in a header");
        }
        if sign::is_empty(&self.credentials.secret) {
            return Err("expected a secret, got an empty one");
        }
        if self.account.trim().is_empty() {
            return Err("expected an account id, got an empty one");
        }
        Ok(())
    }
}
