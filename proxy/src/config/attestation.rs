//! The keys `attestation.…` of one shop: what signs the facts of its invoices and its receipts.

use std::path::Path;

use calypso_attest::PublicKey;
use secrecy::ExposeSecret;

use super::environment::Environment;
use super::secret::{self, Secret};
use super::values::Values;
use crate::signer::Signer;

const KEY: &str = "attestation.key";
const KEY_FILE: &str = "attestation.key_file";
const OTHERS: &str = "attestation.other_keys";
/// The most public keys besides the one that signs. Each is tried by whoever verifies.
const MOST_OTHERS: usize = 7;

/// What a shop signs with, and which keys its pages trust besides.
#[derive(Debug, Clone)]
pub struct AttestationConfig {
    /// The key that signs.
    pub signer: Signer,
    /// Public keys that are listed beside its own: the next one, and those before.
    pub other_keys: Vec<PublicKey>,
}

/// The keys, if there is one that signs. The outer `None` stands for what cannot be used.
pub(super) fn checked(
    values: &mut Values,
    base: &Path,
    environment: &Environment,
    variable: String,
) -> Option<Option<AttestationConfig>> {
    let secret = Secret {
        key: KEY,
        file_key: KEY_FILE,
        variable,
        about: "the key that signs what buyers are shown",
    };
    let secret = secret.read_as(fault, base, environment, values);
    let others = others(values);
    let Some(secret) = secret? else {
        if values.was_given(OTHERS) {
            values.wrong(
                OTHERS,
                "lists keys beside one that signs, and there is none: expected `attestation.key_file` too",
            );
            return None;
        }
        return Some(None);
    };
    let signer = values.said(KEY_FILE, Signer::parse(secret.expose_secret()))?;
    let other_keys = others?;
    if other_keys.contains(signer.public()) {
        values.wrong(
            OTHERS,
            "lists the key that signs: expected only keys besides",
        );
        return None;
    }
    Some(Some(AttestationConfig { signer, other_keys }))
}

/// Why a text can be no key, if it cannot. A PEM file has several lines, unlike every other secret.
fn fault(text: &str) -> Option<&'static str> {
    let is_pem = text.starts_with("-----BEGIN ");
    if is_pem { None } else { secret::fault(text) }
}

fn others(values: &mut Values) -> Option<Vec<PublicKey>> {
    let mut keys: Vec<PublicKey> = Vec::new();
    let mut all = true;
    for text in values.texts(OTHERS).unwrap_or_default() {
        match values.said(OTHERS, PublicKey::parse(&text)) {
            Some(key) if keys.contains(&key) => {
                values.wrong(OTHERS, "lists a key twice");
                all = false;
            }
            Some(key) => keys.push(key),
            None => all = false,
        }
    }
    if keys.len() > MOST_OTHERS {
        let found = keys.len();
        values.wrong(
            OTHERS,
            format!("lists {found} keys, expected {MOST_OTHERS} at most"),
        );
        return None;
    }
    all.then_some(keys)
}
