//! TON's user-friendly addresses: flags, workchain, account and CRC-16 in 48 characters of base64 (TEP-2).

use super::AddressError;

const CHARACTERS: usize = 48;
const BYTES: usize = 36;
/// Tag of an address that returns what it cannot process, and of one that does not.
const TAGS: [u8; 2] = [0x11, 0x51];
/// Set in the tag of test network addresses.
const TEST_ONLY: u8 = 0x80;
/// The base chain and the master chain.
const WORKCHAINS: [u8; 2] = [0x00, 0xff];

pub(super) fn parse(text: &str) -> Result<String, AddressError> {
    if text.len() != CHARACTERS {
        return Err(AddressError::WrongLength {
            expected: CHARACTERS,
            found: text.len(),
        });
    }
    let bytes = decode(text)?;
    let (body, checksum) = bytes.split_at(BYTES - 2);
    if crc16(body).to_be_bytes() != *checksum {
        return Err(AddressError::WrongChecksum);
    }
    if body[0] & TEST_ONLY != 0 || !WORKCHAINS.contains(&body[1]) {
        return Err(AddressError::WrongNetwork);
    }
    if !TAGS.contains(&body[0]) {
        return Err(AddressError::WrongPrefix);
    }
    Ok(String::from(text))
}

/// 48 characters of base64 in either alphabet, but not in both.
fn decode(text: &str) -> Result<[u8; BYTES], AddressError> {
    let url_safe = text.contains(['-', '_']);
    let plain = text.contains(['+', '/']);
    if url_safe && plain {
        return Err(AddressError::WrongCharacter);
    }
    let mut bytes = [0; BYTES];
    for (group, bytes) in text.as_bytes().chunks(4).zip(bytes.chunks_mut(3)) {
        let mut value = 0_u32;
        for &character in group {
            value = value << 6 | u32::from(sextet(character)?);
        }
        bytes.copy_from_slice(&value.to_be_bytes()[1..]);
    }
    Ok(bytes)
}

fn sextet(character: u8) -> Result<u8, AddressError> {
    match character {
        b'A'..=b'Z' => Ok(character - b'A'),
        b'a'..=b'z' => Ok(character - b'a' + 26),
        b'0'..=b'9' => Ok(character - b'0' + 52),
        b'+' | b'-' => Ok(62),
        b'/' | b'_' => Ok(63),
        _ => Err(AddressError::WrongCharacter),
    }
}

/// CRC-16/XMODEM: polynomial 0x1021, nothing reflected, starting at zero.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc: u16, _| {
            if crc & 0x8000 == 0 {
                crc << 1
            } else {
                (crc << 1) ^ 0x1021
            }
        })
    })
}
