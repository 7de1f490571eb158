//! Base58check: a version byte, 20 bytes and a checksum, as Bitcoin's older addresses and Tron's have it.

use sha2::{Digest, Sha256};

use super::AddressError;

/// Version, hash, checksum.
const LENGTH: usize = 1 + 20 + CHECKSUM;
const CHECKSUM: usize = 4;

/// The version byte of a base58check text of the length addresses have.
pub(super) fn version(text: &str) -> Result<u8, AddressError> {
    // Room to spare, so that a text slightly too long is refused for its length.
    let mut buffer = [0; 2 * LENGTH];
    let found = match bs58::decode(text).onto(&mut buffer) {
        Ok(found) => found,
        Err(bs58::decode::Error::BufferTooSmall) => 2 * LENGTH,
        Err(_) => return Err(AddressError::WrongCharacter),
    };
    if found != LENGTH {
        return Err(AddressError::WrongLength {
            expected: LENGTH,
            found,
        });
    }
    let (payload, checksum) = buffer[..LENGTH].split_at(LENGTH - CHECKSUM);
    if Sha256::digest(Sha256::digest(payload))[..CHECKSUM] != *checksum {
        return Err(AddressError::WrongChecksum);
    }
    Ok(payload[0])
}
