//! Published signatures are taken, and those on which verifiers disagree refused.

use serde_json::Value;

use super::PublicKey;
use crate::error::KeyError;

const VECTORS: &str = include_str!("../../../../tests/vectors/ed25519.json");

fn bytes<const N: usize>(vector: &Value, member: &str) -> [u8; N] {
    hex(vector, member).try_into().expect("of this length")
}

fn hex(vector: &Value, member: &str) -> Vec<u8> {
    let text = vector[member].as_str().expect("a text");
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(digit).collect()
}

#[test]
fn each_vector_is_judged_as_a_strict_verifier_does() {
    let vectors: Value = serde_json::from_str(VECTORS).expect("JSON");
    let vectors = vectors["signatures"].as_array().expect("a list");
    assert!(vectors.len() > 50);
    let mut valid = 0;
    for vector in vectors {
        let key = PublicKey::from_bytes(&bytes(vector, "key"));
        let message = hex(vector, "message");
        let taken = key.is_ok_and(|key| key.has_signed(&message, &bytes(vector, "signature")));
        assert_eq!(Some(taken), vector["valid"].as_bool(), "{}", vector["name"]);
        valid += usize::from(taken);
    }
    assert_eq!(valid, 5, "those of the standards");
}

#[test]
fn a_key_that_anybody_signs_for_is_none() {
    let vectors: Value = serde_json::from_str(VECTORS).expect("JSON");
    let vectors = vectors["signatures"].as_array().expect("a list").iter();
    let weak = vectors.filter(|vector| {
        let name = vector["name"].as_str().expect("a name");
        name.contains("signed by nobody")
    });
    let refused = weak.map(|vector| PublicKey::from_bytes(&bytes(vector, "key")).unwrap_err());
    let refused: Vec<KeyError> = refused.collect();
    let is_weak = |error: &&KeyError| **error == KeyError::Weak;
    // The eight points, two of them with a sign that zero has not; and four spellings that no point has.
    assert_eq!(refused.iter().filter(is_weak).count(), 10, "{refused:?}");
    assert_eq!(refused.len(), 14);
}

#[test]
fn a_key_has_one_spelling() {
    let key = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    assert!(PublicKey::parse(key).is_ok());
    for other in [
        "",
        &key[1..],
        &format!("{key}="),
        &format!("{key}A"),
        &format!(" {key}"),
        &format!("{key}\n"),
        &key.replace('_', "/"),
        // One bit behind the end.
        &key.replace("URo", "URp"),
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    ] {
        assert_eq!(
            PublicKey::parse(other),
            Err(KeyError::Encoding),
            "{other:?}"
        );
    }
}
