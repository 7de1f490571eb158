//! The pair a merchant signs with: the public key that is sent and the secret that never is.

use secrecy::SecretString;
use std::fmt;

/// The API key pair of a merchant (gateway reference §1.2, §1.3).
///
/// The secret is wiped from memory when dropped, and `Debug` shows neither it nor more than the start of the key.
#[derive(Clone)]
pub struct Credentials {
    /// The public API key, sent in the `Key` header.
    pub key: String,
    /// The secret the bodies are signed with; used as text, never hex-decoded.
    pub secret: SecretString,
}

impl Credentials {
    /// A pair from its two texts.
    pub fn new(key: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self {
            key: key.into(),
            secret: secret.into(),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start: String = self.key.chars().take(4).collect();
        f.debug_struct("Credentials")
            .field("key", &format_args!("{start}…"))
            .field("secret", &format_args!("[redacted]"))
            .finish()
    }
}
