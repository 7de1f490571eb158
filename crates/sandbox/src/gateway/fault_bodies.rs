//! Answers that a struck call gets: made up, changed, or broken off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use tokio::time::Sleep;

use super::GatewayError;
use crate::faults::FaultKind;

const HTML: &str = "<!doctype html><html><head><title>502 Bad Gateway</title></head>\
    <body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>";
const LATE: &str = "<!doctype html><html><head><title>504 Gateway Time-out</title></head>\
    <body><center><h1>504 Gateway Time-out</h1></center><hr><center>nginx</center></body></html>";
const MAINTENANCE: &str = "<!doctype html><html><head><title>Maintenance</title></head>\
    <body><h1>We will be back soon</h1><p>Scheduled maintenance.</p></body></html>";
const GARBAGE: &[u8] = b"\x1f\x8b\x00\xff{\"id\":\xc3\x28,,\x00}]";

/// The whole answer to a call that has no effect; none for the kinds that let it have one, or answer nothing.
pub(super) fn instead(kind: FaultKind) -> Option<Response> {
    let page =
        |status: StatusCode, page: &'static str| (status, [(CONTENT_TYPE, "text/html")], page);
    Some(match kind {
        FaultKind::Error500 => GatewayError::Internal.into_response(),
        FaultKind::Error502 => (StatusCode::BAD_GATEWAY, "bad gateway\n").into_response(),
        FaultKind::Error503 => {
            let page = page(StatusCode::SERVICE_UNAVAILABLE, MAINTENANCE);
            ([(RETRY_AFTER, "120")], page).into_response()
        }
        FaultKind::Error429 => {
            let text = (StatusCode::TOO_MANY_REQUESTS, "too many requests\n");
            ([(RETRY_AFTER, "1")], text).into_response()
        }
        FaultKind::Error200 => {
            let mut answer = GatewayError::Internal.into_response();
            *answer.status_mut() = StatusCode::OK;
            answer
        }
        FaultKind::Html => page(StatusCode::BAD_GATEWAY, HTML).into_response(),
        FaultKind::Html200 => page(StatusCode::OK, HTML).into_response(),
        FaultKind::Garbage => GARBAGE.into_response(),
        _ => return None,
    })
}

/// The page of a proxy in front of the gateway that did not wait for the answer.
pub(super) fn late() -> Response {
    (
        StatusCode::GATEWAY_TIMEOUT,
        [(CONTENT_TYPE, "text/html")],
        LATE,
    )
        .into_response()
}

/// Gives every state in an answer a name that does not exist.
pub(super) fn rename_states(body: &[u8]) -> Bytes {
    rename(
        body,
        &["\"state\":\"", "\"widgetState\":\""],
        "QUANTUM_REVIEW",
    )
}

/// Gives every currency in an answer, as a text or as an object's name, a code that does not exist.
pub(super) fn rename_currencies(body: &[u8]) -> Bytes {
    let names = [
        "\"currency\":\"",
        "\"currency\":{\"name\":\"",
        "\"cryptoCurrency\":{\"name\":\"",
    ];
    rename(body, &names, "QUANTUM_COIN")
}

/// Replaces the texts that follow one of `fields`. Inside a JSON text the quotation marks would be escaped, so nothing but
/// the field itself looks like this.
fn rename(body: &[u8], fields: &[&str], name: &str) -> Bytes {
    let text = String::from_utf8_lossy(body);
    let mut renamed = String::with_capacity(text.len() + 16);
    let mut rest: &str = &text;
    let next = |rest: &str| {
        let places = fields
            .iter()
            .filter_map(|field| Some(rest.find(field)? + field.len()));
        places.min()
    };
    while let Some(place) = next(rest) {
        let (before, after) = rest.split_at(place);
        renamed.push_str(before);
        renamed.push_str(name);
        rest = after.find('"').map_or("", |end| &after[end..]);
    }
    renamed.push_str(rest);
    Bytes::from(renamed)
}

/// Puts unknown fields in front of an object's own.
pub(super) fn add_fields(body: &[u8]) -> Bytes {
    let text = String::from_utf8_lossy(body);
    match text.strip_prefix('{') {
        Some(rest) => {
            let comma = if rest.starts_with('}') { "" } else { "," };
            let unknown = "\"quantum\":{\"state\":[1,null,{\"amount\":1e9}]},\"riskScore\":0.25";
            Bytes::from(format!("{{{unknown}{comma}{rest}"))
        }
        None => Bytes::copy_from_slice(body),
    }
}

/// A body that breaks off: some bytes, which are sent out, then an error that closes the connection.
pub(super) enum Breaking {
    Start(Bytes),
    Sending,
    Broken,
}

impl http_body::Body for Breaking {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match std::mem::replace(&mut *self, Self::Broken) {
            Self::Start(bytes) => {
                *self = Self::Sending;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            // One turn of waiting lets the server flush what it has.
            Self::Sending => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Broken => Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into()))),
        }
    }
}

/// A body that comes one byte at a time.
pub(super) struct Dripping {
    left: Bytes,
    pause: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl Dripping {
    pub(super) fn new(body: Bytes, pause: Duration) -> Self {
        let sleep = Box::pin(tokio::time::sleep(Duration::ZERO));
        Self {
            left: body,
            pause,
            sleep,
        }
    }
}

impl http_body::Body for Dripping {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        std::task::ready!(self.sleep.as_mut().poll(cx));
        let next = tokio::time::Instant::now() + self.pause;
        self.sleep.as_mut().reset(next);
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(1)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_states_are_renamed() {
        let body = br#"{"state":"PAID","description":"\"state\":\"PAID\"","invoices":[{"widgetState":"X"}]}"#;
        let expected = r#"{"state":"QUANTUM_REVIEW","description":"\"state\":\"PAID\"","invoices":[{"widgetState":"QUANTUM_REVIEW"}]}"#;
        assert_eq!(rename_states(body), expected);
        let mixed = br#"[{"widgetState":"A"},{"state":"B"},{"widgetState":"C"}]"#;
        let expected = r#"[{"widgetState":"QUANTUM_REVIEW"},{"state":"QUANTUM_REVIEW"},{"widgetState":"QUANTUM_REVIEW"}]"#;
        assert_eq!(rename_states(mixed), expected);
    }

    #[test]
    fn currencies_are_renamed_in_both_spellings() {
        let body =
            br#"{"currency":"BTC","fiatCurrency":"EUR","x":{"currency":{"name":"ETH","scale":8}}}"#;
        let expected = r#"{"currency":"QUANTUM_COIN","fiatCurrency":"EUR","x":{"currency":{"name":"QUANTUM_COIN","scale":8}}}"#;
        assert_eq!(rename_currencies(body), expected);
    }

    #[test]
    fn fields_are_added_in_front() {
        let value: serde_json::Value =
            serde_json::from_slice(&add_fields(b"{\"id\":\"x\"}")).unwrap();
        assert_eq!(value["id"], "x");
        assert_eq!(value["quantum"]["state"][0], 1);
        assert!(serde_json::from_slice::<serde_json::Value>(&add_fields(b"{}")).is_ok());
        assert_eq!(add_fields(b"[]"), "[]");
    }
}
