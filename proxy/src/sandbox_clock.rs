//! The virtual clock of a sandbox gateway as the proxy's own clock, when both run as programs of their own.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use checkout::Timestamp;
use serde::Deserialize;
use url::Url;

use crate::clock::{Clock, SystemClock};
use crate::config::origin::is_loopback;

/// How long the sandbox may take to tell its time. It is on this computer and does nothing else for it.
const PATIENCE: Duration = Duration::from_secs(2);
/// The largest answer that is read, in bytes; the sandbox's has about sixty.
const MOST_BYTES: usize = 4096;

/// Why the sandbox's clock is not, or not any more, the proxy's.
#[derive(Debug, thiserror::Error)]
pub enum SandboxClockError {
    /// What was given is no URL.
    #[error(
        "expected the address of a sandbox such as http://127.0.0.1:8090/, got `{text}`: {reason}"
    )]
    NoUrl {
        /// What was given.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The sandbox is not on this computer.
    #[error("expected a sandbox on this computer (127.0.0.1, [::1] or localhost), got {0}")]
    SandboxElsewhere(Url),
    /// The gateway is not on this computer, so it may be the real one, which keeps real time.
    #[error(
        "expected `gateway.base_url` on this computer (127.0.0.1, [::1] or localhost), got {0}: only a sandbox has a clock that \
         can be moved"
    )]
    GatewayElsewhere(Url),
    /// Nothing answered.
    #[error("the sandbox's clock at {url} does not answer: {reason}")]
    Silent {
        /// What was asked.
        url: Url,
        /// What the connection said.
        reason: String,
    },
    /// Something else answered.
    #[error("expected the clock of a sandbox at {url}, got {came}")]
    NoClock {
        /// What was asked.
        url: Url,
        /// What came instead.
        came: String,
    },
}

/// A clock that shows what the clock of a sandbox shows: the computer's, and the seconds by which the sandbox's was moved.
///
/// It knows of them when it was last told by [`SandboxClock::keep_step`]. Between two such moments it runs with the computer's
/// clock and never goes back. It is turned back only when the sandbox was reset, and with it everything the gateway knew.
#[derive(Debug)]
pub struct SandboxClock {
    url: Url,
    http: reqwest::Client,
    /// One question at a time: of two answers that overtake each other the older one would turn the clock back.
    asking: tokio::sync::Mutex<()>,
    hands: Mutex<Hands>,
}

#[derive(Debug, Default)]
struct Hands {
    ahead_seconds: u64,
    latest: i64,
    /// Whether the last question was not answered, so that a long silence is one line of the log.
    silent: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    /// Only a sandbox says both; the time itself is read here, from the same computer's clock.
    #[serde(rename = "now")]
    _now: Timestamp,
    offset_seconds: u64,
}

