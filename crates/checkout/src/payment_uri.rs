//! What the QR code says: a URI that opens a wallet with address and amount filled in.

use crate::address::Address;
use crate::amount::{Amount, AmountError};
use crate::currency::Currency;
use crate::network::NetworkId;

/// Why no payment URI can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UriError {
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

/// The URI by which a wallet is asked to send any amount of `currency` to `address`: that of [`payment_uri`] without the amount.
///
/// # Errors
/// [`UriError::WrongNetwork`]: an address of another network.
pub fn receiving_uri(currency: &Currency, address: &Address) -> Result<String, UriError> {
    on_its_network(currency, address)?;
    Ok(written(currency, address, None))
}

/// The URI by which a wallet is asked to send `amount` of `currency` to `address`.
///
/// - Bitcoin, Litecoin, Dogecoin: BIP-21, `bitcoin:ADDRESS?amount=0.0012`, the amount in coins.
/// - EVM coins: EIP-681, `ethereum:ADDRESS@1?value=1000000000000000`, in the smallest unit, always with the
///   chain id, so that no wallet sends on the wrong chain.
/// - EVM tokens: EIP-681, `ethereum:CONTRACT@1/transfer?address=ADDRESS&uint256=27314000`.
/// - Tron coins and tokens: `tron:ADDRESS?amount=27.314`, in coins. There is no standard, and wallets agree
///   on nothing further; the page says which token to send.
/// - TON: `ton://transfer/ADDRESS?amount=…`, in the smallest unit; tokens with `jetton=CONTRACT`.
///
/// Trailing zeros of the amount are left out.
///
/// # Errors
/// [`UriError`]: an address of another network, an amount of zero, or one that is finer than the chain's
/// smallest unit.
pub fn payment_uri(
    currency: &Currency,
    address: &Address,
    amount: Amount,
) -> Result<String, UriError> {
    on_its_network(currency, address)?;
    if amount.is_zero() {
        return Err(UriError::ZeroAmount);
    }
    let units = Amount::from_units(amount.units_at(currency.decimals)?, 0)?;
    Ok(written(
        currency,
        address,
        Some((amount.normalized(), units)),
    ))
}

/// Put together from its pieces: the machinery behind `format!` would weigh a kilobyte in the widget, and nothing else there needs it.
/// `amount` is in coins and in smallest units.
fn written(currency: &Currency, address: &Address, amount: Option<(Amount, Amount)>) -> String {
    let (network, contract) = (currency.network(), currency.contract());
    let (scheme, address) = (network.uri_scheme(), address.as_str());
    let chain = || {
        let id = network.chain_id().expect("every EVM chain has an id");
        id.to_string()
    };
    let (coins, units) = amount.unzip();
    let (mut uri, name, amount) = match (currency.network, contract) {
        (NetworkId::Bitcoin | NetworkId::Litecoin | NetworkId::Dogecoin | NetworkId::Tron, _) => {
            ([scheme, ":", address].concat(), "?amount=", coins)
        }
        (NetworkId::Ethereum | NetworkId::BnbSmartChain | NetworkId::Polygon, None) => {
            let pay = [scheme, ":", address, "@", &chain()];
            (pay.concat(), "?value=", units)
        }
        (NetworkId::Ethereum | NetworkId::BnbSmartChain | NetworkId::Polygon, Some(contract)) => {
            let call = [
                scheme,
                ":",
                contract,
                "@",
                &chain(),
                "/transfer?address=",
                address,
            ];
            (call.concat(), "&uint256=", units)
        }
        (NetworkId::Ton, None) => {
            let transfer = [scheme, "://transfer/", address];
            (transfer.concat(), "?amount=", units)
        }
        (NetworkId::Ton, Some(contract)) => {
            let transfer = [scheme, "://transfer/", address, "?jetton=", contract];
            (transfer.concat(), "&amount=", units)
        }
    };
    if let Some(amount) = amount {
        uri.push_str(name);
        uri.push_str(&amount.to_string());
    }
    uri
}

fn on_its_network(currency: &Currency, address: &Address) -> Result<(), UriError> {
    if address.network() == currency.network {
        return Ok(());
    }
    Err(UriError::WrongNetwork {
        expected: currency.network,
        found: address.network(),
    })
}
