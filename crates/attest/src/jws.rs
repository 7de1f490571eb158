//! A compact JWS (RFC 7515 §7.1) in the one spelling that is written here.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use checkout::joined;

use crate::error::AttestationError;
use crate::key::PublicKey;

/// What a signature is about. It stands in the header (`typ`), so that a receipt is never taken for an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An invoice that waits to be paid.
    Invoice,
    /// A payment that is completed.
    Receipt,
}

impl Kind {
    /// The header's `typ`.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Kind::Invoice => "calypso-invoice",
            Kind::Receipt => "calypso-receipt",
        }
    }

    /// The payload, if it is of this kind.
    pub(crate) fn of(self, (kind, payload): (Kind, String)) -> Result<String, AttestationError> {
        if kind != self {
            return Err(AttestationError::Kind {
                expected: self.typ(),
            });
        }
        Ok(payload)
    }
}

/// Nothing that is signed is longer. A receipt with a hundred transactions has 20 kB.
const LONGEST: usize = 64 * 1024;
/// How many characters a `kid` has: 32 bytes in base64url.
const KID: usize = 43;
/// What stands before the `kid`.
const BEFORE_KID: &str = r#"{"alg":"EdDSA","kid":""#;
/// What stands between `kid` and `typ`.
const BEFORE_TYP: &str = r#"","typ":""#;
/// What stands behind the `typ`.
const END: &str = r#""}"#;

/// What is signed: header and payload, encoded, with a point between them. `kid` is the key's thumbprint (RFC 7638).
#[must_use]
pub fn signing_input(kind: Kind, kid: &str, payload: &str) -> String {
    let header = joined(&[BEFORE_KID, kid, BEFORE_TYP, kind.typ(), END]);
    let encoded = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    joined(&[&encoded(&header), ".", &encoded(payload)])
}

/// The payload of `jws` and what it is about, if one of `keys` has signed it.
pub(crate) fn verified(jws: &str, keys: &[PublicKey]) -> Result<(Kind, String), AttestationError> {
    if keys.is_empty() {
        return Err(AttestationError::NoKey);
    }
    if jws.len() > LONGEST {
        return Err(AttestationError::TooLong {
            most: LONGEST,
            found: jws.len(),
        });
    }
    let (signed, signature) = jws.rsplit_once('.').ok_or(AttestationError::Parts)?;
    let (header, payload) = signed.split_once('.').ok_or(AttestationError::Parts)?;
    if payload.contains('.') {
        return Err(AttestationError::Parts);
    }
    let header = decoded(header, "header")?;
    let kind = kind(&header).ok_or(AttestationError::Header)?;
    let payload = decoded(payload, "payload")?;
    let signature = decoded(signature, "signature")?;
    let signature: [u8; 64] = signature
        .try_into()
        .map_err(|_| AttestationError::Encoding { part: "signature" })?;
    // The thumbprint in the header only says which key to look for. It costs a second digest to hold it against each key, and with as
    // many keys as a rotation has, asking each of them is as cheap.
    let mut keys = keys.iter();
    if !keys.any(|key| key.has_signed(signed.as_bytes(), &signature)) {
        return Err(AttestationError::Signature);
    }
    let payload = String::from_utf8(payload);
    let payload = payload.map_err(|_| AttestationError::Encoding { part: "payload" })?;
    Ok((kind, payload))
}

fn decoded(text: &str, part: &'static str) -> Result<Vec<u8>, AttestationError> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| AttestationError::Encoding { part })
}

/// What a header with some `kid` says the payload is about; `None` for any other header.
fn kind(header: &[u8]) -> Option<Kind> {
    let is_of_kid = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let rest = header.strip_prefix(BEFORE_KID.as_bytes())?;
    let (kid, rest) = rest.split_at_checked(KID)?;
    if !kid.iter().all(is_of_kid) {
        return None;
    }
    let typ = rest.strip_prefix(BEFORE_TYP.as_bytes())?;
    let typ = typ.strip_suffix(END.as_bytes())?;
    let mut kinds = [Kind::Invoice, Kind::Receipt].into_iter();
    kinds.find(|kind| kind.typ().as_bytes() == typ)
}

#[cfg(test)]
mod tests;
