//! The table of currencies: an asset on a network, with its code, its decimals and its contract. Tests and docs come from it.

use crate::asset::{
    Asset, BNB, BTC, BUSD, DAI, DOGE, ETH, FRAX, LTC, MATIC, POL, TON, TRX, USDC, USDT,
};
use crate::network::{Network, NetworkId};

/// After how many seconds the amount of an open invoice in a stablecoin is recalculated (gateway reference §7.1).
const REPRICE_STABLECOIN_SECONDS: u32 = 15 * 60;
/// The decimals of stablecoin amounts in the gateway's API (gateway reference §6, inferred).
const STABLECOIN_SCALE: u8 = 6;
/// The most decimals a coin's amounts have in the gateway's API (gateway reference §6, inferred).
const COIN_SCALE: u8 = 8;

/// A currency a buyer can pay in: an asset on one network.
#[derive(Debug, PartialEq, Eq)]
pub struct Currency {
    /// The gateway's code, `USDT_TRX`. The token's home chain has no suffix.
    pub code: &'static str,
    /// What is paid: `USDT`.
    pub asset: &'static Asset,
    /// The network it moves on.
    pub network: NetworkId,
    /// Decimals on the chain: how many digits of one coin exist.
    pub decimals: u8,
    /// Decimals of amounts in the gateway's API; never more than [`decimals`](Self::decimals).
    pub scale: u8,
    /// The token's published contract (on TON the jetton master); `None` for a network's own coin.
    pub contract: Option<&'static str>,
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

    /// The network as buyers know it from their wallets, with the token standard: `Tron (TRC-20)`.
    #[must_use]
    pub fn network_label(&self) -> &'static str {
        let network = self.network();
        if self.contract.is_some() {
            network.token_label
        } else {
            network.name
        }
    }

    /// After how many seconds an open invoice's amount is recalculated from its price.
    #[must_use]
    pub fn reprice_seconds(&self) -> u32 {
        if self.contract.is_some() {
            REPRICE_STABLECOIN_SECONDS
        } else {
            self.network().reprice_seconds()
        }
    }

    /// A network's own coin.
    const fn coin(
        code: &'static str,
        asset: &'static Asset,
        network: NetworkId,
        decimals: u8,
    ) -> Self {
        Currency {
            code,
            asset,
            network,
            decimals,
            scale: if decimals < COIN_SCALE {
                decimals
            } else {
                COIN_SCALE
            },
            contract: None,
        }
    }

    /// A stablecoin that lives in a contract on a network.
    const fn stablecoin(
        code: &'static str,
        asset: &'static Asset,
        network: NetworkId,
        decimals: u8,
        contract: &'static str,
    ) -> Self {
        Currency {
            code,
            asset,
            network,
            decimals,
            scale: STABLECOIN_SCALE,
            contract: Some(contract),
        }
    }
}

/// Every currency of the gateway reference §6, but for `BTC_LNG`: Lightning was seen in version 1.0 only
/// and is paid by an invoice, not at an address.
#[rustfmt::skip]
pub static CURRENCIES: &[Currency] = &[
    Currency::coin("BTC", &BTC, NetworkId::Bitcoin, 8),
    Currency::coin("LTC", &LTC, NetworkId::Litecoin, 8),
    Currency::coin("XDG", &DOGE, NetworkId::Dogecoin, 8),
    Currency::coin("ETH", &ETH, NetworkId::Ethereum, 18),
    Currency::stablecoin("USDT", &USDT, NetworkId::Ethereum, 6, "0xdAC17F958D2ee523a2206206994597C13D831ec7"),
    Currency::stablecoin("USDC", &USDC, NetworkId::Ethereum, 6, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
    Currency::stablecoin("DAI", &DAI, NetworkId::Ethereum, 18, "0x6B175474E89094C44Da98b954EedeAC495271d0F"),
    Currency::stablecoin("FRAX", &FRAX, NetworkId::Ethereum, 18, "0x853d955aCEf822Db058eb8505911ED77F175b99e"),
    Currency::stablecoin("BUSD_ETH", &BUSD, NetworkId::Ethereum, 18, "0x4Fabb145d64652a948d72533023f6E7A623C7C53"),
    Currency::coin("TRX", &TRX, NetworkId::Tron, 6),
    Currency::stablecoin("USDT_TRX", &USDT, NetworkId::Tron, 6, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
    Currency::stablecoin("USDC_TRX", &USDC, NetworkId::Tron, 6, "TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8"),
    Currency::coin("BNB", &BNB, NetworkId::BnbSmartChain, 18),
    Currency::stablecoin("USDT_BSC", &USDT, NetworkId::BnbSmartChain, 18, "0x55d398326f99059fF775485246999027B3197955"),
    Currency::stablecoin("BUSD", &BUSD, NetworkId::BnbSmartChain, 18, "0xe9e7CEA3DedcA5984780Bafc599bD69ADd087D56"),
    Currency::coin("POL", &POL, NetworkId::Polygon, 18),
    Currency::coin("MATIC", &MATIC, NetworkId::Polygon, 18),
    Currency::stablecoin("USDT_MATIC", &USDT, NetworkId::Polygon, 6, "0xc2132D05D31c914a87C6611C10748AEb04B58e8F"),
    Currency::coin("TON", &TON, NetworkId::Ton, 9),
    Currency::stablecoin("USDT_TON", &USDT, NetworkId::Ton, 6, "EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs"),
];
