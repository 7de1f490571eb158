//! The one table of currencies: codes, names, networks, decimals, contracts. Tests and docs come from it.

mod contract;

use crate::network::{Network, NetworkId};

/// The interval at which an invoice is repriced, in seconds (gateway reference §7.1).
const REPRICE: u32 = 15 * 60;
/// The same for Bitcoin itself.
const REPRICE_BITCOIN: u32 = 60 * 60;
/// The decimals of stablecoin amounts in the gateway's API (gateway reference §6, inferred).
const STABLECOIN_SCALE: u8 = 6;

/// A currency a buyer can pay in: an asset on one network.
#[derive(Debug, PartialEq, Eq)]
pub struct Currency {
    /// The gateway's code, `USDT_TRX`. The token's home chain has no suffix.
    pub code: &'static str,
    /// The asset's ticker, `USDT`; the same on every network.
    pub symbol: &'static str,
    /// The asset's name, `Tether USD`; the same on every network.
    pub name: &'static str,
    /// The network it moves on.
    pub network: NetworkId,
    /// The network as buyers know it from their wallets, with the token standard: `Tron (TRC-20)`.
    pub network_label: &'static str,
    /// Decimals on the chain: how many digits of one coin exist.
    pub decimals: u8,
    /// Decimals of amounts in the gateway's API; never more than [`decimals`](Self::decimals).
    pub scale: u8,
    /// After how many seconds an open invoice's amount is recalculated from its price.
    pub reprice_seconds: u32,
}

impl Currency {
    /// The currency with this exact code; codes are upper-case.
    #[must_use]
    pub fn find(code: &str) -> Option<&'static Currency> {
        CURRENCIES.iter().find(|currency| currency.code == code)
    }

    /// The network it moves on.
    #[must_use]
    pub fn network(&self) -> &'static Network {
        self.network.network()
    }

    /// A network's own coin; its API amounts have at most eight decimals.
    const fn coin(
        code: &'static str,
        symbol: &'static str,
        name: &'static str,
        network: NetworkId,
        decimals: u8,
    ) -> Self {
        Currency {
            code,
            symbol,
            name,
            network,
            network_label: coin_label(network),
            decimals,
            scale: if decimals < 8 { decimals } else { 8 },
            reprice_seconds: match network {
                NetworkId::Bitcoin => REPRICE_BITCOIN,
                _ => REPRICE,
            },
        }
    }

    /// A stablecoin that lives in a contract on a network.
    const fn stablecoin(
        code: &'static str,
        symbol: &'static str,
        name: &'static str,
        network: NetworkId,
        decimals: u8,
    ) -> Self {
        Currency {
            code,
            symbol,
            name,
            network,
            network_label: token_label(network),
            decimals,
            scale: STABLECOIN_SCALE,
            reprice_seconds: REPRICE,
        }
    }
}

const fn coin_label(network: NetworkId) -> &'static str {
    match network {
        NetworkId::Bitcoin => "Bitcoin",
        NetworkId::Litecoin => "Litecoin",
        NetworkId::Dogecoin => "Dogecoin",
        NetworkId::Ethereum => "Ethereum",
        NetworkId::BnbSmartChain => "BNB Smart Chain",
        NetworkId::Polygon => "Polygon",
        NetworkId::Tron => "Tron",
        NetworkId::Ton => "TON",
    }
}

/// Polygon's tokens are ERC-20 too, but saying so makes buyers send on Ethereum.
const fn token_label(network: NetworkId) -> &'static str {
    match network {
        NetworkId::Ethereum => "Ethereum (ERC-20)",
        NetworkId::BnbSmartChain => "BNB Smart Chain (BEP-20)",
        NetworkId::Tron => "Tron (TRC-20)",
        NetworkId::Ton => "TON (Jetton)",
        NetworkId::Bitcoin | NetworkId::Litecoin | NetworkId::Dogecoin | NetworkId::Polygon => {
            coin_label(network)
        }
    }
}

/// Every currency of the gateway reference §6, but for `BTC_LNG`: Lightning was seen in version 1.0 only
/// and is paid by an invoice, not at an address.
///
/// `scale` is inferred there (eight decimals at most, six for stablecoins).
#[rustfmt::skip]
pub static CURRENCIES: &[Currency] = &[
    Currency::coin("BTC", "BTC", "Bitcoin", NetworkId::Bitcoin, 8),
    Currency::coin("LTC", "LTC", "Litecoin", NetworkId::Litecoin, 8),
    Currency::coin("XDG", "DOGE", "Dogecoin", NetworkId::Dogecoin, 8),
    Currency::coin("ETH", "ETH", "Ether", NetworkId::Ethereum, 18),
    Currency::stablecoin("USDT", "USDT", "Tether USD", NetworkId::Ethereum, 6),
    Currency::stablecoin("USDC", "USDC", "USD Coin", NetworkId::Ethereum, 6),
    Currency::stablecoin("DAI", "DAI", "Dai", NetworkId::Ethereum, 18),
    Currency::stablecoin("FRAX", "FRAX", "Frax", NetworkId::Ethereum, 18),
    Currency::stablecoin("BUSD_ETH", "BUSD", "Binance USD", NetworkId::Ethereum, 18),
    Currency::coin("TRX", "TRX", "Tron", NetworkId::Tron, 6),
    Currency::stablecoin("USDT_TRX", "USDT", "Tether USD", NetworkId::Tron, 6),
    Currency::stablecoin("USDC_TRX", "USDC", "USD Coin", NetworkId::Tron, 6),
    Currency::coin("BNB", "BNB", "BNB", NetworkId::BnbSmartChain, 18),
    Currency::stablecoin("USDT_BSC", "USDT", "Tether USD", NetworkId::BnbSmartChain, 18),
    Currency::stablecoin("BUSD", "BUSD", "Binance USD", NetworkId::BnbSmartChain, 18),
    Currency::coin("POL", "POL", "Polygon", NetworkId::Polygon, 18),
    // The same coin under its former name.
    Currency::coin("MATIC", "MATIC", "Polygon", NetworkId::Polygon, 18),
    Currency::stablecoin("USDT_MATIC", "USDT", "Tether USD", NetworkId::Polygon, 6),
    Currency::coin("TON", "TON", "Toncoin", NetworkId::Ton, 9),
    Currency::stablecoin("USDT_TON", "USDT", "Tether USD", NetworkId::Ton, 6),
];
