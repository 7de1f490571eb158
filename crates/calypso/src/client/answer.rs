//! What an answer means: the result, the gateway's refusal, or something that is neither.

use checkout::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::call::Call;
use crate::{Error, GatewayErrorCode, sign, wire};

/// How many characters of a foreign text an error keeps.
const EXCERPT: usize = 200;

/// A complete answer, and what has to be known about its request to judge it.
pub(super) struct Answer {
    pub(super) call: Call,
    /// The timestamp that was signed.
    pub(super) sent: Timestamp,
    pub(super) status: u16,
    /// The gateway's clock, from the `Date` header.
    pub(super) date: Option<Timestamp>,
    /// After how many seconds to come again, from the `Retry-After` header.
    pub(super) retry_after: Option<u32>,
    pub(super) body: Vec<u8>,
}

/// The error shape (gateway reference §1.5). Leading zeros of the code only survive in text.
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

impl Answer {
    /// The result, if this is one. `secret` is ours: it is taken out of every text that becomes part of an error.
    ///
    /// A good status with the error shape in its body is a refusal all the same.
    pub(super) fn read<A: DeserializeOwned>(&self, secret: &SecretString) -> Result<A, Error> {
        let (path, status) = (self.call.path, self.status);
        match status {
            200..300 => serde_json::from_slice(&self.body).map_err(|error| {
                self.refusal(secret)
                    .unwrap_or_else(|_| self.unreadable(&error, secret))
            }),
            300..400 => Err(Error::Redirect { path, status }),
            _ => Err(self
                .refusal(secret)
                .unwrap_or_else(|error| self.not_json(&error, secret))),
        }
    }

    /// Whether this is a good answer, for calls that answer nothing worth reading.
    pub(super) fn accept(&self, secret: &SecretString) -> Result<(), Error> {
        match self.status {
            200..300 => match self.refusal(secret) {
                Ok(refusal) => Err(refusal),
                Err(_) => Ok(()),
            },
            _ => self.read::<IgnoredAny>(secret).map(drop),
        }
    }

    fn refusal(&self, secret: &SecretString) -> Result<Error, serde_json::Error> {
        let refusal: Refusal = serde_json::from_slice(&self.body)?;
        let (path, status, sent) = (self.call.path, self.status, self.sent);
        let message = quote(secret, refusal.message.as_deref().unwrap_or_default());
        let trace_id = refusal.trace_id.map(|id| quote(secret, &id));
        Ok(
            match GatewayErrorCode::from(quote(secret, &refusal.error_code).as_str()) {
                GatewayErrorCode::BadTimestamp => Error::ClockSkew {
                    path,
                    sent,
                    ahead_millis: self.date.map(|theirs| sent.millis_since(theirs)),
                    message,
                    trace_id,
                },
                code => Error::Refused {
                    path,
                    status,
                    code,
                    message,
                    trace_id,
                    retry_after: self.retry_after,
                },
            },
        )
    }

    /// A good status with a body that is not the answer: no JSON at all, or JSON of another shape.
    fn unreadable(&self, error: &serde_json::Error, secret: &SecretString) -> Error {
        let json = error.is_data() && serde_json::from_slice::<IgnoredAny>(&self.body).is_ok();
        if !json {
            return self.not_json(error, secret);
        }
        Error::Unreadable {
            path: self.call.path,
            status: self.status,
            reason: self.withhold(quote(secret, &error.to_string())),
        }
    }

    /// Nothing is quoted from an answer that may hold a secret other than ours.
    fn withhold(&self, quotation: String) -> String {
        if self.call.secret_answer {
            "withheld, since the answer may hold a secret".to_owned()
        } else {
            quotation
        }
    }

    fn not_json(&self, error: &serde_json::Error, secret: &SecretString) -> Error {
        // The start of the body is enough, and may end inside a character.
        let start = &self.body[..self.body.len().min(EXCERPT * 16)];
        Error::NotJson {
            path: self.call.path,
            status: self.status,
            reason: self.withhold(quote(secret, &error.to_string())),
            excerpt: self.withhold(quote(secret, &String::from_utf8_lossy(start))),
            retry_after: self.retry_after,
        }
    }
}

/// Whether a letter is an order to whoever shows the text: control characters, the ends of lines and paragraphs, and those that turn the
/// direction of what follows.
fn is_order(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A foreign text made fit for an error: without our secret, on one line, short.
pub(super) fn quote(secret: &SecretString, text: &str) -> String {
    let clean = sign::redact(secret, text);
    let mut short: String = clean
        .chars()
        .take(EXCERPT)
        .map(|c| if is_order(c) { ' ' } else { c })
        .collect();
    if clean.chars().nth(EXCERPT).is_some() {
        short.push('…');
    }
    short
}
