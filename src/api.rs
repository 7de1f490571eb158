//! The only file that talks HTTP: asks the proxy, with a time limit and a way to cancel the question, and follows its stream.

use crate::answer_reader;
use crate::failure::Failure;
use crate::js_object;
use crate::question::Question;
use checkout::joined;
use checkout::wire::CheckoutView;
use js_sys::{Object, Promise, Reflect};
use leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle, window};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, Response, TextDecoder};

/// How long a reading may take, and the beginning of a stream.
const READ_LIMIT: Duration = Duration::from_secs(10);
/// How long making a checkout or an invoice may take: the gateway is asked behind it.
const WRITE_LIMIT: Duration = Duration::from_secs(40);

/// A whole checkout, as it came.
pub struct Answer {
    /// The checkout.
    pub checkout: CheckoutView,
    /// The answer's text, which becomes the `checkout` of the events.
    pub text: String,
    /// The answer's `ETag`.
    pub etag: Option<String>,
}

/// A question under way, which can be cancelled. Dropping it does not cancel it.
pub struct PendingRequest {
    controller: AbortController,
    limit: Option<TimeoutHandle>,
}

impl PendingRequest {
    /// The request of `question`, which is cancelled by itself when it takes too long. `None` where the browser has no
    /// `AbortController`; every browser that can run this module has one.
    #[must_use]
    pub fn of(question: &Question) -> Option<Self> {
        let limit = match question {
            Question::Read { .. } | Question::Follow { .. } => READ_LIMIT,
            Question::Open { .. } | Question::Choose { .. } => WRITE_LIMIT,
        };
        let controller = AbortController::new().ok()?;
        let overdue = controller.clone();
        let limit = set_timeout_with_handle(move || overdue.abort(), limit).ok();
        Some(Self { controller, limit })
    }

    /// Cancels the question; its answer is [`Failure::TimedOut`], for which nobody waits any more.
    pub fn cancel(&self) {
        self.stop_limit();
        self.controller.abort();
    }

    /// The time limit ends with the answer.
    fn stop_limit(&self) {
        if let Some(limit) = &self.limit {
            limit.clear();
        }
    }
}

