//! The only file that talks HTTP: asks the proxy, with a time limit and a way to call the question off.

use crate::failure::Failure;
use crate::json;
use crate::question::Question;
use checkout::wire::CheckoutView;
use js_sys::{Object, Promise};
use leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle, window};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Response};

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
    question: &Question,
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
    question: &Question,
    flight: &Flight,
) -> Result<Result<Option<Whole>, Failure>, JsValue> {
    let response = JsFuture::from(fetched(proxy, question, flight)).await?;
    let response = response.unchecked_into::<Response>();
    if response.status() == 304 {
        return Ok(Ok(None));
    }
    let text = JsFuture::from(response.text()?).await?;
    Ok(said(&response, text.as_string().unwrap_or_default()))
}

/// Sends the question. A question the browser cannot send is an answer that never comes.
#[inline(never)]
fn fetched(proxy: &str, question: &Question, flight: &Flight) -> Promise {
    // The id comes from an attribute: escaped, it can name a checkout and nothing else.
    let address = |id: &str, rest: &str| {
        let id = String::from(js_sys::encode_uri_component(id));
        [proxy, "/v1/checkouts/", &id, rest].concat()
    };
    let json = ("Content-Type", "application/json");
    let (address, headers, body) = match question {
        Question::Open {
            product,
            idempotency_key,
        } => (
            [proxy, "/v1/checkouts"].concat(),
            vec![("Idempotency-Key", &**idempotency_key), json],
            Some(json::object_of("product", product)),
        ),
        Question::Choose { id, currency } => (
            address(id, "/invoice"),
            vec![json],
            Some(json::object_of("currency", currency)),
        ),
        Question::Read { id, etag } => {
            let etag = etag.as_ref().map(|etag| ("If-None-Match", &**etag));
            (address(id, ""), etag.into_iter().collect(), None)
        }
    };
    let fields = Object::new();
    for (name, value) in headers {
        json::set(&fields, name, &JsValue::from_str(value));
    }
    let init = json::object(&[
        ("headers", &fields),
        ("credentials", &JsValue::from_str("omit")),
        // The browser's cache would answer for the proxy, and would hide its 304.
        ("cache", &JsValue::from_str("no-store")),
        ("signal", &flight.controller.signal()),
        // The proxy answers itself. Whoever can redirect a path of its origin is not the proxy.
        ("redirect", &JsValue::from_str("error")),
    ]);
    if let Some(body) = body {
        json::set(&init, "method", &JsValue::from_str("POST"));
        json::set(&init, "body", &JsValue::from_str(&body));
    }
    window().fetch_with_str_and_init(&address, init.unchecked_ref())
}

#[inline(never)]
fn said(response: &Response, text: String) -> Result<Option<Whole>, Failure> {
    if !response.ok() {
        return Err(refusal(response, &text));
    }
    let checkout = json::checkout(&text).ok_or(Failure::Unreadable)?;
    Ok(Some(Whole {
        checkout,
        text,
        etag: response.headers().get("ETag").ok().flatten(),
    }))
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
