//! The one table of currencies: codes, names, networks, decimals, contracts. Tests and docs come from it.

use crate::network::{Network, NetworkId};

/// The interval at which an invoice is repriced, in seconds (gateway reference §7.1).
const REPRICE: u32 = 15 * 60;
/// The same for Bitcoin itself.
const REPRICE_BITCOIN: u32 = 60 * 60;
/// The decimals of stablecoin amounts in the gateway's API (gateway reference §6, inferred).
const STABLECOIN_SCALE: u8 = 6;

/// A currency a buyer can pay in: an asset on one network.
#[derive(Debug)]
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
    /// The token's contract (on TON the jetton master); `None` for a network's own coin.
    pub contract: Option<&'static str>,
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
            contract: None,
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
        contract: &'static str,
    ) -> Self {
        Currency {
            code,
            symbol,
            name,
            network,
            network_label: token_label(network),
            decimals,
            scale: STABLECOIN_SCALE,
            contract: Some(contract),
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
/// Contracts are the tokens' published ones; `scale` is inferred there (eight decimals at most, six for
/// stablecoins).
#[rustfmt::skip]
pub static CURRENCIES: &[Currency] = &[
    Currency::coin("BTC", "BTC", "Bitcoin", NetworkId::Bitcoin, 8),
    Currency::coin("LTC", "LTC", "Litecoin", NetworkId::Litecoin, 8),
    Currency::coin("XDG", "DOGE", "Dogecoin", NetworkId::Dogecoin, 8),
    Currency::coin("ETH", "ETH", "Ether", NetworkId::Ethereum, 18),
    Currency::stablecoin("USDT", "USDT", "Tether USD", NetworkId::Ethereum, 6, "0xdAC17F958D2ee523a2206206994597C13D831ec7"),
    Currency::stablecoin("USDC", "USDC", "USD Coin", NetworkId::Ethereum, 6, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
    Currency::stablecoin("DAI", "DAI", "Dai", NetworkId::Ethereum, 18, "0x6B175474E89094C44Da98b954EedeAC495271d0F"),
    Currency::stablecoin("FRAX", "FRAX", "Frax", NetworkId::Ethereum, 18, "0x853d955aCEf822Db058eb8505911ED77F175b99e"),
    Currency::stablecoin("BUSD_ETH", "BUSD", "Binance USD", NetworkId::Ethereum, 18, "0x4Fabb145d64652a948d72533023f6E7A623C7C53"),
    Currency::coin("TRX", "TRX", "Tron", NetworkId::Tron, 6),
    Currency::stablecoin("USDT_TRX", "USDT", "Tether USD", NetworkId::Tron, 6, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
    Currency::stablecoin("USDC_TRX", "USDC", "USD Coin", NetworkId::Tron, 6, "TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8"),
    Currency::coin("BNB", "BNB", "BNB", NetworkId::BnbSmartChain, 18),
    Currency::stablecoin("USDT_BSC", "USDT", "Tether USD", NetworkId::BnbSmartChain, 18, "0x55d398326f99059fF775485246999027B3197955"),
    Currency::stablecoin("BUSD", "BUSD", "Binance USD", NetworkId::BnbSmartChain, 18, "0xe9e7CEA3DedcA5984780Bafc599bD69ADd087D56"),
    Currency::coin("POL", "POL", "Polygon", NetworkId::Polygon, 18),
    // The same coin under its former name.
    Currency::coin("MATIC", "MATIC", "Polygon", NetworkId::Polygon, 18),
    Currency::stablecoin("USDT_MATIC", "USDT", "Tether USD", NetworkId::Polygon, 6, "0xc2132D05D31c914a87C6611C10748AEb04B58e8F"),
    Currency::coin("TON", "TON", "Toncoin", NetworkId::Ton, 9),
    Currency::stablecoin("USDT_TON", "USDT", "Tether USD", NetworkId::Ton, 6, "EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs"),
];