impl SandboxClock {
    /// The clock of the sandbox at an address such as `http://127.0.0.1:8090/`, for a proxy of this gateway. It shows the
    /// computer's time until it was told another.
    ///
    /// # Errors
    /// [`SandboxClockError`] when either is not on this computer, or the address is none.
    pub fn new(sandbox: &str, gateway: &Url) -> Result<Self, SandboxClockError> {
        let no_url = |reason: String| SandboxClockError::NoUrl {
            text: sandbox.to_owned(),
            reason,
        };
        let url = Url::parse(sandbox).map_err(|error| no_url(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(no_url("must begin with http:// or https://".to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(no_url("must have no user and no password".to_owned()));
        }
        if !matches!(url.path(), "/" | "/sandbox/" | "/sandbox/v1/clock")
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(no_url("must end after the port".to_owned()));
        }
        if !is_loopback(&url) {
            return Err(SandboxClockError::SandboxElsewhere(url));
        }
        if !is_loopback(gateway) {
            return Err(SandboxClockError::GatewayElsewhere(gateway.clone()));
        }
        Self::at(url)
    }

    /// By how many seconds the clock of this gateway was moved; none when it was not, or when the gateway is no sandbox of this
    /// computer.
    pub async fn moved(gateway: &Url) -> Option<u64> {
        if !is_loopback(gateway) {
            return None;
        }
        let ahead = Self::at(gateway.clone()).ok()?.ask().await.ok()?;
        (ahead > 0).then_some(ahead)
    }

    fn at(mut url: Url) -> Result<Self, SandboxClockError> {
        url.set_path("/sandbox/v1/clock");
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| SandboxClockError::Silent {
                url: url.clone(),
                reason: error.to_string(),
            })?;
        Ok(Self {
            url,
            http,
            asking: tokio::sync::Mutex::default(),
            hands: Mutex::default(),
        })
    }

    /// How far a clock that was moved by so many seconds is from the computer's, in words.
    #[must_use]
    pub fn distance(ahead_seconds: u64) -> String {
        let (days, hours) = (ahead_seconds / 86_400, ahead_seconds / 3600 % 24);
        let (minutes, seconds) = (ahead_seconds / 60 % 60, ahead_seconds % 60);
        match (days, hours, minutes) {
            (0, 0, 0) if seconds == 0 => "the same as this computer's".to_owned(),
            (0, 0, 0) => format!("{seconds} s ahead of this computer's"),
            (0, 0, _) => format!("{minutes} min {seconds} s ahead of this computer's"),
            (0, _, _) => format!("{hours} h {minutes} min ahead of this computer's"),
            _ => format!("{days} d {hours} h ahead of this computer's"),
        }
    }

    /// Where the sandbox's clock is asked.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Asks the sandbox how far its clock was moved, and shows that from now on. Answers how far it is, in seconds.
    ///
    /// # Errors
    /// [`SandboxClockError`] when no sandbox answers; then the clock runs on as before.
    pub async fn keep_step(&self) -> Result<u64, SandboxClockError> {
        let _asking = self.asking.lock().await;
        let told = self.ask().await;
        let mut hands = self.hands();
        let silent = told.is_err();
        if let Err(error) = &told
            && !hands.silent
        {
            tracing::warn!(%error, "the clock runs on as it was");
        }
        hands.silent = silent;
        let ahead = told?;
        if ahead < hands.ahead_seconds {
            tracing::warn!(
                ahead_seconds = ahead,
                "the sandbox was reset: the clock is turned back"
            );
            hands.latest = 0;
        } else if ahead > hands.ahead_seconds {
            tracing::warn!(
                ahead_seconds = ahead,
                "the sandbox's clock was moved: it is not the time of this computer"
            );
        }
        hands.ahead_seconds = ahead;
        Ok(ahead)
    }

    async fn ask(&self) -> Result<u64, SandboxClockError> {
        let silent = |error: reqwest::Error| SandboxClockError::Silent {
            url: self.url.clone(),
            // The chain says what really happened, such as a refused connection.
            reason: std::iter::successors(Some(&error as &dyn std::error::Error), |error| {
                error.source()
            })
            .last()
            .map_or_else(String::new, ToString::to_string),
        };
        let no_clock = |came: String| SandboxClockError::NoClock {
            url: self.url.clone(),
            came,
        };
        let mut answer = self
            .http
            .get(self.url.clone())
            .send()
            .await
            .map_err(silent)?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(no_clock(format!("status {}", answer.status().as_u16())));
        }
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(silent)? {
            body.extend_from_slice(&part);
            if body.len() > MOST_BYTES {
                return Err(no_clock(format!("more than {MOST_BYTES} bytes")));
            }
        }
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|error| no_clock(error.to_string()))?;
        Ok(answer.offset_seconds)
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands
            .lock()
            .expect("nothing panics while it holds the hands of the clock")
    }

    /// What a clock of this computer that shows `wall` is to show.
    fn shown(&self, wall: Timestamp) -> Timestamp {
        let mut hands = self.hands();
        let ahead = i64::try_from(hands.ahead_seconds).unwrap_or(i64::MAX);
        let shown = wall.millis().saturating_add(ahead.saturating_mul(1000));
        hands.latest = hands.latest.max(shown);
        Timestamp::from_millis(hands.latest)
    }
}

