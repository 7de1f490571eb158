//! A secret that events to the merchant's server are signed with, in the form of Standard Webhooks: `whsec_` and 24 to 64 bytes in Base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretSlice};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// What such a secret begins with.
const PREFIX: &str = "whsec_";
/// How many bytes one may have.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// One secret. It is never shown; only the signature uses it.
#[derive(Debug, Clone)]
pub struct EventSecret(SecretSlice<u8>);

/// Why a text is no such secret. None of these quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EventSecretError {
    /// It begins with something else.
    #[error("must begin with `whsec_`: `calypso-proxy event secret` makes one")]
    NoPrefix,
    /// What follows is no Base64.
    #[error("must be `whsec_` and Base64 with its padding: `calypso-proxy event secret` makes one")]
    NotBase64,
    /// Too short to be safe, or longer than the specification allows.
    #[error("holds {0} bytes, expected 24 to 64: `calypso-proxy event secret` makes one")]
    Length(usize),
    /// It could be guessed.
    #[error(
        "repeats a few bytes, so it can be guessed: `calypso-proxy event secret` makes a better one"
    )]
    Guessable,
}

impl EventSecret {
    /// Reads `whsec_<Base64>`.
    ///
    /// # Errors
    /// [`EventSecretError`] for any other form, a wrong length, or bytes that anybody could guess.
    pub fn parse(text: &str) -> Result<Self, EventSecretError> {
        let encoded = text
            .strip_prefix(PREFIX)
            .ok_or(EventSecretError::NoPrefix)?;
        // A place that is wiped, and from it a copy of just its length: what grows or shrinks leaves pieces of itself behind.
        let mut place = Zeroizing::new([0; 96]);
        if encoded.len() > place.len() {
            return Err(EventSecretError::Length(encoded.len() / 4 * 3));
        }
        let length = STANDARD
            .decode_slice(encoded, place.as_mut_slice())
            .map_err(|_| EventSecretError::NotBase64)?;
        let bytes = SecretSlice::from(place[..length].to_vec());
        let exposed = bytes.expose_secret();
        if !BYTES.contains(&exposed.len()) {
            return Err(EventSecretError::Length(exposed.len()));
        }
        let mut different = [false; 256];
        for byte in exposed {
            different[usize::from(*byte)] = true;
        }
        if different.iter().filter(|found| **found).count() < 8 {
            return Err(EventSecretError::Guessable);
        }
        Ok(Self(bytes))
    }

    /// A new one of 32 bytes, written out: the one moment at which it is text.
    #[must_use]
    pub fn generate() -> String {
        // Each v4 UUID has six bits that are fixed, so three of them hold more than 32 random bytes; the hash spreads them evenly.
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for _ in 0..3 {
            hash.update(Uuid::new_v4().as_bytes());
        }
        format!("{PREFIX}{}", STANDARD.encode(hash.finalize()))
    }

    /// Whether both are one secret.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.bytes().ct_eq(other.bytes()).into()
    }

    /// The key of the signature.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use super::{EventSecret, EventSecretError};

    #[test]
    fn a_secret_has_the_form_of_the_specification() {
        assert!(EventSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").is_ok());
        let [long, longer] = [25, 2500].map(|pieces| format!("whsec_{}", "MfKQ".repeat(pieces)));
        for (text, expected) in [
            ("", EventSecretError::NoPrefix),
            (
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                EventSecretError::NoPrefix,
            ),
            (
                "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                EventSecretError::NoPrefix,
            ),
            ("whsec_", EventSecretError::Length(0)),
            ("whsec_MfKQ", EventSecretError::Length(3)),
            (&long, EventSecretError::Length(75)),
            (&longer, EventSecretError::Length(7500)),
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=",
                EventSecretError::NotBase64,
            ),
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS-",
                EventSecretError::NotBase64,
            ),
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa w",
                EventSecretError::NotBase64,
            ),
            (
                "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                EventSecretError::Guessable,
            ),
        ] {
            let said = EventSecret::parse(text).map(drop);
            assert_eq!(said, Err(expected), "{text}");
            assert!(text.len() < 12 || !expected.to_string().contains(&text[8..]));
        }
    }

    #[test]
    fn new_secrets_are_good_differ_and_are_never_shown() {
        let [one, two] = [EventSecret::generate(), EventSecret::generate()];
        assert_ne!(one, two);
        let secret = EventSecret::parse(&one).unwrap();
        assert_eq!(secret.bytes().len(), 32);
        assert!(!format!("{secret:?}").contains(&one[6..20]));
        assert!(secret.is(&secret.clone()) && !secret.is(&EventSecret::parse(&two).unwrap()));
    }
}
