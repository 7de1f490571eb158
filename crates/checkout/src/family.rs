//! The families of networks: those of one family write addresses, payment URIs and transaction hashes alike.

/// How a network writes its addresses, payment URIs and transaction hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Bitcoin and the chains made after it: base58check and segwit addresses, BIP-21 URIs.
    BitcoinLike {
        /// The scheme of its payment URIs: `bitcoin`.
        scheme: &'static str,
        /// The version bytes of its base58check addresses, pay to key hash first.
        versions: &'static [u8],
        /// The human-readable part of its segwit addresses, `bc`, if it has any.
        segwit: Option<&'static str>,
    },
    /// Chains that run the Ethereum Virtual Machine: one account is the same on all of them, and payment URIs follow EIP-681.
    Evm {
        /// The EIP-155 chain id, by which a wallet knows the network. An id of more than 32 bits would be allowed; printing one
        /// would cost every buyer 200 bytes, and no chain of the gateway has one.
        chain_id: u32,
    },
    /// Tron: base58check addresses that start with `T`, and URIs by custom only.
    Tron,
    /// The Open Network: TEP-2 addresses, `ton://transfer` URIs, tokens as jettons.
    Ton,
}

impl Family {
    /// The scheme of payment URIs: `bitcoin`, `ethereum` (for every EVM chain), `tron`, `ton`.
    #[must_use]
    pub const fn uri_scheme(self) -> &'static str {
        match self {
            Family::BitcoinLike { scheme, .. } => scheme,
            Family::Evm { .. } => "ethereum",
            Family::Tron => "tron",
            Family::Ton => "ton",
        }
    }

    /// The EIP-155 chain id, on EVM chains only.
    #[must_use]
    pub const fn chain_id(self) -> Option<u32> {
        match self {
            Family::Evm { chain_id } => Some(chain_id),
            Family::BitcoinLike { .. } | Family::Tron | Family::Ton => None,
        }
    }

    /// What a transaction's hash starts with, before its 64 hexadecimal digits: `0x` on EVM chains, nothing elsewhere.
    #[must_use]
    pub const fn hash_prefix(self) -> &'static str {
        match self {
            Family::Evm { .. } => "0x",
            Family::BitcoinLike { .. } | Family::Tron | Family::Ton => "",
        }
    }
}