/// A router that asks the sandbox for its time before it answers anything: what it answers is never older than the last move of
/// the clock. When the sandbox does not answer, the clock runs on.
pub fn in_step(router: Router, clock: Arc<SandboxClock>) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| {
        let clock = Arc::clone(&clock);
        async move {
            // It has said why in the log.
            drop(clock.keep_step().await);
            next.run(request).await
        }
    }))
}

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.shown(SystemClock.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn a_sandbox_and_a_gateway_on_this_computer_are_taken() {
        for (sandbox, gateway) in [
            ("http://127.0.0.1:8090", "http://127.0.0.1:8090/"),
            ("http://127.0.0.1:8090/", "http://localhost:9000/"),
            ("http://localhost:8090/sandbox/", "http://[::1]:8090/"),
            ("http://[::1]:8090/sandbox/v1/clock", "http://127.8.0.1/"),
        ] {
            let clock = SandboxClock::new(sandbox, &url(gateway)).expect(sandbox);
            assert_eq!(clock.url().path(), "/sandbox/v1/clock");
        }
    }

    #[test]
    fn anything_else_is_refused_by_its_name() {
        let here = url("http://127.0.0.1:8090/");
        for gateway in [
            "https://api.calypso.finance/",
            "http://10.0.0.7:8090/",
            "http://127.0.0.1.evil.test/",
            "http://localhost.evil.test/",
        ] {
            let refused = SandboxClock::new("http://127.0.0.1:8090/", &url(gateway));
            assert!(
                matches!(refused, Err(SandboxClockError::GatewayElsewhere(ref came)) if *came == url(gateway)),
                "{gateway}: {refused:?}"
            );
        }
        for sandbox in [
            "http://sandbox.test:8090/",
            "http://192.168.1.4:8090/",
            "http://0.0.0.0/",
        ] {
            let refused = SandboxClock::new(sandbox, &here);
            assert!(
                matches!(refused, Err(SandboxClockError::SandboxElsewhere(_))),
                "{sandbox}: {refused:?}"
            );
        }
        for text in [
            "",
            "8090",
            "127.0.0.1:8090",
            "ftp://127.0.0.1/",
            "http://127.0.0.1:8090/api/v1",
            "http://127.0.0.1:8090/?now=1",
            "http://user@127.0.0.1:8090/",
        ] {
            let refused = SandboxClock::new(text, &here);
            assert!(
                matches!(refused, Err(SandboxClockError::NoUrl { .. })),
                "{text}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_distance_is_said_in_the_two_units_that_matter() {
        for (seconds, said) in [
            (0, "the same as this computer's"),
            (59, "59 s ahead of this computer's"),
            (77, "1 min 17 s ahead of this computer's"),
            (10_800, "3 h 0 min ahead of this computer's"),
            (8_035_821, "93 d 0 h ahead of this computer's"),
        ] {
            assert_eq!(SandboxClock::distance(seconds), said);
        }
    }

    #[test]
    fn between_two_answers_it_never_goes_back() {
        let here = url("http://127.0.0.1:8090/");
        let clock = SandboxClock::new("http://127.0.0.1:8090/", &here).expect("a clock");
        let wall = Timestamp::from_millis(1_767_607_200_000);
        clock.hands().ahead_seconds = 60;
        assert_eq!(clock.shown(wall), wall.plus_seconds(60));
        assert_eq!(clock.shown(wall.plus_seconds(-30)), wall.plus_seconds(60));
        assert_eq!(clock.shown(wall.plus_seconds(1)), wall.plus_seconds(61));
    }
}
