//! Which pages may call the API: the proxy's own and those on the allow-list, and nobody else's.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use checkout::RefusalCode;

use super::app_state::AppState;
use super::extract::Client;
use super::headers::single;
use crate::input::printable::printable;
use crate::refusal::Refusal;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses foreign pages before anything happens, answers preflights, and tells allowed pages that they may read the answer.
///
/// No credentials are ever allowed, and `Authorization` is not among the headers a page may send: a merchant's key does not
/// belong into a browser.
pub(super) async fn check(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = match admit(&app, request.method(), request.headers()) {
        Err(refusal) => refusal.into_response(),
        Ok(origin) => {
            let mut response = match may_ask(&app, &request) {
                Err(refusal) => refusal.into_response(),
                Ok(()) if is_preflight(&request) => preflight(),
                Ok(()) => next.run(request).await,
            };
            if let Some(origin) = origin {
                let headers = response.headers_mut();
                headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                headers.insert(
                    header::ACCESS_CONTROL_EXPOSE_HEADERS,
                    HeaderValue::from_static("etag, retry-after, x-request-id"),
                );
            }
            response
        }
    };
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

/// The caller's origin, if it comes from a page; refused when the page is not one of those that may.
fn admit(
    app: &AppState,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Option<HeaderValue>, Refusal> {
    let refuse = |message: String| Err(Refusal::new(RefusalCode::OriginNotAllowed, message));
    let Ok(origin) = single(headers, &header::ORIGIN) else {
        return refuse("the request names several origins".to_owned());
    };
    let Some(value) = origin else {
        let changes = !matches!(*method, Method::GET | Method::HEAD);
        let cross_site = headers
            .get_all(SEC_FETCH_SITE)
            .iter()
            .any(|site| site == "cross-site");
        if changes && cross_site {
            return refuse(
                "the browser says that another site sent this, without saying which".to_owned(),
            );
        }
        return Ok(None);
    };
    let own = *value == *app.config.public_url.as_str();
    let shop = value
        .to_str()
        .ok()
        .and_then(|value| app.shops.of_origin(value));
    if own || shop.is_some() {
        if !own && headers.contains_key(header::AUTHORIZATION) {
            return refuse("a page must not send an Authorization header: the merchant's key belongs on the merchant's server".to_owned());
        }
        return Ok(Some(value.clone()));
    }
    let shown = printable(&String::from_utf8_lossy(value.as_bytes()));
    refuse(format!(
        "`{shown}` is not among the origins that may call this proxy; the merchant lists them in `allowed_origins`"
    ))
}

/// Counts whoever shows no key by the network. Keys are counted where they are compared, the right ones and the wrong ones.
fn may_ask(app: &AppState, request: &Request) -> Result<(), Refusal> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    let Client(network) = Client::of(app, request.extensions(), request.headers());
    app.bounds.new_request(network)
}

fn is_preflight(request: &Request) -> bool {
    let headers = request.headers();
    request.method() == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "content-type, idempotency-key, if-none-match, last-event-id",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
