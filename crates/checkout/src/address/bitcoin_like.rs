//! Addresses of Bitcoin, Litecoin and Dogecoin: base58check and, where segwit exists, bech32 and bech32m.

use bech32::primitives::decode::{
    CharError, SegwitHrpstring, SegwitHrpstringError, UncheckedHrpstringError,
};

use super::{AddressError, base58check};

/// Human-readable parts of segwit chains, test networks too, to tell a foreign address from a mistyped one.
const SEGWIT_PARTS: &[&str] = &["bc", "tb", "bcrt", "ltc", "tltc", "rltc"];

/// The address in its canonical spelling, of a chain with these base58check versions and this part of segwit addresses.
pub(super) fn parse(
    versions: &[u8],
    segwit: Option<&str>,
    text: &str,
) -> Result<String, AddressError> {
    // No base58check address of these chains starts with such a letter, so this decides the kind.
    let part = SEGWIT_PARTS.iter().find(|part| {
        let start = text.get(..part.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(part))
            && text[part.len()..].starts_with('1')
    });
    if let Some(part) = part {
        check_segwit(text)?;
        if segwit != Some(part) {
            return Err(AddressError::WrongNetwork);
        }
        return Ok(text.to_ascii_lowercase());
    }
    let version = base58check::version(text)?;
    if versions.contains(&version) {
        Ok(String::from(text))
    } else {
        Err(AddressError::WrongNetwork)
    }
}

/// BIP-173 and BIP-350: alphabet, case, checksum of the version's kind, program length.
fn check_segwit(text: &str) -> Result<(), AddressError> {
    use UncheckedHrpstringError as Unchecked;
    match SegwitHrpstring::new(text) {
        Ok(_) => Ok(()),
        // The part before the separator is a known one, so only its case can be wrong.
        Err(SegwitHrpstringError::Unchecked(
            Unchecked::Char(CharError::MixedCase) | Unchecked::Hrp(_),
        )) => Err(AddressError::MixedCase),
        Err(SegwitHrpstringError::Unchecked(_)) => Err(AddressError::WrongCharacter),
        Err(SegwitHrpstringError::Checksum(_)) => Err(AddressError::WrongChecksum),
        Err(_) => Err(AddressError::WrongWitness),
    }
}
