//! Addresses, checked against their network's checksum before anybody is asked to pay to them.

mod base58check;
mod bitcoin_like;
mod evm;
mod ton;
mod tron;

use core::fmt;

use crate::family::Family;
use crate::network::NetworkId;

/// An address that is well-formed on its network's main chain, checksum included.
///
/// The text is canonical: EVM addresses carry their EIP-55 capitals, bech32 addresses are lower-case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    network: NetworkId,
    text: String,
}

/// Why a text is no address of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// The text does not start as this network's addresses do (a missing `0x`, an unknown first character).
    #[error("expected the start of an address of this network, got another")]
    WrongPrefix,
    /// A well-formed address, but of another network or of a test network.
    #[error("expected an address of this network's main chain, got one of another")]
    WrongNetwork,
    /// The address has not the length of its kind, counted in characters or in decoded bytes.
    #[error("expected a length of {expected}, got {found}")]
    WrongLength {
        /// The length of this kind of address.
        expected: usize,
        /// The length there was.
        found: usize,
    },
    /// A character outside the address's alphabet.
    #[error("expected only the characters of this kind of address, got another")]
    WrongCharacter,
    /// Capitals and small letters are mixed where they must not be.
    #[error("expected capitals or small letters, got both")]
    MixedCase,
    /// The checksum does not fit: at least one character is wrong.
    #[error("expected a checksum that fits, got one that does not")]
    WrongChecksum,
    /// A segwit address whose version or program does not exist.
    #[error("expected a witness program that exists, got another")]
    WrongWitness,
}

impl Address {
    /// Reads an address of `network`.
    ///
    /// Accepted are: on EVM chains `0x` and 40 hex digits, either in one case (the capitals are then set as
    /// EIP-55 asks) or with exactly those capitals; Bitcoin P2PKH, P2SH, bech32 and bech32m; Litecoin `L…`,
    /// `M…`, `3…`, `ltc1…`; Dogecoin `D…`, `9…`, `A…`; Tron `T…`; TON's user-friendly form. Test networks are
    /// refused.
    ///
    /// # Errors
    /// The [`AddressError`] that names the first thing wrong.
    pub fn parse(network: NetworkId, text: &str) -> Result<Address, AddressError> {
        let text = match network.network().family {
            Family::BitcoinLike {
                versions, segwit, ..
            } => bitcoin_like::parse(versions, segwit, text)?,
            Family::Evm { .. } => evm::parse(text)?,
            Family::Tron => tron::parse(text)?,
            Family::Ton => ton::parse(text)?,
        };
        Ok(Address { network, text })
    }

    /// The address in its canonical spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The network it was read for.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.network
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
