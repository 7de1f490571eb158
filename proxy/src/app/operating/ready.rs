//! Whether requests may be sent to this proxy. Asked by strangers too, so the database is looked at once in a second, whoever asks.

use std::time::Duration;

use tokio::time::Instant;

use crate::app::readiness::DatabaseState;
use crate::app::state::App;
use crate::store::StoreError;

/// How long what was found counts.
const KEPT: Duration = Duration::from_secs(1);
/// How long the database is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

impl App {
    /// How the database is, as it was found less than a second ago.
    pub(crate) async fn database_state(&self) -> DatabaseState {
        // Whoever comes meanwhile waits for the same look.
        let mut last = self.readiness.0.lock().await;
        if let Some((at, found)) = *last
            && at.elapsed() < KEPT
        {
            return found;
        }
        let found = match tokio::time::timeout(PATIENCE, self.store.is_fit()).await {
            Ok(Ok(())) => DatabaseState::Fit,
            Ok(Err(StoreError::Newer { .. })) => DatabaseState::OtherSchema,
            Ok(Err(_)) | Err(_) => DatabaseState::Failing,
        };
        *last = Some((Instant::now(), found));
        found
    }

    /// Whether the gateway of any shop has failed several times in a row.
    pub(crate) fn is_a_gateway_failing(&self) -> bool {
        self.shops
            .iter()
            .any(|shop| shop.gateway.meter().is_failing())
    }
}
