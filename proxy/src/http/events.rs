//! `GET /v1/checkouts/{id}/events`: a checkout as server-sent events.

mod stream;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::app_state::AppState;
use super::caller::{Anyone, Read};
use super::extract::Client;
use super::serve::{KeptOpen, Stopping};
use crate::app::Follower;
use crate::checkouts::id::CheckoutId;
use crate::limits::places::Looker;
use crate::refusal::Refusal;
use stream::Stream;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Sends the checkout at once, unless the caller has seen it as it is, and anew whenever it changes. The last message of one that can
/// change no more ends the stream; whoever asks again for one of those with the tag of that message gets 204, after which browsers do
/// not ask any more.
///
/// # Errors
/// `checkout_not_found`, `origin_not_allowed` for a page of another shop, `push_unavailable`, `store_unavailable`.
pub(super) async fn follow(
    app: AppState,
    Anyone { caller, .. }: Anyone<Read>,
    id: CheckoutId,
    Client(network): Client,
    stopping: Stopping,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let place = app.push_places.take(network)?;
    let shop = app.kept_checkout(id).await?.checkout.shop.clone();
    caller.may_reach(&shop)?;
    let place = app.push_places.for_shop(place, &shop)?;
    let mut follower = Follower::new(app.app(), id, Looker::Page(network));
    let first = follower.next().await?.ok_or_else(Refusal::no_checkout)?;
    let has_seen_it = headers
        .get(LAST_EVENT_ID)
        .is_some_and(|seen| seen.as_bytes() == first.tag().as_bytes());
    if has_seen_it && first.is_settled() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let first = (!has_seen_it).then_some(first);
    let body = Body::from_stream(stream::of(Stream::new(
        app.app(),
        first,
        follower,
        place,
        stopping,
    )));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // A proxy in front that compresses holds back what does not fill its buffer yet, and one that collects answers before it sends them
        // keeps everything to itself.
        (header::CACHE_CONTROL, "no-store, no-transform"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let mut response = (headers, body).into_response();
    response.extensions_mut().insert(KeptOpen);
    Ok(response)
}
