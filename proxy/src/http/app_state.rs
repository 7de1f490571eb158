//! The state of the router: the one app, in every handler's hands.

use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::app::App;

/// The app, as handlers name it among their parameters.
#[derive(Clone)]
pub(super) struct AppState(Arc<App>);

impl AppState {
    pub(super) fn new(app: Arc<App>) -> Self {
        Self(app)
    }

    /// The app itself, for what outlives the request.
    pub(super) fn app(&self) -> Arc<App> {
        Arc::clone(&self.0)
    }
}

impl Deref for AppState {
    type Target = Arc<App>;

    fn deref(&self) -> &Arc<App> {
        &self.0
    }
}

impl FromRequestParts<AppState> for AppState {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(state.clone())
    }
}
