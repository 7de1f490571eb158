//! The signature of the gateway: HMAC-SHA512 over exactly the bytes sent; the one file that reads a secret.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha512;

/// How many hexadecimal digits a signature has: 64 bytes, two digits each.
pub const SIGN_DIGITS: usize = 128;

fn mac(secret: &SecretString) -> Hmac<Sha512> {
    Hmac::<Sha512>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes a key of any length")
}

/// Signs a request body: 128 lower-case hexadecimal digits for the `Sign` header.
///
/// The secret is used as its text and is never hex-decoded; the message is the body as it is sent, byte for
/// byte, so a body must be serialised once and those bytes both signed and sent. Neither path, method nor
/// headers enter the signature (gateway reference §1.3).
///
/// ```
/// let secret = "b823a6b9ea72408583cef9ec8d67fa52".into();
/// assert!(calypso::sign::sign(&secret, br#"{"timestamp":1}"#).starts_with("b16e9d45f49f2069becbc4f108b237be"));
/// ```
pub fn sign(secret: &SecretString, body: &[u8]) -> String {
    hex::encode(mac(secret).chain_update(body).finalize().into_bytes())
}

/// Tells whether `sign` is the signature of `body`, in time that does not depend on where they differ.
///
/// Only the one published spelling passes: exactly 128 lower-case hexadecimal digits. Upper case, white space
/// or a prefix is refused, so that every single changed bit of a header is noticed (gateway reference §1.3, §5.3).
pub fn verify(secret: &SecretString, body: &[u8], sign: &str) -> bool {
    let lower_hex = sign.len() == SIGN_DIGITS
        && sign
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let mut expected = [0_u8; SIGN_DIGITS / 2];
    if !lower_hex || hex::decode_to_slice(sign, &mut expected).is_err() {
        return false;
    }
    mac(secret)
        .chain_update(body)
        .verify_slice(&expected)
        .is_ok()
}

/// Tells whether a secret has no characters at all: such a secret would sign, and prove nothing.
pub(crate) fn is_empty(secret: &SecretString) -> bool {
    secret.expose_secret().is_empty()
}

/// Takes the secret out of a text that came from elsewhere and is about to become part of an error.
pub(crate) fn redact(secret: &SecretString, text: &str) -> String {
    if is_empty(secret) {
        text.to_owned()
    } else {
        text.replace(secret.expose_secret(), "[redacted]")
    }
}
