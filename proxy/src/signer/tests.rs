//! Published keys and signatures, and what is no key.

use super::{Signer, SignerError, kid, written};

/// RFC 8037, appendix A.1: `d`.
const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
/// Of the same key, as `openssl genpkey` writes it.
const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";

#[test]
fn the_key_of_rfc_8037_has_its_public_half_and_its_thumbprint() {
    for text in [SEED, PEM, PEM.trim_end(), &PEM.replace('\n', "\r\n")] {
        let signer = Signer::parse(text).unwrap();
        assert_eq!(
            written(signer.public()),
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        );
        assert_eq!(
            kid(signer.public()),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
        let shown = format!("{signer:?}");
        assert!(
            !shown.contains("nWGx") && !shown.contains("157, 97"),
            "{shown}"
        );
    }
}

#[test]
fn what_is_no_key_is_named_and_never_shown() {
    let rsa = "-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAK\n-----END RSA PRIVATE KEY-----\n";
    let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
    let x25519 = PEM.replace("K2Vw", "K2Vu");
    for (text, expected) in [
        ("", SignerError::Form),
        ("secret", SignerError::Form),
        (&format!("{SEED}="), SignerError::Form),
        (&SEED[1..], SignerError::Form),
        (&format!("{SEED}{SEED}"), SignerError::Form),
        (&SEED.replace('_', "/"), SignerError::Form),
        // One bit behind the end.
        (&SEED.replace("f2A", "f2B"), SignerError::Form),
        (rsa, SignerError::OtherKey),
        (public, SignerError::OtherKey),
        (&x25519, SignerError::OtherKey),
        (&PEM[..60], SignerError::OtherKey),
        (&"A".repeat(43), SignerError::Guessable),
        (
            "AQIDBAUGBwgBAgMEBQYHCAECAwQFBgcIAQIDBAUGBwg",
            SignerError::Guessable,
        ),
    ] {
        let said = Signer::parse(text).unwrap_err();
        assert_eq!(said, expected, "{text}");
    }
}

#[test]
fn a_new_seed_is_a_key_and_another_each_time() {
    let (one, other) = (Signer::generate().unwrap(), Signer::generate().unwrap());
    let [one, other] = [one, other].map(|seed| Signer::parse(&seed).unwrap());
    assert_ne!(kid(one.public()), kid(other.public()));
}
