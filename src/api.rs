//! The only file that talks HTTP: asks the proxy, with a time limit and a way to call the question off.

use crate::failure::Failure;
use crate::json;
use crate::question::Question;
use checkout::wire::CheckoutView;
use gloo_net::http::{Request, RequestBuilder, Response};
use leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use std::time::Duration;
use web_sys::{AbortController, RequestCache, RequestCredentials};

/// How long a reading may take.
const READ_LIMIT: Duration = Duration::from_secs(10);
/// How long making a checkout or an invoice may take: the gateway is asked behind it.
const WRITE_LIMIT: Duration = Duration::from_secs(40);

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
    /// A flight for `question`, which is called off by itself when it takes too long. `None` where the browser has no
    /// `AbortController`, which is no browser that runs this module.
    #[must_use]
    pub fn of(question: &Question) -> Option<Self> {
        let limit = if matches!(question, Question::Read { .. }) {
            READ_LIMIT
        } else {
            WRITE_LIMIT
        };
        let controller = AbortController::new().ok()?;
        let overdue = controller.clone();
        let limit = set_timeout_with_handle(move || overdue.abort(), limit).ok();
        Some(Self { controller, limit })
    }

    /// Calls the question off; its answer is [`Failure::TimedOut`], for which nobody waits any more.
    pub fn call_off(&self) {
        self.landed();
        self.controller.abort();
    }

    /// The time limit ends with the answer.
    fn landed(&self) {
        if let Some(limit) = &self.limit {
            limit.clear();
        }
    }
}

/// Asks the proxy at `proxy`. `None` means 304: nothing changed since the answer with the question's `ETag`.
///
/// # Errors
/// Whatever kept a checkout away, see [`Failure`].
pub async fn ask(
    proxy: &str,
    question: Question,
    flight: &Flight,
) -> Result<Option<Whole>, Failure> {
    let answer = answer(proxy, question, flight).await;
    flight.landed();
    answer.unwrap_or_else(|_| {
        Err(if flight.controller.signal().aborted() {
            Failure::TimedOut
        } else {
            Failure::Unreachable
        })
    })
}

/// The outer error is the browser's: there was no answer. The inner one is about what the answer says.
async fn answer(
    proxy: &str,
    question: Question,
    flight: &Flight,
) -> Result<Result<Option<Whole>, Failure>, gloo_net::Error> {
    let signal = flight.controller.signal();
    let response = request(proxy, question, |request| {
        request
            .credentials(RequestCredentials::Omit)
            // The browser's cache would answer for the proxy, and would hide its 304.
            .cache(RequestCache::NoStore)
            .abort_signal(Some(&signal))
    })?;
    let response = response.send().await?;
    if response.status() == 304 {
        return Ok(Ok(None));
    }
    let text = response.text().await?;
    Ok(if response.ok() {
        whole(&response, text).map(Some)
    } else {
        Err(refusal(&response, &text))
    })
}

fn request(
    proxy: &str,
    question: Question,
    set_up: impl Fn(RequestBuilder) -> RequestBuilder,
) -> Result<Request, gloo_net::Error> {
    // The id comes from an attribute: escaped, it can name a checkout and nothing else.
    let address = |id: &str, rest: &str| {
        [
            proxy,
            "/v1/checkouts/",
            &String::from(js_sys::encode_uri_component(id)),
            rest,
        ]
        .concat()
    };
    let (request, body) = match question {
        Question::Open {
            product,
            idempotency_key,
        } => {
            let request = Request::post(&[proxy, "/v1/checkouts"].concat());
            (
                request.header("Idempotency-Key", &idempotency_key),
                json::object_of("product", &product),
            )
        }
        Question::Choose { id, currency } => (
            Request::post(&address(&id, "/invoice")),
            json::object_of("currency", &currency),
        ),
        Question::Read { id, etag } => {
            let request = set_up(Request::get(&address(&id, "")));
            return match etag {
                Some(etag) => request.header("If-None-Match", &etag).build(),
                None => request.build(),
            };
        }
    };
    set_up(request)
        .header("Content-Type", "application/json")
        .body(body)
}

fn whole(response: &Response, text: String) -> Result<Whole, Failure> {
    let checkout = json::checkout(&text).ok_or(Failure::Unreadable)?;
    Ok(Whole {
        checkout,
        text,
        etag: response.headers().get("ETag"),
    })
}

fn refusal(response: &Response, text: &str) -> Failure {
    let Some((code, message)) = json::error(text) else {
        return Failure::Unreadable;
    };
    Failure::Refused {
        status: response.status(),
        code,
        message,
    }
}
