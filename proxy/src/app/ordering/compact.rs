//! The outer form of a token: three parts of base64url, and a header that says nothing but the algorithm.
//!
//! The library that checks signatures reads more than an order token needs: keys inside the header, critical extensions, unpadded bits. All of
//! that is refused here, before it is asked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::claims::there;

/// The longest token, in bytes. One with the longest of everything has less.
const LONGEST: usize = 8 * 1024;

/// Why a text is no order token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CompactError {
    /// It is longer than any.
    #[error("it has {0} bytes, expected at most {LONGEST}")]
    TooLong(usize),
    /// It has not three parts, none of them empty.
    #[error(
        "expected three parts with a dot between them, as the compact form of a signed JWT has"
    )]
    Parts,
    /// A part has other characters, padding, or bits behind its last byte.
    #[error("its {0} is not base64url without padding, or has another spelling than the shortest")]
    Base64(&'static str),
    /// The header is none of an order token.
    #[error(
        "its header must be a JSON object with `alg`, and at most `typ` and `kid` beside it: {0}"
    )]
    Header(String),
    /// The header names another algorithm than the configuration.
    #[error("its algorithm must be {0}, as the proxy's configuration says")]
    Algorithm(&'static str),
    /// The type is another one.
    #[error("its `typ` must be JWT, or not be there")]
    Type,
}

/// All that a header may say. Keys and places of keys (`jwk`, `jku`, `x5c`, `x5u`), critical extensions (`crit`) and other encodings (`b64`, `zip`,
/// `cty`) are not among it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    #[serde(default, deserialize_with = "there")]
    typ: Option<String>,
    /// Which key it was. Every key is tried, so nothing hangs on it.
    #[serde(default, deserialize_with = "there")]
    #[expect(
        dead_code,
        reason = "libraries write it by themselves; it decides nothing"
    )]
    kid: Option<String>,
}

/// Checks the outer form. Answers with the bytes of the claims, which nobody has vouched for yet.
///
/// # Errors
/// [`CompactError`].
pub(super) fn claims(token: &str, algorithm: &'static str) -> Result<Vec<u8>, CompactError> {
    if token.len() > LONGEST {
        return Err(CompactError::TooLong(token.len()));
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        return Err(CompactError::Parts);
    };
    if parts.iter().any(|part| part.is_empty()) {
        return Err(CompactError::Parts);
    }
    let bytes = decoded(header, "header")?;
    let header: Header = object(&bytes).map_err(|error| CompactError::Header(error.to_string()))?;
    if header.alg != algorithm {
        return Err(CompactError::Algorithm(algorithm));
    }
    if header.typ.is_some_and(|kind| kind != "JWT") {
        return Err(CompactError::Type);
    }
    decoded(signature, "signature")?;
    decoded(claims, "payload")
}

fn decoded(part: &str, name: &'static str) -> Result<Vec<u8>, CompactError> {
    let bytes = URL_SAFE_NO_PAD.decode(part);
    let bytes = bytes.map_err(|_| CompactError::Base64(name))?;
    if URL_SAFE_NO_PAD.encode(&bytes) != part {
        return Err(CompactError::Base64(name));
    }
    Ok(bytes)
}

/// Reads an object. serde takes a list of the fields' values for one as well.
pub(super) fn object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, serde_json::Error> {
    if bytes.first() != Some(&b'{') {
        return Err(serde::de::Error::custom("it does not begin with `{`"));
    }
    serde_json::from_slice(bytes)
}
