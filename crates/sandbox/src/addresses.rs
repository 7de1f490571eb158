//! Addresses and transaction hashes as each network writes them: valid, checksummed, drawn from the seed.
//!
//! Nobody has the keys to these addresses. They look real and are not: never send money to them.

use bech32::{Hrp, segwit};
use checkout::{Family, NetworkId};
use sha2::{Digest, Sha256};
use sha3::Keccak256;

use crate::seed::Seed;

const TRON_VERSION: u8 = 0x41;
/// TON: an address that returns what it cannot process, on the base chain.
const TON_PREFIX: [u8; 2] = [0x11, 0x00];

/// The address of the `count`-th `owner` on a network.
pub(crate) fn address(seed: Seed, network: NetworkId, owner: &str, count: u64) -> String {
    let label = format!("address {network} {owner}");
    match network.network().family {
        Family::Evm { .. } => evm(seed.short(&label, count)),
        Family::BitcoinLike {
            segwit: Some(part), ..
        } => witness(part, seed.short(&label, count)),
        Family::BitcoinLike {
            segwit: None,
            versions,
            ..
        } => base58check(versions[0], seed.short(&label, count)),
        Family::Tron => base58check(TRON_VERSION, seed.short(&label, count)),
        Family::Ton => ton(seed.bytes(&label, count)),
    }
}

/// The hash of the `count`-th transaction, as explorers of the network show it.
pub(crate) fn transaction_hash(seed: Seed, network: NetworkId, count: u64) -> String {
    let hash = hex::encode(seed.bytes(&format!("transaction {network}"), count));
    format!("{}{hash}", network.network().family.hash_prefix())
}

/// The one spelling under which an address is looked up. The case of an EVM address is only a checksum.
pub(crate) fn canonical(address: &str) -> String {
    if address.starts_with("0x") || address.starts_with("0X") {
        address.to_ascii_lowercase()
    } else {
        address.to_owned()
    }
}

/// Whether two texts are the same address.
pub(crate) fn same(one: &str, other: &str) -> bool {
    canonical(one) == canonical(other)
}

/// Twenty bytes with the checksum that is hidden in upper and lower case (EIP-55).
fn evm(account: [u8; 20]) -> String {
    let digits = hex::encode(account);
    let hash = hex::encode(Keccak256::digest(&digits));
    let mixed = digits.chars().zip(hash.chars()).map(|(digit, hash)| {
        if hash >= '8' {
            digit.to_ascii_uppercase()
        } else {
            digit
        }
    });
    format!("0x{}", mixed.collect::<String>())
}

/// A pay-to-witness-public-key-hash address (BIP-173).
fn witness(prefix: &str, hash: [u8; 20]) -> String {
    let prefix = Hrp::parse(prefix).expect("the prefixes here are valid");
    segwit::encode(prefix, segwit::VERSION_0, &hash)
        .expect("twenty bytes are a valid program of version 0")
}

fn base58check(version: u8, hash: [u8; 20]) -> String {
    let mut bytes = vec![version];
    bytes.extend(hash);
    let checksum = Sha256::digest(Sha256::digest(&bytes));
    bytes.extend(&checksum[..4]);
    bs58::encode(bytes).into_string()
}

/// A user-friendly address with its CRC-16, in the URL-safe alphabet of base64 (TEP-2).
fn ton(account: [u8; 32]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = TON_PREFIX.to_vec();
    bytes.extend(account);
    let checksum = crc16(&bytes);
    bytes.extend(checksum.to_be_bytes());
    let digits = bytes.chunks(3).flat_map(|group| {
        let group = group
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(ALPHABET[group >> shift & 63]))
    });
    digits.collect()
}

/// CRC-16/XMODEM: polynomial 0x1021, most significant bit first, starting at zero.
fn crc16(bytes: &[u8]) -> u16 {
    let mut crc = 0_u16;
    for byte in bytes {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x1021
            };
        }
    }
    crc
}

#[cfg(test)]
mod tests {
    use checkout::{Address, NETWORKS};

    use super::*;

    #[test]
    fn every_address_is_valid_on_its_network() {
        for network in NETWORKS {
            for count in 0..500 {
                let text = address(Seed(7), network.id, "test", count);
                let parsed = Address::parse(network.id, &text);
                assert_eq!(
                    parsed.as_ref().map(Address::as_str),
                    Ok(text.as_str()),
                    "{}",
                    network.name
                );
            }
        }
    }

    #[test]
    fn a_seed_repeats_and_another_seed_differs() {
        for network in NETWORKS {
            let draw = |seed, count| address(Seed(seed), network.id, "test", count);
            assert_eq!(draw(1, 1), draw(1, 1));
            assert_ne!(draw(1, 1), draw(2, 1));
            assert_ne!(draw(1, 1), draw(1, 2));
        }
    }

    #[test]
    fn published_checksums_come_out() {
        // EIP-55, BIP-173 and the jetton master of USDT on TON.
        let account = hex::decode("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed").unwrap();
        assert_eq!(
            evm(account.try_into().unwrap()),
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
        );
        let program = hex::decode("751e76e8199196d454941c45d1b3a323f1433bd6").unwrap();
        assert_eq!(
            witness("bc", program.try_into().unwrap()),
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
        );
        let usdt = "b113a994b5024a16719f69139328eb759596c38a25f59028b146fecdc3621dfe";
        let account = hex::decode(usdt).unwrap();
        assert_eq!(
            ton(account.try_into().unwrap()),
            "EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs"
        );
    }
}
