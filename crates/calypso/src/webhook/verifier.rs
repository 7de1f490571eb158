//! Whether a delivery came from the gateway: the signature of its raw bytes, by the key of its subscription.

use std::fmt;

use http::HeaderMap;
use secrecy::SecretString;
use subtle::ConstantTimeEq;

use super::{Delivery, Webhook, WebhookError};
use crate::sign;

/// The key pairs of the merchant's subscriptions (gateway reference §5.3).
///
/// Each subscription has a pair of its own, made by the gateway; it is not the merchant's API key pair.
#[derive(Clone, Default)]
pub struct Verifier {
    pairs: Vec<(String, SecretString)>,
}

impl Verifier {
    /// Knows no subscription yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also accepts deliveries signed with this pair. While keys are changed both pairs are added.
    ///
    /// A pair whose key or secret is empty is left out: anyone could sign with it.
    #[must_use]
    pub fn with(mut self, public_key: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        let (key, secret) = (public_key.into(), secret.into());
        if !key.is_empty() && !sign::is_empty(&secret) {
            self.pairs.push((key, secret));
        }
        self
    }

    /// The pairs of subscriptions as the gateway lists them; those without a pair are left out.
    pub fn of<'a>(webhooks: impl IntoIterator<Item = &'a Webhook>) -> Self {
        webhooks.into_iter().fold(Self::new(), |verifier, webhook| {
            match (&webhook.public_key, &webhook.secret_key) {
                (Some(key), Some(secret)) => verifier.with(key, secret.clone()),
                _ => verifier,
            }
        })
    }

    /// How many pairs are known.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Tells whether no pair is known, so that nothing is accepted.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Checks the headers `Key` and `Sign` against the raw body, in constant time, and only then reads it.
    ///
    /// The body must be the bytes as they arrived: reading and writing JSON again changes them.
    ///
    /// # Errors
    /// A [`WebhookError`] for each way not to be a delivery of a known subscription.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Delivery, WebhookError> {
        let (key, sign) = (once(headers, "Key")?, once(headers, "Sign")?);
        let sign = std::str::from_utf8(sign).map_err(|_| WebhookError::WrongSignature)?;
        let mut pairs = self
            .pairs
            .iter()
            .filter(|(known, _)| known.as_bytes().ct_eq(key).into())
            .peekable();
        if pairs.peek().is_none() {
            return Err(WebhookError::UnknownKey);
        }
        if !pairs.any(|(_, secret)| sign::verify(secret, body, sign)) {
            return Err(WebhookError::WrongSignature);
        }
        Delivery::read_unverified(body)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("pairs", &self.pairs.len())
            .finish_non_exhaustive()
    }
}

fn once<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a [u8], WebhookError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(WebhookError::MissingHeader(name))?;
    if values.next().is_some() {
        return Err(WebhookError::RepeatedHeader(name));
    }
    Ok(value.as_bytes())
}
