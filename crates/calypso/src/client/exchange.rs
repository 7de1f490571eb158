//! One signed exchange: serialise once, sign those bytes, send those bytes, judge the answer.

use checkout::Timestamp;
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::Client;
use crate::{Error, ErrorCode, sign, wire};

/// How many characters of a foreign text an error keeps.
const EXCERPT: usize = 200;

/// What is fixed about a call: where it goes and what its answer may hold.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) path: &'static str,
    /// Whether the envelope names the account: all calls but the rates do (gateway reference §1.2).
    pub(super) account: bool,
}

impl Call {
    pub(super) const fn post(path: &'static str) -> Self {
        Self {
            path,
            account: true,
        }
    }

    pub(super) const fn without_account(self) -> Self {
        Self {
            account: false,
            ..self
        }
    }
}

#[derive(Serialize)]
struct Envelope<'a, P> {
    timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a P>,
}

/// The error shape (gateway reference §1.5). The code may come as a number; leading zeros only survive in text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    #[serde(deserialize_with = "wire::id::deserialize")]
    error_code: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default, deserialize_with = "wire::id::optional::deserialize")]
    trace_id: Option<String>,
}

struct Answer {
    status: u16,
    date: Option<Timestamp>,
    body: Vec<u8>,
}

impl Client {
    /// Sends one request, once, and reads its answer.
    pub(super) async fn exchange<P: Serialize, A: DeserializeOwned>(
        &self,
        call: Call,
        payload: Option<&P>,
    ) -> Result<A, Error> {
        let answer = self.send(call, payload).await?;
        serde_json::from_slice(&answer.body).map_err(|error| self.unreadable(call, &answer, &error))
    }

    async fn send<P: Serialize>(&self, call: Call, payload: Option<&P>) -> Result<Answer, Error> {
        let inner = &*self.inner;
        let mut url = inner.base.clone();
        url.set_path(&format!(
            "{}{}",
            inner.base.path().trim_end_matches('/'),
            call.path
        ));
        let account = call.account.then_some(inner.account.as_str());
        let sent = (inner.clock)();
        let envelope = Envelope {
            timestamp: sent.millis(),
            account,
            payload,
        };
        let body = serde_json::to_vec(&envelope)
            .map_err(|error| Error::Settings(format!("{}: {error}", call.path)))?;
        let signature = sign::sign(&inner.credentials.secret, &body);
        let response = inner
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("Key", &inner.credentials.key)
            .header("Sign", signature)
            .body(body)
            .send()
            .await
            .map_err(|error| self.broken(call, error))?;
        let answer = self.receive(call, response).await?;
        tracing::debug!(call.path, http.status = answer.status, "gateway answered");
        match answer.status {
            200..300 => Ok(answer),
            300..400 => Err(Error::Redirect {
                path: call.path,
                status: answer.status,
            }),
            _ => Err(self.refusal(call, sent, &answer)),
        }
    }

    async fn receive(&self, call: Call, mut response: Response) -> Result<Answer, Error> {
        let limit = self.inner.answer_limit;
        let status = response.status().as_u16();
        let date = http_date(response.headers());
        let too_large = Error::TooLarge {
            path: call.path,
            status,
            limit,
        };
        if response
            .content_length()
            .is_some_and(|length| length > limit as u64)
        {
            return Err(too_large);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.broken(call, error))?
        {
            if body.len() + chunk.len() > limit {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, date, body })
    }

    /// What a failed exchange means. Only a connection that never came about is sure to have sent nothing.
    fn broken(&self, call: Call, error: reqwest::Error) -> Error {
        let path = call.path;
        let error = error.without_url();
        if error.is_connect() {
            Error::NoConnection {
                path,
                reason: innermost(&error),
            }
        } else if error.is_timeout() {
            Error::Timeout {
                path,
                after: self.inner.timeout,
            }
        } else {
            Error::Interrupted {
                path,
                reason: innermost(&error),
            }
        }
    }

    fn refusal(&self, call: Call, sent: Timestamp, answer: &Answer) -> Error {
        let (path, status) = (call.path, answer.status);
        let refusal: Refusal = match serde_json::from_slice(&answer.body) {
            Ok(refusal) => refusal,
            Err(error) => {
                return Error::NotJson {
                    path,
                    status,
                    reason: self.quote(&error.to_string()),
                    excerpt: self.excerpt(&answer.body),
                };
            }
        };
        let message = self.quote(&refusal.message.unwrap_or_default());
        let trace_id = refusal.trace_id.map(|id| self.quote(&id));
        match ErrorCode::from(self.quote(&refusal.error_code).as_str()) {
            ErrorCode::BadTimestamp => {
                let ahead_millis = answer.date.map(|theirs| sent.millis_since(theirs));
                Error::ClockSkew {
                    path,
                    sent,
                    ahead_millis,
                    message,
                    trace_id,
                }
            }
            code => Error::Refused {
                path,
                status,
                code,
                message,
                trace_id,
            },
        }
    }

    /// A good status with a body that is not the answer: no JSON at all, or JSON of another shape.
    fn unreadable(&self, call: Call, answer: &Answer, error: &serde_json::Error) -> Error {
        let (path, status) = (call.path, answer.status);
        let reason = self.quote(&error.to_string());
        if serde_json::from_slice::<IgnoredAny>(&answer.body).is_ok() {
            Error::Unreadable {
                path,
                status,
                reason,
            }
        } else {
            Error::NotJson {
                path,
                status,
                reason,
                excerpt: self.excerpt(&answer.body),
            }
        }
    }

    fn excerpt(&self, body: &[u8]) -> String {
        // The start of the body is enough, and may end inside a character.
        let start = &body[..body.len().min(EXCERPT * 16)];
        self.quote(&String::from_utf8_lossy(start))
    }

    /// A foreign text made fit for an error: without our secret, on one line, short.
    fn quote(&self, text: &str) -> String {
        let clean = sign::redact(&self.inner.credentials.secret, text);
        let mut short: String = clean
            .chars()
            .take(EXCERPT)
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        if clean.chars().nth(EXCERPT).is_some() {
            short.push('…');
        }
        short
    }
}

fn http_date(headers: &HeaderMap) -> Option<Timestamp> {
    wire::date::parse_http(headers.get(DATE)?.to_str().ok()?)
}

/// The last cause of an error: the one that says what happened rather than where.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
