//! Why a delivery is not accepted.

/// Why a delivery is not accepted. No message holds a secret, a signature or a piece of the body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// A header is not there.
    #[error("expected the header {0}, got none")]
    MissingHeader(&'static str),
    /// A header is there more than once, so that two readers could disagree.
    #[error("expected the header {0} once, got it repeatedly")]
    RepeatedHeader(&'static str),
    /// No subscription has this public key.
    #[error("the public key belongs to none of the known subscriptions")]
    UnknownKey,
    /// The signature is not that of these bytes, or not written as 128 lower-case hexadecimal digits.
    #[error("the signature does not fit the body")]
    WrongSignature,
    /// The body is signed, but is not a delivery.
    #[error("expected a delivery, got something else: {0}")]
    NotADelivery(String),
}

impl WebhookError {
    pub(super) fn unreadable(error: &serde_json::Error) -> Self {
        // The words of the parser may quote the body: only the place and the kind of the mistake are kept.
        let kind = match error.classify() {
            serde_json::error::Category::Data => "a field is missing or of another kind",
            serde_json::error::Category::Eof => "the JSON ends too early",
            _ => "not JSON",
        };
        Self::NotADelivery(format!(
            "{kind}, line {} column {}",
            error.line(),
            error.column()
        ))
    }

    pub(super) fn nameless() -> Self {
        Self::NotADelivery("it names no event".to_owned())
    }
}
