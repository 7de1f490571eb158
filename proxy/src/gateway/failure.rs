//! What a failed call to the gateway means for whoever asked.

use calypso::Error;
use checkout::RefusalCode;

use crate::refusal::Refusal;

/// The proxy's code for a failed gateway call. The gateway's own words go to the log only.
pub(crate) fn refusal(error: &Error) -> Refusal {
    match code(error) {
        RefusalCode::GatewayUnavailable => Refusal::new(
            RefusalCode::GatewayUnavailable,
            "the payment gateway does not answer; try again in a moment",
        ),
        RefusalCode::GatewayUnsound => unsound(),
        RefusalCode::GatewayFailed => Refusal::new(
            RefusalCode::GatewayFailed,
            "the payment gateway could not do this; try again in a moment",
        ),
        _ => Refusal::internal("a request to the gateway could not be made"),
    }
    .because(error)
}

/// The gateway's answer contradicts what was asked, so nothing of it may be shown to a buyer.
pub(crate) fn unsound() -> Refusal {
    Refusal::new(
        RefusalCode::GatewayUnsound,
        "the payment gateway's answer contradicts the request, so nothing of it is shown; please tell the merchant",
    )
}

fn code(error: &Error) -> RefusalCode {
    match error {
        Error::NoConnection { .. } | Error::Timeout { .. } | Error::Interrupted { .. } => {
            RefusalCode::GatewayUnavailable
        }
        Error::KeyReused { .. } | Error::Contradiction { .. } => RefusalCode::GatewayUnsound,
        Error::Settings(_) | Error::Invalid { .. } => RefusalCode::Internal,
        Error::Unsettled { write, .. } => code(write),
        // What is left is an answer that cannot be read, or a refusal; new kinds of failure are the gateway's too.
        _ => RefusalCode::GatewayFailed,
    }
}

/// Whether the gateway has said that it made nothing and will not. After silence, a refused connection, a wrong clock or an error
/// in a successful answer, the same request is made again under the same key.
pub(crate) fn is_definite(error: &Error) -> bool {
    match error {
        Error::Refused { status, .. } => {
            (400..500).contains(status) && !error.may_have_taken_effect()
        }
        Error::KeyReused { .. } => true,
        _ => false,
    }
}
