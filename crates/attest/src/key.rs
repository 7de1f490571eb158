//! Public keys, and whether one of them has signed.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ed25519_dalek::{Signature, VerifyingKey};

use crate::error::KeyError;

/// How many bytes a key has.
const KEY: usize = 32;

/// An Ed25519 public key (RFC 8032) that is fit to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a key as `calypso-proxy attestation key` prints it: 32 bytes in base64url without padding.
    ///
    /// # Errors
    /// [`KeyError`]: another encoding, bytes that are no point, or a point of small order.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut bytes = [0; KEY];
        let decoded = Base64UrlUnpadded::decode(text, &mut bytes);
        if decoded.map_err(|_| KeyError::Encoding)?.len() != KEY {
            return Err(KeyError::Encoding);
        }
        Self::from_bytes(&bytes)
    }

    /// The key with these bytes.
    ///
    /// # Errors
    /// [`KeyError::Point`] and [`KeyError::Weak`].
    pub fn from_bytes(bytes: &[u8; KEY]) -> Result<Self, KeyError> {
        if !is_reduced(bytes) {
            return Err(KeyError::Point);
        }
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Point)?;
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        Ok(Self(key))
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; KEY] {
        self.0.as_bytes()
    }

    /// Whether `signature` is this key's over `message`. Signatures with a number above the group's order, and those whose point is of
    /// small order, are not: whoever knows one signature could make them from it.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

/// Whether the coordinate is below the field's prime 2^255 - 19, so that the point has no second spelling.
fn is_reduced(bytes: &[u8; KEY]) -> bool {
    let (low, rest) = (bytes[0], &bytes[1..KEY - 1]);
    let top = bytes[KEY - 1] & 0x7f;
    low < 0xed || top != 0x7f || rest.iter().any(|byte| *byte != 0xff)
}

#[cfg(test)]
mod tests;
