//! Addresses of Ethereum and its kin: 20 bytes in hex, with EIP-55's capitals as checksum.

use sha3::{Digest, Keccak256};

use super::AddressError;

const DIGITS: usize = 40;

/// The address with EIP-55's capitals.
pub(super) fn parse(text: &str) -> Result<String, AddressError> {
    let digits = text.strip_prefix("0x").ok_or(AddressError::WrongPrefix)?;
    if digits.len() != DIGITS {
        return Err(AddressError::WrongLength {
            expected: DIGITS,
            found: digits.len(),
        });
    }
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(AddressError::WrongCharacter);
    }
    let checksummed = with_checksum(digits);
    let has_capitals = digits.bytes().any(|digit| digit.is_ascii_uppercase());
    let has_small = digits.bytes().any(|digit| digit.is_ascii_lowercase());
    if has_capitals && has_small && checksummed[2..] != *digits {
        return Err(AddressError::WrongChecksum);
    }
    Ok(checksummed)
}

/// EIP-55: a letter is a capital where the Keccak-256 of the lower-case digits has a nibble of 8 or more.
fn with_checksum(digits: &str) -> String {
    let lower = digits.to_ascii_lowercase();
    let hash = Keccak256::digest(lower.as_bytes());
    let mut address = String::from("0x");
    for (at, digit) in lower.chars().enumerate() {
        let byte = hash[at / 2];
        let nibble = if at % 2 == 0 { byte >> 4 } else { byte & 0x0f };
        address.push(if nibble >= 8 {
            digit.to_ascii_uppercase()
        } else {
            digit
        });
    }
    address
}
