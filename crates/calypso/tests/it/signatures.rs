//! Every signature vector of the gateway reference, and what a signature must not be.

use calypso::SecretString;
use calypso::sign::{sign, verify};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    secret: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    bytes: usize,
    body: String,
    sign: String,
}

fn vectors() -> (SecretString, Vec<Vector>) {
    let text = include_str!("../../../../tests/vectors/signatures.json");
    let vectors: Vectors = serde_json::from_str(text).unwrap();
    assert_eq!(vectors.vectors.len(), 4, "§1.3 has three, §5.3 has one");
    (vectors.secret.into(), vectors.vectors)
}

#[test]
fn every_vector_signs_and_verifies() {
    let (secret, vectors) = vectors();
    for Vector {
        name,
        bytes,
        body,
        sign: expected,
    } in vectors
    {
        assert_eq!(body.len(), bytes, "{name}");
        assert_eq!(sign(&secret, body.as_bytes()), expected, "{name}");
        assert!(verify(&secret, body.as_bytes(), &expected), "{name}");
    }
}

#[test]
fn every_flipped_bit_of_body_and_signature_is_noticed() {
    let (secret, vectors) = vectors();
    let vector = &vectors[0];
    for bit in 0..vector.body.len() * 8 {
        let mut body = vector.body.clone().into_bytes();
        body[bit / 8] ^= 1 << (bit % 8);
        assert!(
            !verify(&secret, &body, &vector.sign),
            "bit {bit} of the body"
        );
    }
    for bit in 0..vector.sign.len() * 8 {
        let mut bytes = vector.sign.clone().into_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let Ok(sign) = String::from_utf8(bytes) else {
            continue;
        };
        assert!(
            !verify(&secret, vector.body.as_bytes(), &sign),
            "bit {bit} of the signature"
        );
    }
}

#[test]
fn only_the_published_spelling_is_a_signature() {
    let (secret, vectors) = vectors();
    let Vector { body, sign, .. } = &vectors[0];
    let refused = [
        String::new(),
        sign.to_uppercase(),
        format!(" {sign}"),
        format!("{sign}\n"),
        format!("0x{sign}"),
        sign[..127].to_owned(),
        format!("{sign}0"),
        format!("{sign}{sign}"),
        "é".repeat(64),
        "0".repeat(128),
    ];
    for text in refused {
        assert!(!verify(&secret, body.as_bytes(), &text), "{text:?}");
    }
}

#[test]
fn the_secret_is_text_and_any_text_will_do() {
    let body = b"{}";
    for secret in [
        "b823a6b9ea72408583cef9ec8d67fa52",
        "B823A6B9EA72408583CEF9EC8D67FA52",
        "№",
        &"x".repeat(1000),
    ] {
        let secret = SecretString::from(secret);
        assert!(verify(&secret, body, &sign(&secret, body)));
    }
    let lower = sign(&"b823a6b9ea72408583cef9ec8d67fa52".into(), body);
    assert_ne!(
        lower,
        sign(&"B823A6B9EA72408583CEF9EC8D67FA52".into(), body),
        "the case of the secret counts"
    );
}
