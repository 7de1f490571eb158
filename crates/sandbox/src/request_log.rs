//! What was asked of the gateway and what it answered, kept for assertions.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use axum::body::Bytes;
use axum::http::StatusCode;
use checkout::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

/// At most so many requests are kept, the newest.
const MOST_ENTRIES: usize = 10_000;
/// At most so many bytes of bodies are kept.
const MOST_BYTES: usize = 32 << 20;

/// The newest requests of the gateway's API, oldest first.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<Entry>,
    bytes: usize,
    /// How many were dropped at the front: the ticket of the first one kept.
    dropped: u64,
}

/// One request. Bodies that parse as JSON are shown as JSON, digit for digit, others as text.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    method: String,
    path: String,
    received_at: Timestamp,
    body: Option<Body>,
    /// None while the request is not answered, or never was.
    answer: Option<Answer>,
    /// The fault that struck.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'static str>,
    #[serde(skip)]
    bytes: usize,
}

#[derive(Clone, Debug, Serialize)]
struct Answer {
    status: u16,
    body: Option<Body>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Body {
    Json(Box<RawValue>),
    Text(String),
}

impl Body {
    fn new(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        let json = std::str::from_utf8(bytes)
            .ok()
            .and_then(|text| serde_json::from_str(text).ok());
        Some(json.map_or_else(
            || Self::Text(String::from_utf8_lossy(bytes).into_owned()),
            Self::Json,
        ))
    }
}

/// Names a logged request, to add its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket(u64);

impl RequestLog {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0
            .lock()
            .expect("nothing panics while it holds the request log")
    }

    /// Notes a request that has come in.
    pub(crate) fn receive(
        &self,
        method: &str,
        path: &str,
        received_at: Timestamp,
        body: &Bytes,
    ) -> Ticket {
        let mut entries = self.entries();
        let bytes = body.len();
        entries.bytes += bytes;
        entries.kept.push_back(Entry {
            method: method.to_owned(),
            path: path.to_owned(),
            received_at,
            body: Body::new(body),
            answer: None,
            fault: None,
            bytes,
        });
        entries.trim();
        Ticket(entries.dropped + entries.kept.len() as u64 - 1)
    }

    /// Notes the fault that struck a request.
    pub(crate) fn fault(&self, ticket: Ticket, fault: &'static str) {
        if let Some(entry) = self.entries().entry(ticket) {
            entry.fault = Some(fault);
        }
    }

    /// Notes what a request was answered.
    pub(crate) fn answer(&self, ticket: Ticket, status: StatusCode, body: &[u8]) {
        let mut entries = self.entries();
        if let Some(entry) = entries.entry(ticket) {
            entry.answer = Some(Answer {
                status: status.as_u16(),
                body: Body::new(body),
            });
            entry.bytes += body.len();
            entries.bytes += body.len();
            entries.trim();
        }
    }

    /// Every request that is still kept, oldest first.
    pub(crate) fn list(&self) -> Vec<Entry> {
        self.entries().kept.iter().cloned().collect()
    }

    /// Forgets every request.
    pub(crate) fn clear(&self) {
        let mut entries = self.entries();
        entries.dropped += entries.kept.len() as u64;
        entries.kept.clear();
        entries.bytes = 0;
    }
}

impl Entries {
    fn entry(&mut self, ticket: Ticket) -> Option<&mut Entry> {
        let place = ticket.0.checked_sub(self.dropped)?;
        self.kept.get_mut(usize::try_from(place).ok()?)
    }

    fn trim(&mut self) {
        while self.kept.len() > MOST_ENTRIES || (self.bytes > MOST_BYTES && self.kept.len() > 1) {
            let Some(oldest) = self.kept.pop_front() else {
                return;
            };
            self.bytes -= oldest.bytes;
            self.dropped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(log: &RequestLog) -> Vec<String> {
        log.list().into_iter().map(|entry| entry.path).collect()
    }

    #[test]
    fn the_oldest_go_first_and_a_late_answer_finds_its_request() {
        let log = RequestLog::default();
        let now = Timestamp::from_millis(0);
        let first = log.receive("POST", "/first", now, &Bytes::new());
        let second = log.receive("POST", "/second", now, &Bytes::from_static(b"{\"a\":1.10}"));
        for _ in 0..MOST_ENTRIES - 1 {
            log.receive("POST", "/more", now, &Bytes::new());
        }
        assert_eq!(paths(&log).len(), MOST_ENTRIES);
        assert_eq!(paths(&log)[0], "/second");
        log.answer(first, StatusCode::OK, b"1");
        log.answer(second, StatusCode::OK, b"no json");
        let shown = serde_json::to_string(&log.list()[0]).unwrap();
        let expected = "{\"method\":\"POST\",\"path\":\"/second\",\"receivedAt\":\"1970-01-01T00:00:00Z\",\
            \"body\":{\"a\":1.10},\"answer\":{\"status\":200,\"body\":\"no json\"}}";
        assert_eq!(shown, expected);
    }

    #[test]
    fn large_bodies_push_out_older_ones() {
        let log = RequestLog::default();
        let body = Bytes::from(vec![b'x'; MOST_BYTES / 3]);
        for _ in 0..5 {
            log.receive("POST", "/large", Timestamp::from_millis(0), &body);
        }
        assert_eq!(paths(&log).len(), 3);
    }
}
