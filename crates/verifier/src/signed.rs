//! Something signed: a compact JWS (RFC 7515, section 7.1).

use crate::base64::decode;
use crate::parts::Parts;
use crate::signature;

/// Something signed, of which nothing is believed yet. An empty text is the empty thing that nobody has signed.
pub(crate) struct Signed<'a> {
    message: &'a [u8],
    signature: [u8; 64],
    /// What it says, still encoded.
    pub(crate) payload: &'a [u8],
}

impl<'a> Signed<'a> {
    /// Takes it apart. The header is not looked at: it is signed with the rest, the algorithm is fixed, and an invoice's payload is no
    /// receipt's.
    pub(crate) fn read(jws: &'a [u8]) -> Option<Self> {
        let mut parts = Parts::of(jws, b'.');
        parts.next()?;
        let payload = parts.next().unwrap_or_default();
        let encoded = parts.next().unwrap_or_default();
        let mut signature = [0; 64];
        let is_whole = decode(encoded, &mut signature)?.len() == signature.len();
        if parts.next().is_some() || is_whole == jws.is_empty() {
            return None;
        }
        let length = jws.len().saturating_sub(encoded.len() + 1);
        Some(Self {
            message: jws.get(..length)?,
            signature,
            payload,
        })
    }

    /// Whether it is signed by this key; `None` where the text is no key.
    pub(crate) fn is_signed_by(&self, key: &[u8]) -> Option<bool> {
        let mut bytes = [0; 32];
        if decode(key, &mut bytes)?.len() != bytes.len() {
            return None;
        }
        signature::is_by(&bytes, self.message, &self.signature)
    }
}
