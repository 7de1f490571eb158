//! How the calls to one gateway go: how many, how they end, and how long they take.

use std::time::Duration;

use calypso::{Error, GatewayErrorCode};
use prometheus::{HistogramVec, IntCounterVec, IntGauge, Registry};

use crate::meters::made::{self, Of, counters, gauge_of, seconds, show};

/// After how many failures in a row a gateway is said to be failing.
const FAILING: i64 = 3;

/// The meters of one shop's gateway.
pub(crate) struct GatewayMeter {
    calls: IntCounterVec,
    seconds: HistogramVec,
    /// How many calls in a row the gateway has not answered as a gateway does.
    failing: IntGauge,
}

impl GatewayMeter {
    /// `store` is a name of the configuration.
    pub(super) fn new(store: &str) -> Self {
        let of = Some(Of("store", store));
        Self {
            calls: counters(
                "gateway_calls_total",
                "Calls to the gateway that have ended, by call and by how they ended; `ok` is an answer that was expected.",
                &["call", "outcome"],
                of,
            ),
            seconds: seconds(
                "gateway_call_seconds",
                "How long calls to the gateway take, with what is repeated within one.",
                &["call"],
                of,
            ),
            failing: gauge_of(
                "gateway_failures_in_a_row",
                "Calls since the last one that the gateway has answered as it should.",
                of,
            ),
        }
    }

    /// Puts them on the page.
    pub(crate) fn show(&self, registry: &Registry) {
        show(registry, &self.calls);
        show(registry, &self.seconds);
        show(registry, &self.failing);
    }

    /// One call has ended.
    pub(super) fn ended(&self, call: &'static str, outcome: &'static str, took: Duration) {
        self.calls.with_label_values(&[call, outcome]).inc();
        made::took(&self.seconds.with_label_values(&[call]), took);
        match outcome {
            "ok" | "not_found" | "refused" => self.failing.set(0),
            "not_sent" => {}
            _ => self.failing.inc(),
        }
    }

    /// Whether the gateway is of no use just now.
    pub(crate) fn is_failing(&self) -> bool {
        self.failing.get() >= FAILING
    }
}

/// The word for how a call ended.
pub(super) fn outcome<T>(answer: &Result<T, Error>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(error) => failure(error),
    }
}

/// The word for a failure: of a closed list, whatever the gateway says.
fn failure(error: &Error) -> &'static str {
    match error {
        Error::Settings(_) | Error::Invalid { .. } => "not_sent",
        Error::NoConnection { .. } => "no_connection",
        Error::Timeout { .. } => "timeout",
        Error::Interrupted { .. } => "interrupted",
        Error::ClockSkew { .. } => "clock_skew",
        Error::KeyReused { .. } | Error::Contradiction { .. } => "unsound",
        Error::Unsettled { write, .. } => failure(write),
        _ if error.is_not_found() => "not_found",
        _ if error.is_too_many() => "too_many",
        Error::Refused { code, .. } => match code {
            GatewayErrorCode::WrongKey | GatewayErrorCode::WrongSign => "wrong_key",
            _ => "refused",
        },
        // What is left is an answer that nobody can read; new kinds of failure are of this one too.
        _ => "unreadable",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use calypso::Error;

    use super::{failure, outcome};

    #[test]
    fn a_failure_behind_another_has_the_word_of_the_first() {
        let path = "/api/v1/invoices";
        let timeout = Error::Timeout {
            path,
            after: Duration::from_secs(1),
        };
        let broken = Error::NoConnection {
            path,
            reason: "none".to_owned(),
        };
        assert_eq!(failure(&broken), "no_connection");
        let unsettled = Error::Unsettled {
            write: Box::new(timeout),
            then: Box::new(broken),
        };
        assert_eq!(outcome::<()>(&Err(unsettled)), "timeout");
        assert_eq!(outcome(&Ok(())), "ok");
    }
}
