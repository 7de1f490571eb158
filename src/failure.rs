//! Why a question to the proxy has no usable answer, and what the buyer is told about it.

use crate::believed::{ATTESTATION, Doubt};
use crate::words::Text;
use checkout::joined;

/// A question without a usable answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The element names no checkout, no product and no order.
    NothingToPay,
    /// The proxy could not be reached: no network, a wrong address, an origin it does not allow.
    Unreachable,
    /// The proxy did not answer in time.
    TimedOut,
    /// The answer is not a checkout: another server, a proxy of another version, a page of a captive portal.
    Unreadable,
    /// The answer is a checkout that contradicts the tables, itself or an earlier answer, see [`Doubt`].
    NotBelieved {
        /// The field of the answer.
        field: &'static str,
        /// The field, what was expected in it and what came.
        message: String,
    },
    /// What is on the screen is not what the widget drew.
    ScreenChanged {
        /// What was changed, and how.
        message: String,
    },
    /// The proxy refused, with the code and message of its one error shape.
    Refused {
        /// The HTTP status of the refusal.
        status: u16,
        /// The documented error code, or one of a later proxy.
        code: String,
        /// The proxy's own sentence, for the developer.
        message: String,
    },
}

impl Failure {
    /// The failure of an answer that is not believed.
    #[must_use]
    pub fn not_believed(doubt: &Doubt) -> Self {
        let Doubt {
            field,
            expected,
            came,
        } = doubt;
        let message = [field, ": expected ", expected, ", came ", came];
        Self::NotBelieved {
            field,
            message: joined(&message),
        }
    }

    /// Whether it is about what is drawn, not about an answer.
    #[must_use]
    pub fn is_of_the_screen(&self) -> bool {
        matches!(self, Self::ScreenChanged { .. })
    }

    /// The field of the answer that is not believed.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotBelieved { field, .. } => Some(field),
            _ => None,
        }
    }

    /// The code in `calypso-error`: the proxy's own, or the widget's name for what kept the answer away.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::NothingToPay => "nothing_to_pay",
            Self::Unreachable => "proxy_unreachable",
            Self::TimedOut => "proxy_timeout",
            Self::Unreadable => "answer_unreadable",
            Self::NotBelieved { field, .. } if *field == ATTESTATION => "attestation_refused",
            Self::NotBelieved { .. } => "answer_not_believed",
            Self::ScreenChanged { .. } => "screen_was_changed",
            Self::Refused { code, .. } => code,
        }
    }

    /// The message in `calypso-error`, for the developer.
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            Self::NothingToPay => "the element needs a checkout, product or order attribute",
            Self::Unreachable => "the proxy could not be reached",
            Self::TimedOut => "the proxy did not answer in time",
            Self::Unreadable => "the answer is not a checkout",
            Self::NotBelieved { message, .. }
            | Self::ScreenChanged { message }
            | Self::Refused { message, .. } => message,
        }
    }

    /// What the buyer reads. Nothing of the proxy's own message: it is written for developers.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NothingToPay => Text::FailedNothingToPay,
            Self::Unreachable => Text::FailedUnreachable,
            Self::TimedOut => Text::FailedTimedOut,
            Self::Unreadable => Text::FailedUnreadable,
            Self::NotBelieved { .. } => Text::FailedNotBelieved,
            Self::ScreenChanged { .. } => Text::FailedScreenChanged,
            Self::Refused { code, .. } => match code.as_str() {
                "checkout_not_found" | "checkout_id_malformed" => Text::FailedUnknownCheckout,
                "checkout_closed" => Text::FailedClosed,
                "currency_not_offered" => Text::FailedNotOffered,
                code if code == "unknown_product" || code.starts_with("order_") => {
                    Text::FailedNoOffer
                }
                "gateway_unavailable" | "gateway_failed" | "gateway_unsound" | "rate_limited" => {
                    Text::FailedGateway
                }
                _ => Text::FailedRefused,
            },
        }
    }

    /// Whether asking again by itself makes sense: the failure may pass without anybody changing anything.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NothingToPay => false,
            Self::Unreachable
            | Self::TimedOut
            | Self::Unreadable
            | Self::NotBelieved { .. }
            | Self::ScreenChanged { .. } => true,
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
        }
    }

    /// Whether the id that was asked for does not exist, so that a remembered one must be forgotten.
    #[must_use]
    pub fn is_unknown_checkout(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "checkout_not_found" || code == "checkout_id_malformed")
    }
}
