//! Whoever sends many wrong merchant keys is answered slowly. Whoever sends the right one is never held up.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use checkout::ErrorCode;
use tokio::sync::Semaphore;

use crate::inner::Inner;
use crate::refusal::Refusal;

/// How long the answer to one wrong key too many takes.
const PAUSE: Duration = Duration::from_millis(500);
/// How many such answers wait at the same time; more are given at once, so that the waiting takes up nothing that others need.
static WAITING: Semaphore = Semaphore::const_new(32);

/// Answers a wrong key with `rate_limited`, after a pause, when too many have come from the same network.
pub(super) async fn slow_down(
    State(inner): State<Arc<Inner>>,
    request: Request,
    next: Next,
) -> Response {
    let network = inner.network(request.extensions(), request.headers());
    let response = next.run(request).await;
    let is_wrong = response
        .extensions()
        .get::<Refusal>()
        .is_some_and(|refusal| refusal.code == ErrorCode::MerchantKeyWrong);
    if !is_wrong {
        return response;
    }
    let Err(wait) = inner.bounds.wrong_key(network) else {
        return response;
    };
    if let Ok(_place) = WAITING.try_acquire() {
        tokio::time::sleep(PAUSE).await;
    }
    Refusal::too_often(
        "too many wrong merchant keys came from this network; the right one is taken at any time",
        wait,
    )
    .into_response()
}
