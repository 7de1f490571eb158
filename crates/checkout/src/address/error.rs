//! Why a text is no address.

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
