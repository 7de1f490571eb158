//! Whether the gateway takes what the configuration says: asked by `check`, and when the proxy starts.

use calypso::{Error, GatewayErrorCode, InvoiceRef};
use uuid::Uuid;

use super::connection::Gateway;
use crate::checkouts::offer::Offer;
use crate::config::GatewayConfig;
use crate::input::redacted;

/// The gateway does not take what the configuration says: what it answered, and which key to look at.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ProbeError(String);

impl From<Error> for ProbeError {
    fn from(error: Error) -> Self {
        Self(format!("{error}{}", hint(&error)))
    }
}

impl Gateway {
    /// Looks up an invoice that cannot exist, which names the account, and asks for rates.
    ///
    /// # Errors
    /// [`ProbeError`] with what was answered and which key to look at.
    pub(crate) async fn probe(
        &self,
        config: &GatewayConfig,
        offered: &Offer,
    ) -> Result<String, ProbeError> {
        let nobody = InvoiceRef::IdempotencyKey(Uuid::new_v4());
        match self.call("probe", self.client().invoice(&nobody)).await {
            Ok(_) => {}
            Err(error) if is_about_the_invoice(&error) => {}
            Err(error) => return Err(error.into()),
        }
        let codes: Vec<&str> = offered.iter().map(|currency| currency.code).collect();
        let rates = self.rates(&codes, "EUR").await?;
        Ok(format!(
            "gateway: {} accepts key, signature and account; it quotes {} of {} currencies in EUR",
            redacted::value(config.base_url.as_str()),
            rates.len(),
            codes.len()
        ))
    }
}

/// Whether the gateway says that it knows no such invoice: then it has read the request and knows the account.
fn is_about_the_invoice(error: &Error) -> bool {
    message(error).is_some_and(|message| error.is_not_found() && message.contains("invoice"))
}

fn message(error: &Error) -> Option<String> {
    match error {
        Error::Refused { message, .. } => Some(message.to_lowercase()),
        _ => None,
    }
}

/// Which key of the configuration an answer is about.
fn hint(error: &Error) -> &'static str {
    match error.code() {
        Some(GatewayErrorCode::WrongKey) => "; look at `gateway.key`: the gateway does not know it",
        Some(GatewayErrorCode::WrongSign) => {
            "; look at the secret in `gateway.secret_file` or CALYPSO_PROXY_GATEWAY__SECRET: it must be the one that belongs to \
             `gateway.key`, as given, without blanks or quotes around it"
        }
        Some(GatewayErrorCode::BadTimestamp) => "; set this computer's clock",
        Some(GatewayErrorCode::NotFound)
            if message(error).is_some_and(|said| said.contains("account")) =>
        {
            "; look at `gateway.account`: the gateway does not know it, or not with this key"
        }
        Some(GatewayErrorCode::NotFound) => {
            "; look at `gateway.base_url`: expected the gateway's address without a path, because the proxy adds /api/v1 by itself"
        }
        Some(_) => "",
        None => match error {
            Error::NoConnection { .. } | Error::Timeout { .. } => {
                "; look at `gateway.base_url`, and whether this computer reaches it"
            }
            Error::NotJson { .. } | Error::Redirect { .. } | Error::Unreadable { .. } => {
                "; look at `gateway.base_url`: what answers there is not the gateway's API; expected its address without a path"
            }
            _ => "",
        },
    }
}
