//! Notes each request that the proxy sends to its gateway, and hands it on as if it had been signed by this test's clock.
//!
//! The proxy signs with the time of the computer. To a sandbox whose clock stands still that would be another day, so the moment is put
//! in and the request is signed anew, after its own signature was checked.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use calypso::sign;
use checkout::Timestamp;

use crate::support::GATEWAY_SECRET;

/// One request of the gateway's API.
#[derive(Clone)]
pub(super) struct Recorded {
    pub(super) path: String,
    /// Its first line, its headers in the order of their names, and its body.
    pub(super) text: String,
}

/// The requests since somebody last asked for them.
#[derive(Clone)]
pub(super) struct Recorder {
    moment: Timestamp,
    requests: Arc<Mutex<Vec<Recorded>>>,
}

impl Recorder {
    pub(super) fn new(moment: Timestamp) -> Self {
        Self {
            moment,
            requests: Arc::default(),
        }
    }

    /// The requests since the last call.
    pub(super) fn take(&self) -> Vec<Recorded> {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *requests)
    }

    /// Stands before a gateway.
    pub(super) fn before(&self, gateway: Router) -> Router {
        gateway.layer(from_fn_with_state(self.clone(), note))
    }
}

async fn note(State(recorder): State<Recorder>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if !path.starts_with("/api/") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let secret = GATEWAY_SECRET.into();
    let signature = parts.headers["sign"].to_str().unwrap();
    assert!(
        sign::verify(&secret, body.as_bytes(), signature),
        "{path} is signed by the bytes that were sent"
    );
    let body = at(&body, recorder.moment);
    let text = format!("{} {path}\n{}\n{body}", parts.method, shown(&parts.headers));
    let recorded = Recorded { path, text };
    recorder
        .requests
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(recorded);
    let signed = HeaderValue::from_str(&sign::sign(&secret, body.as_bytes())).unwrap();
    parts.headers.insert("sign", signed);
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// The body with another time of signing, which is its first member and has 13 digits until the year 2286.
fn at(body: &str, moment: Timestamp) -> String {
    let rest = body.strip_prefix("{\"timestamp\":").unwrap();
    let (digits, rest) = rest.split_at(13);
    assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{body}");
    format!("{{\"timestamp\":{}{rest}", moment.millis())
}

fn shown(headers: &HeaderMap) -> String {
    let mut lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| match name.as_str() {
            "host" => "host: <the gateway>\n".to_owned(),
            "sign" => "sign: <of this body>\n".to_owned(),
            name => format!("{name}: {}\n", value.to_str().unwrap()),
        })
        .collect();
    lines.sort_unstable();
    lines.concat()
}
