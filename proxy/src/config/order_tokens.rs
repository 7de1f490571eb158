//! With what the merchant's server signs orders for its pages.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use checkout::words;
use secrecy::{ExposeSecret, SecretString};

use super::secret;
use super::values::Values;

const ALGORITHM: &str = "order_tokens.algorithm";
const KEY_FILE: &str = "order_tokens.key_file";
const PREVIOUS_KEY_FILE: &str = "order_tokens.previous_key_file";
/// The shortest key of HS256, in bytes: that of its digest (RFC 7518 §3.2).
const SHORTEST: usize = 32;

words! {
    /// How order tokens are signed. The configuration says it, and never the token.
    pub enum OrderAlgorithm expecting "HS256 or EdDSA" {
        /// HMAC with SHA-256: the merchant's server and the proxy have one key.
        Hs256 = "HS256",
        /// Ed25519: the proxy has the public key only.
        EdDsa = "EdDSA",
    }
}

/// The algorithm of a shop's order tokens, and the keys that count.
#[derive(Debug, Clone)]
pub struct OrderTokens {
    /// The one algorithm.
    pub algorithm: OrderAlgorithm,
    /// The present key, and the one before it while it still counts. Of HS256 each is the key as text, at least 32 bytes; of EdDSA a public key of
    /// 32 bytes in base64url.
    pub keys: Vec<SecretString>,
}

/// The outer `None` stands for values that cannot be used.
pub(super) fn checked(values: &mut Values, base: &Path) -> Option<Option<OrderTokens>> {
    let given = [ALGORITHM, KEY_FILE, PREVIOUS_KEY_FILE];
    if !given.iter().any(|key| values.was_given(key)) {
        return Some(None);
    }
    let algorithm = values.read(ALGORITHM, |text| {
        text.parse::<OrderAlgorithm>()
            .map_err(|_| "is none of the algorithms: expected HS256 or EdDSA")
    });
    let present = values.required(KEY_FILE);
    let present = present.and_then(|file| key(KEY_FILE, &file, algorithm, base, values));
    let previous = values.text(PREVIOUS_KEY_FILE);
    let previous = match previous {
        None => Some(None),
        Some(file) => key(PREVIOUS_KEY_FILE, &file, algorithm, base, values).map(Some),
    };
    let (algorithm, present, previous) = (algorithm?, present?, previous?);
    if let Some(previous) = &previous
        && previous.expose_secret() == present.expose_secret()
    {
        let reason = "is the present key: expected the one before it, or none";
        values.wrong(PREVIOUS_KEY_FILE, reason);
        return None;
    }
    let keys = std::iter::once(present).chain(previous).collect();
    Some(Some(OrderTokens { algorithm, keys }))
}

fn key(
    name: &'static str,
    file: &str,
    algorithm: Option<OrderAlgorithm>,
    base: &Path,
    values: &mut Values,
) -> Option<SecretString> {
    let key = secret::from_file(name, file, base, values)?;
    let text = key.expose_secret();
    let reason = match algorithm? {
        OrderAlgorithm::Hs256 if text.len() < SHORTEST => format!(
            "is a key of {} bytes, expected at least {SHORTEST}: `openssl rand -hex 32` makes one",
            text.len()
        ),
        OrderAlgorithm::EdDsa if !is_public_key(text) => {
            "is no Ed25519 public key: expected its 32 bytes as 43 characters of base64url"
                .to_owned()
        }
        OrderAlgorithm::Hs256 | OrderAlgorithm::EdDsa => return Some(key),
    };
    values.wrong(name, reason);
    None
}

fn is_public_key(text: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(text)
        .is_ok_and(|bytes| bytes.len() == 32)
}
