//! One signed exchange: serialise once, sign those bytes, send those bytes, judge the answer.

use checkout::Timestamp;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Client;
use super::answer::Answer;
use super::call::Call;
use crate::{Error, sign, wire};

#[derive(Serialize)]
struct Envelope<'a, P> {
    timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a P>,
}

impl Client {
    /// Sends one request, once, and reads its answer.
    pub(super) async fn exchange<P: Serialize, A: DeserializeOwned>(
        &self,
        call: Call,
        payload: Option<&P>,
    ) -> Result<A, Error> {
        self.send(call, payload)
            .await?
            .read(&self.connection.credentials.secret)
    }

    /// Sends one request, once, and takes its answer whatever it says.
    pub(super) async fn send<P: Serialize>(
        &self,
        call: Call,
        payload: Option<&P>,
    ) -> Result<Answer, Error> {
        let connection = &*self.connection;
        let mut url = connection.base.clone();
        url.set_path(&format!(
            "{}{}",
            connection.base.path().trim_end_matches('/'),
            call.path
        ));
        let account = call.account.then_some(connection.account.as_str());
        let sent = (connection.clock)();
        let envelope = Envelope {
            timestamp: sent.millis(),
            account,
            payload,
        };
        let body = serde_json::to_vec(&envelope)
            .map_err(|error| Error::Settings(format!("{}: {error}", call.path)))?;
        let mut signature =
            HeaderValue::from_str(&sign::sign(&connection.credentials.secret, &body))
                .expect("hexadecimal digits are a header value");
        signature.set_sensitive(true);
        let method = if call.delete {
            Method::DELETE
        } else {
            Method::POST
        };
        let response = connection
            .http
            .request(method, url)
            .header(CONTENT_TYPE, "application/json")
            .header("Key", &connection.credentials.key)
            .header("Sign", signature)
            .body(body)
            .send()
            .await
            .map_err(|error| self.broken(call, error))?;
        let answer = self.receive(call, sent, response).await?;
        tracing::debug!(call.path, http.status = answer.status, "gateway answered");
        Ok(answer)
    }

    async fn receive(
        &self,
        call: Call,
        sent: Timestamp,
        mut response: Response,
    ) -> Result<Answer, Error> {
        let limit = self.connection.answer_limit;
        let status = response.status().as_u16();
        let date = http_date(response.headers());
        let retry_after = retry_after(response.headers());
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
        Ok(Answer {
            call,
            sent,
            status,
            date,
            retry_after,
            body,
        })
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
                after: self.connection.timeout,
            }
        } else {
            Error::Interrupted {
                path,
                reason: innermost(&error),
            }
        }
    }
}

fn http_date(headers: &HeaderMap) -> Option<Timestamp> {
    wire::date::read_header(headers.get(DATE)?.to_str().ok()?)
}

/// `Retry-After` in seconds. In its other form, a date, it depends on whose clock is right, and is left out.
fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    // A number may begin with a plus where it is parsed.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// The last cause of an error: the one that says what happened rather than where.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(connection) = cause.source() {
        cause = connection;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::retry_after;

    #[test]
    fn only_plain_seconds_say_when_to_come_again() {
        for (said, seconds) in [
            ("0", Some(0)),
            ("7", Some(7)),
            (" 7 ", Some(7)),
            ("007", Some(7)),
            ("86400", Some(86_400)),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", None),
            ("18446744073709551615", None),
            ("-7", None),
            ("+7", None),
            ("7.5", None),
            ("1e2", None),
            ("0x7", None),
            ("7, 8", None),
            ("7s", None),
            ("soon", None),
            ("", None),
            ("Wed, 21 Oct 2026 07:28:00 GMT", None),
            ("Wed, 31 Feb 2026 07:28:00 GMT", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(said).unwrap());
            assert_eq!(retry_after(&headers), seconds, "{said}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
