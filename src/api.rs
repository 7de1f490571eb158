//! The only file that talks HTTP: the three calls a buyer's page makes, with a time limit and a way to call them off.

use crate::failure::Failure;
use crate::json;
use checkout::wire::CheckoutView;
use gloo_net::http::{Request, RequestBuilder, Response};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use std::time::Duration;
use web_sys::{AbortController, RequestCache, RequestCredentials};

/// How long a reading may take.
const READ_LIMIT: Duration = Duration::from_secs(10);
/// How long making a checkout or an invoice may take: the gateway is asked behind it.
const WRITE_LIMIT: Duration = Duration::from_secs(40);

/// An answer about a checkout.
pub enum Answer {
    /// The whole checkout.
    Whole(Whole),
    /// 304: nothing changed since the answer with the given `ETag`.
    Unchanged,
}

/// A whole checkout, as it came.
pub struct Whole {
    /// The checkout.
    pub checkout: CheckoutView,
    /// The answer's text, which becomes the `checkout` of the events.
    pub text: String,
    /// The answer's `ETag`.
    pub etag: Option<String>,
}

/// A question that can be called off. Dropping it does not call it off.
pub struct Flight {
    controller: AbortController,
    limit: Option<TimeoutHandle>,
}

impl Flight {
    /// A question that is called off after `limit` by itself.
    fn within(limit: Duration) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let overdue = controller.clone();
        let limit = set_timeout_with_handle(move || overdue.abort(), limit).ok();
        Some(Self { controller, limit })
    }

    /// A reading.
    #[must_use]
    pub fn reading() -> Option<Self> {
        Self::within(READ_LIMIT)
    }

    /// A writing.
    #[must_use]
    pub fn writing() -> Option<Self> {
        Self::within(WRITE_LIMIT)
    }

    /// Calls the question off; its call returns [`Failure::TimedOut`], which nobody waits for any more.
    pub fn call_off(&self) {
        if let Some(limit) = &self.limit {
            limit.clear();
        }
        self.controller.abort();
    }

    /// The time limit ends with the answer.
    fn landed(&self) {
        if let Some(limit) = &self.limit {
            limit.clear();
        }
    }

    fn was_called_off(&self) -> bool {
        self.controller.signal().aborted()
    }
}

/// `POST /v1/checkouts` for something on the proxy's price list.
///
/// # Errors
/// Whatever kept the checkout away, see [`Failure`].
pub async fn open_checkout(
    proxy: &str,
    product: &str,
    idempotency_key: &str,
    flight: &Flight,
) -> Result<Whole, Failure> {
    let url = [proxy, "/v1/checkouts"].concat();
    let request = Request::post(&url).header("Idempotency-Key", idempotency_key);
    whole(
        send(request, Some(json::object_of("product", product)), flight).await?,
        flight,
    )
    .await
}

/// `GET /v1/checkouts/{id}`; with an `etag` the proxy may answer that nothing changed.
///
/// # Errors
/// Whatever kept the checkout away, see [`Failure`].
pub async fn read_checkout(
    proxy: &str,
    id: &str,
    etag: Option<&str>,
    flight: &Flight,
) -> Result<Answer, Failure> {
    let mut request = Request::get(&checkout_url(proxy, id, ""));
    if let Some(etag) = etag {
        request = request.header("If-None-Match", etag);
    }
    let response = send(request, None, flight).await?;
    if response.status() == 304 {
        flight.landed();
        return Ok(Answer::Unchanged);
    }
    whole(response, flight).await.map(Answer::Whole)
}

/// `POST /v1/checkouts/{id}/invoice`: the buyer picks a currency. Picking the same one twice gives the same invoice.
///
/// # Errors
/// Whatever kept the invoice away, see [`Failure`].
pub async fn choose_currency(
    proxy: &str,
    id: &str,
    currency: &str,
    flight: &Flight,
) -> Result<Whole, Failure> {
    let request = Request::post(&checkout_url(proxy, id, "/invoice"));
    whole(
        send(request, Some(json::object_of("currency", currency)), flight).await?,
        flight,
    )
    .await
}

fn checkout_url(proxy: &str, id: &str, rest: &str) -> String {
    // The id comes from an attribute: escaped, it can name a checkout and nothing else.
    let id = String::from(js_sys::encode_uri_component(id));
    [proxy, "/v1/checkouts/", &id, rest].concat()
}

async fn send(
    request: RequestBuilder,
    body: Option<String>,
    flight: &Flight,
) -> Result<Response, Failure> {
    let signal = flight.controller.signal();
    let request = request
        .credentials(RequestCredentials::Omit)
        // The browser's cache would answer for the proxy, and would hide its 304.
        .cache(RequestCache::NoStore)
        .abort_signal(Some(&signal));
    let response = match body {
        Some(body) => match request
            .header("Content-Type", "application/json")
            .body(body)
        {
            Ok(request) => request.send().await,
            Err(error) => Err(error),
        },
        None => request.send().await,
    };
    response.map_err(|_| broken_off(flight))
}

/// Reads a checkout or an error from the answer's body.
async fn whole(response: Response, flight: &Flight) -> Result<Whole, Failure> {
    let text = response.text().await.map_err(|_| broken_off(flight))?;
    flight.landed();
    if !response.ok() {
        let code = json::string_at(&text, &["error", "code"]);
        return Err(code.map_or(Failure::Unreadable, |code| {
            let message = json::string_at(&text, &["error", "message"]).unwrap_or_default();
            Failure::Refused {
                status: response.status(),
                code,
                message,
            }
        }));
    }
    let checkout = json::read(&text).map_err(|_| Failure::Unreadable)?;
    Ok(Whole {
        checkout,
        text,
        etag: response.headers().get("ETag"),
    })
}

fn broken_off(flight: &Flight) -> Failure {
    if flight.was_called_off() {
        return Failure::TimedOut;
    }
    flight.landed();
    Failure::Unreachable
}
