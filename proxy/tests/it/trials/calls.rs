//! Counting what the gateway is asked, however often: the sandbox itself remembers the newest ten thousand calls alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

/// How often each path was called.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<BTreeMap<String, usize>>>);

impl Calls {
    /// Counts in front of a gateway.
    pub(crate) fn before(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), count))
    }

    pub(crate) fn of(&self, path: &str) -> usize {
        self.0.lock().unwrap().get(path).copied().unwrap_or(0)
    }
}

async fn count(State(calls): State<Calls>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    *calls.0.lock().unwrap().entry(path).or_default() += 1;
    next.run(request).await
}
