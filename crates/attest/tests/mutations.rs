//! Nothing that was changed after it was signed is believed: every bit, and 10 000 other changes; as many as `CALYPSO_ATTESTATION_MUTATIONS` says.

#[path = "../examples/mutations/mutants.rs"]
mod mutants;

use std::collections::BTreeMap;

use calypso_attest::{PublicKey, verify};
use mutants::{WAYS, bits, goods, key, mutant, with_bit};

const COUNT: u64 = 10_000;

/// How many other changes are tried.
fn count() -> u64 {
    let wished = std::env::var("CALYPSO_ATTESTATION_MUTATIONS").ok();
    wished.map_or(COUNT, |count| count.parse().expect("a number"))
}

fn keys() -> [PublicKey; 1] {
    let public = key(1).verifying_key();
    [PublicKey::from_bytes(public.as_bytes()).expect("a key")]
}

#[test]
fn what_was_signed_is_believed() {
    for good in goods() {
        assert!(verify(&good.jws, &keys()).is_ok(), "{}", good.jws);
    }
}

#[test]
fn no_bit_can_be_turned() {
    let keys = keys();
    for good in &goods() {
        for part in 0..3 {
            for bit in 0..bits(good, part) {
                let turned = with_bit(good, part, bit);
                assert!(verify(&turned, &keys).is_err(), "{part} {bit}: {turned}");
            }
        }
    }
}

#[test]
fn no_mutant_is_believed() {
    let (keys, goods) = (keys(), goods());
    let mut tried: BTreeMap<&str, u64> = BTreeMap::new();
    for number in 0..count() {
        let (way, jws) = mutant(number, &goods);
        assert!(verify(&jws, &keys).is_err(), "{number}, {way}: {jws}");
        *tried.entry(way).or_default() += 1;
    }
    assert_eq!(tried.len(), WAYS.len());
    assert!(
        tried.values().all(|tried| *tried >= count() / 16),
        "{tried:?}"
    );
}
