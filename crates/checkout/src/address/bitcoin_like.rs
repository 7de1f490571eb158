//! Addresses of Bitcoin, Litecoin and Dogecoin: base58check and, where segwit exists, bech32 and bech32m.

use bech32::primitives::decode::{
    CharError, SegwitHrpstring, SegwitHrpstringError, UncheckedHrpstringError,
};

use super::{AddressError, base58check};

/// Which addresses a chain's main network has.
pub(super) struct Chain {
    /// Base58check version bytes: pay to key hash, pay to script hash.
    versions: &'static [u8],
    /// The human-readable part of its segwit addresses.
    segwit: Option<&'static str>,
}

pub(super) const BITCOIN: Chain = Chain {
    versions: &[0x00, 0x05],
    segwit: Some("bc"),
};
/// `3…` is the script version Litecoin shares with Bitcoin, `M…` the one of its own.
pub(super) const LITECOIN: Chain = Chain {
    versions: &[0x30, 0x32, 0x05],
    segwit: Some("ltc"),
};
pub(super) const DOGECOIN: Chain = Chain {
    versions: &[0x1e, 0x16],
    segwit: None,
};

/// Human-readable parts of segwit chains, test networks too, to tell a foreign address from a mistyped one.
const SEGWIT_PARTS: &[&str] = &["bc", "tb", "bcrt", "ltc", "tltc", "rltc"];

impl Chain {
    /// The address in its canonical spelling.
    pub(super) fn parse(&self, text: &str) -> Result<String, AddressError> {
        // No base58check address of these chains starts with such a letter, so this decides the kind.
        let part = SEGWIT_PARTS.iter().find(|part| {
            let start = text.get(..part.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(part))
                && text[part.len()..].starts_with('1')
        });
        if let Some(part) = part {
            check_segwit(text)?;
            if self.segwit != Some(part) {
                return Err(AddressError::WrongNetwork);
            }
            return Ok(text.to_ascii_lowercase());
        }
        let version = base58check::version(text)?;
        if self.versions.contains(&version) {
            Ok(String::from(text))
        } else {
            Err(AddressError::WrongNetwork)
        }
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
