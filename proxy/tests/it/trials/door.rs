//! A door between proxy and gateway, which can be shut: behind it everything goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};

#[derive(Clone, Default)]
pub(crate) struct Door {
    is_shut: Arc<AtomicBool>,
}

impl Door {
    /// Stands in front of a gateway.
    pub(crate) fn before(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), pass))
    }

    pub(crate) fn shut(&self) {
        self.is_shut.store(true, Ordering::SeqCst);
    }

    pub(crate) fn open(&self) {
        self.is_shut.store(false, Ordering::SeqCst);
    }
}

async fn pass(State(door): State<Door>, request: Request, next: Next) -> Response {
    let is_call = request.uri().path().starts_with("/api/");
    if is_call && door.is_shut.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}
