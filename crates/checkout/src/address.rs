//! Addresses, checked against their network's checksum before anybody is asked to pay to them.

mod base58check;
mod bitcoin_like;
mod error;
mod evm;
mod ton;
mod tron;

use core::fmt;

pub use error::AddressError;

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
