//! `GET /metrics`, on a listener of its own: what a shop sells can be read from it, so it is never answered where buyers call.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::app_state::AppState;
use super::health;
use crate::app::App;
use crate::meters::page::CONTENT_TYPE;
use crate::refusal::Refusal;

/// The router of the operator's listener. What it answers is not counted itself: whoever reads the meters must not move them.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(AppState::new(app))
}

async fn show(app: AppState) -> Result<Response, Refusal> {
    let text = app.metered().await.map_err(Refusal::internal)?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response())
}
