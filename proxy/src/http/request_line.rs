//! The one line of the log about each request that gets one.

use std::time::{Duration, Instant};

use checkout::RefusalCode;

use super::quiet_log::QuietLog;
use crate::config::RequestLines;
use crate::input::client::Network;
use crate::refusal::Refusal;
use crate::request_id::RequestId;

/// What is said of a request. Never its path, which may hold a checkout's id, nor its query, headers or body.
pub(super) struct Line<'a> {
    pub(super) id: RequestId,
    pub(super) method: &'static str,
    pub(super) route: &'a str,
    pub(super) status: u16,
    pub(super) network: Option<Network>,
    pub(super) took: Duration,
}

/// Writes one line at a level, with the fields that all of them have.
macro_rules! line {
    ($level:ident, $line:expr, $what:literal $(, $($field:tt)+)?) => {
        tracing::$level!(
            request_id = $line.id.as_str(),
            method = $line.method,
            route = $line.route,
            status = $line.status,
            network = $line.network.map(tracing::field::display),
            millis = u64::try_from($line.took.as_millis()).unwrap_or(u64::MAX),
            $($($field)+,)?
            $what
        )
    };
}

impl Line<'_> {
    /// Writes it, if it is to be written: a failure always, a refusal unless there are too many of them, and everything else where the
    /// configuration wants a line for each request.
    pub(super) fn write(&self, refusal: Option<&Refusal>, wanted: RequestLines, quiet: &QuietLog) {
        match refusal {
            // A crowd decides how often one is turned away.
            Some(refusal) if self.status >= 500 && refusal.code != RefusalCode::Overloaded => {
                let (code, cause) = (refusal.code.as_str(), refusal.cause.as_deref());
                line!(error, self, "a request failed", code, cause);
            }
            Some(refusal)
                if wanted == RequestLines::Info || quiet.admits(&refusal.code, Instant::now()) =>
            {
                // Not what the caller was told: it may quote what they sent, which may be somebody's name.
                let code = refusal.code.as_str();
                line!(info, self, "a request was refused", code);
            }
            None if wanted == RequestLines::Info => line!(info, self, "answered"),
            _ if wanted == RequestLines::Off => {}
            refusal => {
                let code = refusal.map(|refusal| refusal.code.as_str());
                line!(debug, self, "answered", code);
            }
        }
    }
}
