//! What handlers take from a request: the checkout's id, the caller's network, the fields of the body. Each is refused in its own words
//! before the handler begins; the body is read last.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use checkout::RefusalCode;

use super::app_state::AppState;
use super::body;
use super::json::{Fields, Json};
use crate::checkouts::event::EventId;
use crate::checkouts::id::CheckoutId;
use crate::input::client::{Network, Peer};
use crate::refusal::Refusal;

/// The id in the path.
///
/// # Errors
/// `checkout_id_malformed`.
impl FromRequestParts<AppState> for CheckoutId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let malformed = |_| {
            Refusal::new(
                RefusalCode::CheckoutIdMalformed,
                "the path holds no checkout id: expected a UUID in lower case",
            )
        };
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(malformed)?;
        Ok(Self::parse(&text)?)
    }
}

/// The id of an event in the path.
///
/// # Errors
/// `event_not_found`: what has not the form of an id is none.
impl FromRequestParts<AppState> for EventId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(text)| Self::parse(&text));
        id.ok_or_else(Refusal::no_event)
    }
}

/// The network a request comes from; `None` when that cannot be known.
pub(super) struct Client(pub(super) Option<Network>);

impl Client {
    /// The network that these parts of a request show.
    pub(super) fn of(app: &AppState, about: &axum::http::Extensions, headers: &HeaderMap) -> Self {
        let peer = about.get::<Peer>().copied();
        let limits = &app.config.limits;
        Self(
            limits
                .topology
                .network(peer, headers, limits.forwarded_header),
        )
    }
}

impl FromRequestParts<AppState> for Client {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refusal> {
        Ok(Self::of(app, &parts.extensions, &parts.headers))
    }
}

/// A stranger whose network may still ask for files and pages.
///
/// # Errors
/// `rate_limited`.
pub(super) struct Stranger;

impl FromRequestParts<AppState> for Stranger {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refusal> {
        let Client(network) = Client::of(app, &parts.extensions, &parts.headers);
        app.bounds.new_request(network)?;
        Ok(Self)
    }
}

/// The body as it was sent.
///
/// # Errors
/// `content_type_not_json`, `body_too_large`, `body_not_json` when it breaks off or does not arrive in time.
pub(super) struct Body(pub(super) Bytes);

impl FromRequest<AppState> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        body::read(&parts.headers, body, &app.config.limits)
            .await
            .map(Self)
    }
}

/// The fields that a page sent. A page never says what something costs.
///
/// # Errors
/// Those of [`Body`] and of JSON, and `amount_not_accepted`.
pub(super) struct PageFields(pub(super) Fields);

impl FromRequest<AppState> for PageFields {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Refusal> {
        let Body(bytes) = Body::from_request(request, app).await?;
        let fields = Fields::of_body(Json::read(&bytes)?)?;
        fields.refuse_money()?;
        Ok(Self(fields))
    }
}
