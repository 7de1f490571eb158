//! The addresses of names, each of them checked before anything is connected to.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use crate::input::address_space::{AllowedNetworks, Forbidden};

/// What a look-up ends with: every address of a name.
pub type LookedUp = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Who knows the addresses of names.
pub trait Names: Send + Sync {
    /// Every address of a name, whichever they are; they are checked by whoever asks.
    fn look_up(&self, name: &str) -> LookedUp;
}

/// How many look-ups run at the same time. Each takes a thread for as long as the name servers let it wait.
const LOOK_UPS: usize = 16;

/// The names this computer knows.
pub struct SystemNames(Arc<Semaphore>);

impl Default for SystemNames {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LOOK_UPS)))
    }
}

impl Names for SystemNames {
    fn look_up(&self, name: &str) -> LookedUp {
        let (name, places) = (name.to_owned(), Arc::clone(&self.0));
        Box::pin(async move {
            let place = places.acquire_owned().await.map_err(io::Error::other)?;
            // The place is held by the look-up itself, which goes on in its thread when nobody waits for it any longer.
            let found = tokio::spawn(async move {
                let found = tokio::net::lookup_host((name, 0)).await;
                drop(place);
                found.map(|all| all.map(|address| address.ip()).collect())
            });
            found.await.map_err(io::Error::other)?
        })
    }
}

/// Why a name is not connected to.
#[derive(Debug)]
pub(super) enum Unreached {
    NoAddress,
    Forbidden(Forbidden),
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress => f.write_str("the name has no address"),
            Self::Forbidden(forbidden) => forbidden.fmt(f),
        }
    }
}

impl std::error::Error for Unreached {}

/// The resolver of one client: what it answers is what is connected to, so there is no second look-up that could say something else.
pub(super) struct CheckedNames {
    pub(super) names: Arc<dyn Names>,
    pub(super) allowed: AllowedNetworks,
    pub(super) plain: bool,
}

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.names.look_up(name.as_str());
        let (allowed, plain) = (self.allowed.clone(), self.plain);
        Box::pin(async move {
            let addresses = found.await.map_err(|_| Unreached::NoAddress)?;
            if addresses.is_empty() {
                return Err(Unreached::NoAddress.into());
            }
            for address in &addresses {
                // One that is not called refuses all: somebody who mixes them in means to be reached there.
                allowed
                    .check(*address, plain)
                    .map_err(Unreached::Forbidden)?;
            }
            // The port is the URL's.
            let all = addresses
                .into_iter()
                .map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(all) as Addrs)
        })
    }
}
