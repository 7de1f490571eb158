//! The key a merchant's server proves itself with, compared without telling by time how much of it was right.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The digest of the merchant's key. Digests have one length, so a comparison says nothing about the key's.
pub(crate) struct MerchantKey([u8; 32]);

impl MerchantKey {
    pub(crate) fn new(key: &SecretString) -> Self {
        Self(Sha256::digest(key.expose_secret().as_bytes()).into())
    }

    /// Whether `given` is the key.
    pub(crate) fn is(&self, given: &[u8]) -> bool {
        let given: [u8; 32] = Sha256::digest(given).into();
        self.0.ct_eq(&given).into()
    }
}
