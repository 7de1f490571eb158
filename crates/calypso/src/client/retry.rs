//! When a call is sent again: reads after passing failures, creations only through their idempotency key.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Client;
use super::answer::{Answer, quote};
use super::call::Call;
use super::creation::{Creation, Difference};
use crate::{Error, GatewayErrorCode};

impl Client {
    /// Sends a call that changes nothing, or nothing more when it is repeated: again after failures that pass by themselves.
    pub(super) async fn read<P: Serialize, A: DeserializeOwned>(
        &self,
        call: Call,
        payload: Option<&P>,
    ) -> Result<A, Error> {
        let mut repeated = 0;
        loop {
            match self.exchange(call, payload).await {
                Err(error) if error.is_passing() && repeated < self.connection.retries => {
                    self.pause(call, repeated, &error).await;
                    repeated += 1;
                }
                result => return result,
            }
        }
    }

    /// Sends a call that changes something and has no key: again only while no byte of it was sent.
    pub(super) async fn write<P: Serialize, A: DeserializeOwned>(
        &self,
        call: Call,
        payload: Option<&P>,
    ) -> Result<A, Error> {
        let answer = self.send_once(call, payload).await?;
        answer.read(&self.connection.credentials.secret)
    }

    /// Sends a call that changes something, has no key, and answers nothing worth reading: again only while no byte of it was sent.
    pub(super) async fn command<P: Serialize>(
        &self,
        call: Call,
        payload: Option<&P>,
    ) -> Result<(), Error> {
        let answer = self.send_once(call, payload).await?;
        answer.accept(&self.connection.credentials.secret)
    }

    async fn send_once<P: Serialize>(
        &self,
        call: Call,
        payload: Option<&P>,
    ) -> Result<Answer, Error> {
        let mut repeated = 0;
        loop {
            match self.send(call, payload).await {
                Err(error @ Error::NoConnection { .. }) if repeated < self.connection.retries => {
                    self.pause(call, repeated, &error).await;
                    repeated += 1;
                }
                result => return result,
            }
        }
    }

    /// Creates an object by its key, so that however often this is called there is one object.
    ///
    /// The key is looked up when an attempt ends with an open outcome, and when the gateway says that it exists
    /// already (error 016). Only after the gateway answered that there is no such object is the same request sent
    /// again (gateway reference §7.5).
    ///
    /// Nothing is sent when the payload breaks a rule that is known beforehand.
    pub(super) async fn create<C: Creation>(&self, payload: &C) -> Result<C::Made, Error> {
        let call = C::CALL;
        payload.check()?;
        let Some(key) = payload.key() else {
            let made = self.write(call, Some(payload)).await?;
            return self.unless(payload.difference(&made), made, |field, sent, received| {
                Error::Contradiction {
                    path: call.path,
                    field,
                    sent,
                    received,
                }
            });
        };
        let mut open: Option<Error> = None;
        let mut repeated = 0;
        loop {
            let error = match self.exchange(call, Some(payload)).await {
                Ok(made) => {
                    return self.unless(
                        payload.difference(&made),
                        made,
                        |field, sent, received| {
                            let path = call.path;
                            Error::Contradiction {
                                path,
                                field,
                                sent,
                                received,
                            }
                        },
                    );
                }
                Err(error) => error,
            };
            let taken = error.code() == Some(&GatewayErrorCode::KeyAlreadyUsed);
            if taken || error.may_have_taken_effect() {
                match C::find(self, key).await {
                    Ok(made) => {
                        return self.unless(
                            payload.difference(&made),
                            made,
                            |field, sent, stored| {
                                let key = key.to_string();
                                Error::KeyReused {
                                    key,
                                    field,
                                    sent,
                                    stored,
                                }
                            },
                        );
                    }
                    // 016 also means that validation failed: then there is no object, and asking again is of no use.
                    Err(lookup) if lookup.is_not_found() => {}
                    Err(lookup) => {
                        return Err(Error::Unsettled {
                            write: Box::new(open.unwrap_or(error)),
                            then: Box::new(lookup),
                        });
                    }
                }
            }
            if !error.is_passing() || repeated >= self.connection.retries {
                return Err(settle(open, error));
            }
            self.pause(call, repeated, &error).await;
            repeated += 1;
            if open.is_none() && error.may_have_taken_effect() {
                open = Some(error);
            }
        }
    }

    /// The object, unless it differs from the one asked for.
    fn unless<A>(
        &self,
        difference: Option<Difference>,
        made: A,
        error: impl FnOnce(&'static str, String, String) -> Error,
    ) -> Result<A, Error> {
        let secret = &self.connection.credentials.secret;
        match difference {
            None => Ok(made),
            Some(Difference {
                field,
                asked,
                found,
            }) => Err(error(field, quote(secret, &asked), quote(secret, &found))),
        }
    }

    async fn pause(&self, call: Call, repeated: u32, error: &Error) {
        tracing::warn!(call.path, repeated, %error, "gateway call is repeated");
        tokio::time::sleep(backoff(self.connection.retry_pause, repeated)).await;
    }
}

/// The error of a creation whose last attempt failed: an earlier attempt with an open outcome is not forgotten,
/// because it may still take effect after the look-up that did not find it.
fn settle(open: Option<Error>, last: Error) -> Error {
    match open {
        Some(write) if !last.may_have_taken_effect() => Error::Unsettled {
            write: Box::new(write),
            then: Box::new(last),
        },
        _ => last,
    }
}

/// Twice the pause for each repetition, at most 30 s.
fn backoff(first: Duration, repeated: u32) -> Duration {
    first
        .saturating_mul(1 << repeated.min(16))
        .min(Duration::from_secs(30))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::backoff;

    #[test]
    fn pauses_double_up_to_a_limit() {
        let pauses: Vec<u64> = (0..10)
            .map(|repeated| backoff(Duration::from_millis(200), repeated).as_millis() as u64)
            .collect();
        assert_eq!(
            pauses,
            [
                200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000
            ]
        );
        assert_eq!(backoff(Duration::MAX, u32::MAX), Duration::from_secs(30));
        assert_eq!(backoff(Duration::ZERO, 5), Duration::ZERO);
    }
}
