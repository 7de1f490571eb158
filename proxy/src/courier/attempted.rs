//! What came of one delivery.

use std::fmt;
use std::time::Duration;

/// How one attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempted {
    /// The receiver has it: a status from 200 to 299.
    Taken {
        /// The HTTP status.
        status: u16,
    },
    /// The receiver answered with another status; a redirect is one, since none is followed.
    Refused {
        /// The HTTP status.
        status: u16,
        /// How long it asks to be left alone, already bounded.
        retry_after: Option<Duration>,
    },
    /// 410: the receiver wants no further events.
    Gone,
    /// No status came.
    Failed {
        /// Why.
        kind: DeliveryFailure,
    },
}

/// Why no status came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryFailure {
    /// The host's name has no address now.
    NoAddress,
    /// The host, or one of its addresses, is one that is not called.
    Forbidden,
    /// Nobody takes the connection.
    NoConnection,
    /// The certificate does not fit the host, or TLS failed otherwise.
    Tls,
    /// Not done in time.
    TimedOut,
    /// The connection broke before a status came, or what came is no HTTP.
    Broken,
    /// The message's id cannot be signed.
    Unsignable,
    /// This program cannot call such a target: no certificates are known here, or it was built without TLS.
    Unready,
}

impl DeliveryFailure {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::NoAddress,
        Self::Forbidden,
        Self::NoConnection,
        Self::Tls,
        Self::TimedOut,
        Self::Broken,
        Self::Unsignable,
        Self::Unready,
    ];

    /// One word, fit to be kept and counted.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoAddress => "no_address",
            Self::Forbidden => "forbidden",
            Self::NoConnection => "no_connection",
            Self::Tls => "tls",
            Self::TimedOut => "timed_out",
            Self::Broken => "broken",
            Self::Unsignable => "unsignable",
            Self::Unready => "unready",
        }
    }
}

impl fmt::Display for DeliveryFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAddress => "the host's name has no address",
            Self::Forbidden => {
                "the host has an address that is not called: private networks have to be named in `events.allowed_networks`, and http is \
                 for those alone"
            }
            Self::NoConnection => "nobody takes the connection",
            Self::Tls => "TLS failed: the certificate does not fit the host, is not trusted or has expired",
            Self::TimedOut => "no answer came in time",
            Self::Broken => "the connection broke before an answer, or what came is no HTTP",
            Self::Unsignable => "the event's id cannot be signed",
            Self::Unready => "this program cannot call https: no certificates are known on this computer, or it was built without TLS",
        })
    }
}

impl fmt::Display for Attempted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { status } => write!(f, "taken ({status})"),
            Self::Refused {
                status: status @ 300..400,
                ..
            } => {
                write!(
                    f,
                    "refused ({status}): redirects are not followed, name the address itself"
                )
            }
            Self::Refused {
                status,
                retry_after: Some(wait),
            } => {
                write!(
                    f,
                    "refused ({status}), to be tried again after {} s",
                    wait.as_secs()
                )
            }
            Self::Refused {
                status,
                retry_after: None,
            } => write!(f, "refused ({status})"),
            Self::Gone => f.write_str("refused (410): the receiver wants no further events"),
            Self::Failed { kind } => write!(f, "failed: {kind}"),
        }
    }
}
