//! The connections of one proxy: bounded, checked for life, and thrown away when anything about them is in doubt.

use std::time::Duration;

use deadpool_postgres::{
    Client, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};

use super::failure::Failure;
use super::patience::Patience;
use super::tls::connector;
use crate::config::PostgresPlace;
use crate::store::error::StoreError;

/// How long one host may take to accept a connection, where the URL says nothing.
const CONNECT: Duration = Duration::from_secs(3);
/// After how long without a word a host is asked whether it is still there.
const KEEPALIVE: Duration = Duration::from_secs(10);
/// How long sent bytes may stay without an answer of the network before the connection counts as lost.
const UNANSWERED: Duration = Duration::from_secs(10);

/// Makes the pool. No connection is made yet.
///
/// # Errors
/// [`StoreError::Unreachable`].
pub(super) fn pool(place: &PostgresPlace, patience: Patience) -> Result<Pool, StoreError> {
    let unreachable = |reason: String| StoreError::Unreachable {
        database: place.to_string(),
        reason,
    };
    let config = config(place).ok_or_else(|| unreachable("the URL cannot be read".to_owned()))?;
    let connector = connector(place).map_err(unreachable)?;
    let settings = ManagerConfig {
        // Those that are closed are found by the driver itself; those in doubt are thrown away by `Lease`.
        recycling_method: RecyclingMethod::Fast,
    };
    Pool::builder(Manager::from_config(config, connector, settings))
        .max_size(place.connections)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(patience.turn))
        .create_timeout(Some(patience.connection))
        .build()
        .map_err(|error| unreachable(error.to_string()))
}

/// How each connection is made.
pub(super) fn config(place: &PostgresPlace) -> Option<tokio_postgres::Config> {
    let mut config = place.parsed()?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_application_name().is_none() {
        config.application_name("calypso-proxy");
    }
    config.keepalives(true);
    config.keepalives_idle(KEEPALIVE);
    config.keepalives_interval(KEEPALIVE / 4);
    config.keepalives_retries(3);
    config.tcp_user_timeout(UNANSWERED);
    Some(config)
}

/// A connection that goes back to the pool only when it is said to be well.
pub(super) struct Lease(Option<Client>);

impl Lease {
    /// Takes a connection, or makes one.
    pub(super) async fn of(pool: &Pool) -> Result<Self, Failure> {
        match pool.get().await {
            Ok(client) => Ok(Self(Some(client))),
            Err(PoolError::Backend(error)) => Err(match Failure::from(error) {
                // A wrong password or a database that is not there: nothing that a repetition mends, and nothing that was refused to a row.
                Failure::Final(StoreError::Refused(text)) => {
                    Failure::Final(StoreError::Unavailable(text))
                }
                other => other,
            }),
            Err(error) => Err(Failure::Final(StoreError::Unavailable(error.to_string()))),
        }
    }

    pub(super) fn client(&self) -> &Client {
        self.0.as_ref().expect("taken only when it ends")
    }

    /// Gives the connection back.
    pub(super) fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            // Closed: whatever was begun on it ends with it.
            drop(Object::take(client));
        }
    }
}
