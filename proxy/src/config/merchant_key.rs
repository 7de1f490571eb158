//! The keys a merchant's server proves itself with, compared without telling by time how much of one was right.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// The digests of a shop's keys: the present one, and the one before it while it still counts. Digests have one length, so a comparison
/// says nothing about a key's.
pub(crate) struct MerchantKeys {
    present: [u8; 32],
    previous: Option<[u8; 32]>,
}

impl MerchantKeys {
    pub(crate) fn new(present: &SecretString, previous: Option<&SecretString>) -> Self {
        Self {
            present: digest(present.expose_secret().as_bytes()),
            previous: previous.map(|key| digest(key.expose_secret().as_bytes())),
        }
    }

    /// Whether two shops have a key in common.
    pub(crate) fn meet(&self, other: &Self) -> bool {
        let all = [Some(other.present), other.previous];
        all.iter().flatten().any(|key| self.have(key).into())
    }

    /// Whether `given`, of which this is the digest, is one of the keys. Each is compared, whatever the other says.
    pub(crate) fn have(&self, given: &[u8; 32]) -> Choice {
        let present = self.present.ct_eq(given);
        let previous = self
            .previous
            .map_or(Choice::from(0), |key| key.ct_eq(given));
        present | previous
    }
}

/// The digest of a key that somebody shows.
pub(crate) fn digest(key: &[u8]) -> [u8; 32] {
    Sha256::digest(key).into()
}
