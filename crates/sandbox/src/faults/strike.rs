//! Lets every call of the gateway's API pass through: notes it, and makes it fail when a fault was asked for.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::Frame;

use super::FaultKind;
use crate::gateway::GatewayError;
use crate::sandbox::Sandbox;

/// The largest body of a request, in bytes.
const MOST_BODY: usize = 256 << 10;
/// The largest body of an answer. The gateway's own are far smaller.
const MOST_ANSWER: usize = 64 << 20;

const HTML: &str = "<!doctype html><html><head><title>502 Bad Gateway</title></head>\
    <body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>";
const GARBAGE: &[u8] = b"\x1f\x8b\x00\xff{\"id\":\xc3\x28,,\x00}]";

/// The middleware around the gateway's API.
pub(crate) async fn strike(
    State(sandbox): State<Sandbox>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let Ok(body) = to_bytes(body, MOST_BODY).await else {
        return GatewayError::body_too_large(MOST_BODY).into_response();
    };
    let shared = &sandbox.0;
    let ticket = shared
        .log
        .receive(parts.method.as_str(), &path, shared.clock.now(), &body);
    let fault = shared.faults.take(&path);
    if let Some(fault) = &fault {
        shared.log.fault(ticket, fault.kind.as_str());
    }
    let answer = async {
        let answer = next.run(Request::from_parts(parts, Body::from(body))).await;
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, MOST_ANSWER)
            .await
            .expect("the gateway's own answers are complete");
        (parts, body)
    };
    let silence = Duration::from_secs(u64::from(shared.settings.silence_seconds));
    let answer = match fault.map(|fault| (fault.kind, fault.delay_ms)) {
        None => answer.await,
        Some((FaultKind::Error500, _)) => whole(GatewayError::Internal.into_response()).await,
        Some((FaultKind::Html, _)) => whole(html(StatusCode::BAD_GATEWAY)).await,
        Some((FaultKind::Html200, _)) => whole(html(StatusCode::OK)).await,
        Some((FaultKind::Garbage, _)) => whole(GARBAGE.into_response()).await,
        Some((FaultKind::Silence, _)) => {
            tokio::time::sleep(silence).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        Some((FaultKind::TimeoutAfter, _)) => {
            answer.await;
            tokio::time::sleep(silence).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        Some((FaultKind::Latency, delay)) => {
            let answer = answer.await;
            tokio::time::sleep(Duration::from_millis(delay)).await;
            answer
        }
        Some((FaultKind::Truncated, _)) => {
            let (parts, body) = answer.await;
            let half = body.slice(..body.len() / 2);
            (parts, half)
        }
        Some((FaultKind::UnknownState, _)) => {
            let (parts, body) = answer.await;
            (parts, rename_states(&body))
        }
        Some((FaultKind::UnknownField, _)) => {
            let (parts, body) = answer.await;
            (parts, add_fields(&body))
        }
        Some((kind @ (FaultKind::Reset | FaultKind::WrongLength), _)) => {
            let (mut parts, body) = answer.await;
            let (sent, announced) = match kind {
                FaultKind::Reset => (body.slice(..body.len() / 2), body.len()),
                _ => (body.clone(), body.len() + 64),
            };
            parts
                .headers
                .insert(CONTENT_LENGTH, HeaderValue::from(announced));
            return Response::from_parts(parts, Body::new(Breaking::Start(sent)));
        }
    };
    let (mut parts, body) = answer;
    shared.log.answer(ticket, parts.status, &body);
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

async fn whole(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MOST_ANSWER)
        .await
        .expect("a made-up answer is complete");
    (parts, body)
}

fn html(status: StatusCode) -> Response {
    (status, [(CONTENT_TYPE, "text/html")], HTML).into_response()
}

/// Gives every state in an answer a name that does not exist. Inside a JSON text the quotation marks would be
/// escaped, so nothing but the field itself looks like this.
fn rename_states(body: &[u8]) -> Bytes {
    let text = String::from_utf8_lossy(body);
    let mut renamed = String::with_capacity(text.len() + 16);
    let mut rest: &str = &text;
    while let Some((before, after)) =
        ["\"state\":\"", "\"widgetState\":\""]
            .iter()
            .find_map(|name| {
                let place = rest.find(name)? + name.len();
                Some(rest.split_at(place))
            })
    {
        renamed.push_str(before);
        renamed.push_str("QUANTUM_REVIEW");
        rest = after.find('"').map_or("", |end| &after[end..]);
    }
    renamed.push_str(rest);
    Bytes::from(renamed)
}

/// Puts unknown fields in front of an object's own.
fn add_fields(body: &[u8]) -> Bytes {
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
enum Breaking {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_states_are_renamed() {
        let body = br#"{"state":"PAID","description":"\"state\":\"PAID\"","invoices":[{"widgetState":"X"}]}"#;
        let expected = r#"{"state":"QUANTUM_REVIEW","description":"\"state\":\"PAID\"","invoices":[{"widgetState":"QUANTUM_REVIEW"}]}"#;
        assert_eq!(rename_states(body), expected);
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