/// Asks the proxy at `proxy`. `None` means 304: nothing changed since the answer with the question's `ETag`.
///
/// The answer to [`Question::Follow`] is a stream, each piece of which is given to `heard` until that says no more. Its end is always a
/// failure: [`Failure::Unreachable`] unless the proxy refused it.
///
/// # Errors
/// Whatever kept a checkout away, see [`Failure`].
pub async fn ask(
    proxy: &str,
    question: &Question,
    request: &PendingRequest,
    heard: &dyn Fn(&str) -> bool,
) -> Result<Option<Answer>, Failure> {
    let answer = answer(proxy, question, request, heard).await;
    request.stop_limit();
    answer.unwrap_or_else(|_| {
        Err(if request.controller.signal().aborted() {
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
    request: &PendingRequest,
    heard: &dyn Fn(&str) -> bool,
) -> Result<Result<Option<Answer>, Failure>, JsValue> {
    let response = JsFuture::from(fetched(proxy, question, request)).await?;
    let response = response.unchecked_into::<Response>();
    if response.status() == 304 {
        return Ok(Ok(None));
    }
    if matches!(question, Question::Follow { .. })
        && let Some(pieces) = Pieces::of(&response)?
    {
        request.stop_limit();
        loop {
            let piece = JsFuture::from(pieces.reader.read()).await?;
            if !pieces.text_of(&piece)?.is_some_and(|text| heard(&text)) {
                request.cancel();
                return Ok(Err(Failure::Unreachable));
            }
        }
    }
    let text = JsFuture::from(response.text()?).await?;
    Ok(said(&response, text.as_string().unwrap_or_default()))
}

/// A stream, piece by piece.
struct Pieces {
    reader: ReadableStreamDefaultReader,
    decoder: TextDecoder,
}

impl Pieces {
    /// `None` when the answer is no stream of events.
    #[inline(never)]
    fn of(response: &Response) -> Result<Option<Self>, JsValue> {
        let kind = response.headers().get("Content-Type")?;
        let is_stream = kind.is_some_and(|kind| kind.starts_with("text/event-stream"));
        let body = response.body().filter(|_| is_stream && response.ok());
        let Some(body) = body else { return Ok(None) };
        Ok(Some(Self {
            reader: body.get_reader().unchecked_into(),
            decoder: TextDecoder::new()?,
        }))
    }

    /// The text of a piece that was read; `None` at the end. A letter may lie in two pieces.
    #[inline(never)]
    fn text_of(&self, piece: &JsValue) -> Result<Option<String>, JsValue> {
        let bytes = Reflect::get(piece, &JsValue::from_str("value"))?;
        if bytes.is_undefined() {
            return Ok(None);
        }
        let goes_on = js_object::of(&[("stream", &JsValue::TRUE)]);
        let text = self.decoder.decode_with_buffer_source_and_options(
            bytes.unchecked_ref(),
            goes_on.unchecked_ref(),
        )?;
        Ok(Some(text))
    }
}

/// Sends the question. A question the browser cannot send is an answer that never comes.
#[inline(never)]
fn fetched(proxy: &str, question: &Question, request: &PendingRequest) -> Promise {
    // The id comes from an attribute: escaped, it can name a checkout and nothing else.
    let address = |id: &str, rest: &str| {
        let id = String::from(js_sys::encode_uri_component(id));
        joined(&[proxy, "/v1/checkouts/", &id, rest])
    };
    let json = ("Content-Type", "application/json");
    let (address, headers, body) = match question {
        Question::Open {
            named,
            value,
            idempotency_key,
        } => (
            joined(&[proxy, "/v1/checkouts"]),
            vec![("Idempotency-Key", &**idempotency_key), json],
            Some(js_object::text_of(named, value)),
        ),
        Question::Choose { id, currency } => (
            address(id, "/invoice"),
            vec![json],
            Some(js_object::text_of("currency", currency)),
        ),
        Question::Read { id, etag } => {
            let etag = etag.as_ref().map(|etag| ("If-None-Match", &**etag));
            (address(id, ""), etag.into_iter().collect(), None)
        }
        // Without a header of its own: a browser would have to ask first whether it may be sent to another origin.
        Question::Follow { id } => (address(id, "/events"), Vec::new(), None),
    };
    let fields = Object::new();
    for (name, value) in headers {
        js_object::set(&fields, name, &JsValue::from_str(value));
    }
    let init = js_object::of(&[
        ("headers", &fields),
        ("credentials", &JsValue::from_str("omit")),
        // The browser's cache would answer for the proxy, and would hide its 304.
        ("cache", &JsValue::from_str("no-store")),
        ("signal", &request.controller.signal()),
        // The proxy answers itself. Whoever can redirect a path of its origin is not the proxy.
        ("redirect", &JsValue::from_str("error")),
    ]);
    if let Some(body) = body {
        js_object::set(&init, "method", &JsValue::from_str("POST"));
        js_object::set(&init, "body", &JsValue::from_str(&body));
    }
    window().fetch_with_str_and_init(&address, init.unchecked_ref())
}

#[inline(never)]
fn said(response: &Response, text: String) -> Result<Option<Answer>, Failure> {
    if !response.ok() {
        return Err(refusal(response, &text));
    }
    let checkout = answer_reader::checkout(&text).ok_or(Failure::Unreadable)?;
    Ok(Some(Answer {
        checkout,
        text,
        etag: response.headers().get("ETag").ok().flatten(),
    }))
}

fn refusal(response: &Response, text: &str) -> Failure {
    let Some((code, message)) = answer_reader::error(text) else {
        return Failure::Unreadable;
    };
    Failure::Refused {
        status: response.status(),
        code,
        message,
    }
}
