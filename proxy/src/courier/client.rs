//! The HTTP client of deliveries: no redirect, no proxy, no cookie, bounded in time and in what it reads.

use std::collections::HashMap;
use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::HeaderMap;
use checkout::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Response, redirect};
use url::Host;

use super::attempted::{Attempted, DeliveryFailure};
use super::message::Message;
use super::names::{CheckedNames, Names, Unreached};
use super::{retry_after, schedule};
use crate::config::EventTarget;
use crate::input::address_space::AllowedNetworks;
use crate::lock::lock;

/// How long connecting may take, TLS included.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long the rest of an answer is listened to after its status, which has decided already.
const LISTENING: Duration = Duration::from_millis(500);
/// How much of it is read. What is read is thrown away: it only spares the receiver a broken connection.
const MOST_BYTES: usize = 4096;
const USER_AGENT: &str = concat!(
    "calypso-proxy/",
    env!("CARGO_PKG_VERSION"),
    " (Standard Webhooks)"
);

/// What clients differ by.
#[derive(PartialEq, Eq, Hash)]
struct Kind {
    allowed: AllowedNetworks,
    plain: bool,
}

/// One client for each set of networks that stores allow, so that no store is served by a connection that only another may have.
pub(super) struct Clients {
    names: Arc<dyn Names>,
    /// How long one attempt may take.
    pub(super) patience: Duration,
    made: Mutex<HashMap<Kind, reqwest::Client>>,
}

impl Clients {
    pub(super) fn new(names: Arc<dyn Names>) -> Self {
        let made = Mutex::new(HashMap::new());
        let patience = schedule::TIMEOUT;
        Self {
            names,
            patience,
            made,
        }
    }

    /// Sends a message, and says what came of it.
    pub(super) async fn post(
        &self,
        target: &EventTarget,
        headers: HeaderMap,
        message: &Message,
        now: Timestamp,
    ) -> Attempted {
        let failed = |kind| Attempted::Failed { kind };
        let client = match self.ready(target) {
            Ok(client) => client,
            Err(kind) => return failed(kind),
        };
        let request = client
            .post(target.url().clone())
            .timeout(self.patience)
            .headers(headers)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(message.body.clone());
        match request.send().await {
            Ok(response) => answered(response, now).await,
            Err(error) => failed(meaning(&error)),
        }
    }

    /// Asks for the head of what stands at the URL.
    pub(super) async fn head(&self, target: &EventTarget) -> Result<(), DeliveryFailure> {
        let client = self.ready(target)?;
        let request = client.head(target.url().clone()).timeout(self.patience);
        request.send().await.map_err(|error| meaning(&error))?;
        Ok(())
    }

    /// The client for a target that may be called.
    fn ready(&self, target: &EventTarget) -> Result<reqwest::Client, DeliveryFailure> {
        if !may_be_called(target) {
            return Err(DeliveryFailure::Forbidden);
        }
        self.client(target).map_err(|_| DeliveryFailure::Unready)
    }

    fn client(&self, target: &EventTarget) -> Result<reqwest::Client, reqwest::Error> {
        let kind = Kind {
            allowed: target.allowed_networks().clone(),
            plain: target.is_plain(),
        };
        let mut made = lock(&self.made);
        if let Some(client) = made.get(&kind) {
            return Ok(client.clone());
        }
        let client = build(Arc::clone(&self.names), &kind)?;
        made.insert(kind, client.clone());
        Ok(client)
    }
}

/// An address that stands in the URL itself is never looked up, so it is held against the networks here.
fn may_be_called(target: &EventTarget) -> bool {
    let check = |address| {
        target
            .allowed_networks()
            .check(address, target.is_plain())
            .is_ok()
    };
    match target.url().host() {
        Some(Host::Ipv4(address)) => check(address.into()),
        Some(Host::Ipv6(address)) => check(address.into()),
        Some(Host::Domain(_)) => true,
        None => false,
    }
}

fn build(names: Arc<dyn Names>, kind: &Kind) -> Result<reqwest::Client, reqwest::Error> {
    let names = CheckedNames {
        names,
        allowed: kind.allowed.clone(),
        plain: kind.plain,
    };
    let client = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .dns_resolver(names)
        .connect_timeout(CONNECTING)
        // A connection that is kept belongs to an address that was checked some time ago; each delivery checks anew.
        .pool_max_idle_per_host(0)
        .user_agent(USER_AGENT);
    // Reading this computer's certificates takes longer than all the rest, and `http` has no use for them.
    #[cfg(feature = "tls")]
    let client = if kind.plain {
        client.tls_certs_only([])
    } else {
        client.https_only(true)
    };
    client.build()
}

/// What a status means. The rest of the answer is read for a moment and thrown away.
async fn answered(mut response: Response, now: Timestamp) -> Attempted {
    let status = response.status().as_u16();
    let attempted = match status {
        200..300 => Attempted::Taken { status },
        410 => Attempted::Gone,
        _ => Attempted::Refused {
            status,
            retry_after: retry_after::read(response.headers(), now),
        },
    };
    let rest = async {
        let mut read = 0;
        while let Ok(Some(chunk)) = response.chunk().await {
            read += chunk.len();
            if read >= MOST_BYTES {
                break;
            }
        }
    };
    // Whether it ends in time changes nothing about the status.
    let _in_time = tokio::time::timeout(LISTENING, rest).await;
    attempted
}

/// What a failed exchange means.
fn meaning(error: &reqwest::Error) -> DeliveryFailure {
    let mut source = error.source();
    let mut io = None;
    while let Some(inner) = source {
        match inner.downcast_ref::<Unreached>() {
            Some(Unreached::NoAddress) => return DeliveryFailure::NoAddress,
            Some(Unreached::Forbidden(forbidden)) => {
                tracing::warn!(address = %forbidden, "a delivery's host has an address that is not called");
                return DeliveryFailure::Forbidden;
            }
            None => {}
        }
        #[cfg(feature = "tls")]
        if inner.is::<rustls::Error>() {
            return DeliveryFailure::Tls;
        }
        io = inner.downcast_ref::<std::io::Error>().or(io);
        // What TLS found wrong stands inside an error of the connection.
        source = match inner.downcast_ref::<std::io::Error>() {
            Some(error) => error
                .get_ref()
                .map(|inner| inner as &(dyn std::error::Error + 'static)),
            None => inner.source(),
        };
    }
    if error.is_timeout() {
        DeliveryFailure::TimedOut
    } else if error.is_connect() {
        DeliveryFailure::NoConnection
    } else {
        DeliveryFailure::Broken
    }
}
