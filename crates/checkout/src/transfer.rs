//! A transfer of money: what a buyer is asked to send, and where. Whatever tells a wallet so is made from it.

use crate::address::Address;
use crate::amount::{Amount, AmountError};
use crate::currency::Currency;
use crate::network::NetworkId;

/// What is to be sent: so much of a currency to an address of its network.
///
/// Network and token are those of the currency's row, so a transfer cannot name a token of another network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    currency: &'static Currency,
    to: Address,
    units: Option<u128>,
}

/// Why there is no such transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The address belongs to another network than the currency.
    #[error("expected an address on {expected}, got one on {found}")]
    WrongNetwork {
        /// The currency's network.
        expected: NetworkId,
        /// The address's network.
        found: NetworkId,
    },
    /// The amount is zero.
    #[error("expected an amount above zero, got zero")]
    ZeroAmount,
    /// The amount cannot be sent: it is finer or larger than the currency allows on its chain.
    #[error("expected an amount the chain can carry: {0}")]
    Amount(#[from] AmountError),
}

impl Transfer {
    /// The transfer of `amount` of `currency` to the address `to`.
    ///
    /// # Errors
    /// [`TransferError`]: an address of another network, an amount of zero, or one that is finer than the chain's
    /// smallest unit.
    pub fn new(
        currency: &'static Currency,
        to: Address,
        amount: Amount,
    ) -> Result<Transfer, TransferError> {
        let any = Transfer::of_any_amount(currency, to)?;
        if amount.is_zero() {
            return Err(TransferError::ZeroAmount);
        }
        let units = amount.units_at(currency.decimals)?;
        Ok(Transfer {
            units: Some(units),
            ..any
        })
    }

    /// The transfer of an amount the sender decides on.
    ///
    /// # Errors
    /// [`TransferError::WrongNetwork`]: an address of another network.
    pub fn of_any_amount(
        currency: &'static Currency,
        to: Address,
    ) -> Result<Transfer, TransferError> {
        if to.network() != currency.network {
            return Err(TransferError::WrongNetwork {
                expected: currency.network,
                found: to.network(),
            });
        }
        Ok(Transfer {
            currency,
            to,
            units: None,
        })
    }

    /// The network it is sent on.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.currency.network
    }

    /// The contract of the token that is sent; `None` for the network's own coin.
    #[must_use]
    pub fn token(&self) -> Option<&'static str> {
        self.currency.contract
    }

    /// Where it is sent.
    #[must_use]
    pub fn to(&self) -> &Address {
        &self.to
    }

    /// How many of the chain's smallest units; `None` where the sender decides.
    #[must_use]
    pub fn units(&self) -> Option<u128> {
        self.units
    }

    /// How many decimals the currency has on its chain: so many times ten units are one coin.
    #[must_use]
    pub fn decimals(&self) -> u8 {
        self.currency.decimals
    }
}
