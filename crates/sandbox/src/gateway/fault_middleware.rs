//! The middleware around the gateway's API: it logs every call, and makes the call fail when a fault was asked for.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::response::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::GatewayError;
use super::fault_bodies::{
    Breaking, Dripping, add_fields, instead, late, rename_currencies, rename_states,
};
use crate::faults::{FaultKind, Target};
use crate::sandbox::Sandbox;

/// The largest body of a request, in bytes.
const MOST_BODY: usize = 256 << 10;
/// The largest body of an answer. The gateway's own are far smaller.
const MOST_ANSWER: usize = 64 << 20;

/// Logs a call and its answer, and lets a fault strike it.
pub(super) async fn note_and_strike(
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
    // What a scenario plans up to this moment comes before the call.
    let (_, now) = sandbox.ledger();
    let ticket = shared.log.receive(parts.method.as_str(), &path, now, &body);
    let request = Request::from_parts(parts, Body::from(body));
    let Some(fault) = shared.faults.take(Target::Call(&path)) else {
        let (parts, body) = whole(next.run(request).await).await;
        shared.log.answer(ticket, parts.status, &body);
        return send(parts, Body::from(body));
    };
    shared.log.fault(ticket, fault.kind.as_str());
    let silence = Duration::from_secs(u64::from(shared.settings.silence_seconds));
    if fault.kind == FaultKind::Silence {
        tokio::time::sleep(silence).await;
        return StatusCode::GATEWAY_TIMEOUT.into_response();
    }
    let (mut parts, body) = match instead(fault.kind) {
        Some(answer) => whole(answer).await,
        None => whole(next.run(request).await).await,
    };
    let part = fault.after_bytes.unwrap_or(body.len() / 2).min(body.len());
    let pause = Duration::from_millis(fault.delay_ms);
    let mut body = body;
    match fault.kind {
        FaultKind::TimeoutAfter => {
            tokio::time::sleep(silence).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        FaultKind::Reset | FaultKind::WrongLength => {
            let (sent, announced) = match fault.kind {
                FaultKind::Reset => (body.slice(..part), body.len()),
                _ => (body.clone(), body.len() + 64),
            };
            let length = HeaderValue::from(announced);
            parts.headers.insert(CONTENT_LENGTH, length);
            return Response::from_parts(parts, Body::new(Breaking::Start(sent)));
        }
        FaultKind::Error504 => (parts, body) = whole(late()).await,
        FaultKind::Empty => body = Bytes::new(),
        FaultKind::Truncated => body.truncate(part),
        FaultKind::UnknownState => body = rename_states(&body),
        FaultKind::UnknownField => body = add_fields(&body),
        FaultKind::UnknownCurrency => body = rename_currencies(&body),
        FaultKind::Latency => tokio::time::sleep(pause).await,
        _ => {}
    }
    shared.log.answer(ticket, parts.status, &body);
    if fault.kind == FaultKind::Drip {
        return send(parts, Body::new(Dripping::new(body, pause)));
    }
    send(parts, Body::from(body))
}

fn send(mut parts: Parts, body: Body) -> Response {
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

async fn whole(response: Response) -> (Parts, Bytes) {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MOST_ANSWER)
        .await
        .expect("the gateway's own answers are complete");
    (parts, body)
}
