//! The contracts of the tokens in the table of currencies.
//!
//! They stand apart from it because only who writes payment URIs needs them: what is in the table travels to every buyer's phone,
//! and addresses cannot be compressed.

use super::Currency;

/// Code and contract of every token; the contracts are the tokens' published ones.
const CONTRACTS: [(&str, &str); 11] = [
    ("USDT", "0xdAC17F958D2ee523a2206206994597C13D831ec7"),
    ("USDC", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
    ("DAI", "0x6B175474E89094C44Da98b954EedeAC495271d0F"),
    ("FRAX", "0x853d955aCEf822Db058eb8505911ED77F175b99e"),
    ("BUSD_ETH", "0x4Fabb145d64652a948d72533023f6E7A623C7C53"),
    ("USDT_TRX", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
    ("USDC_TRX", "TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8"),
    ("USDT_BSC", "0x55d398326f99059fF775485246999027B3197955"),
    ("BUSD", "0xe9e7CEA3DedcA5984780Bafc599bD69ADd087D56"),
    ("USDT_MATIC", "0xc2132D05D31c914a87C6611C10748AEb04B58e8F"),
    (
        "USDT_TON",
        "EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs",
    ),
];

impl Currency {
    /// The token's contract (on TON the jetton master); `None` for a network's own coin.
    #[must_use]
    pub fn contract(&self) -> Option<&'static str> {
        let token = CONTRACTS.iter().find(|(code, _)| *code == self.code);
        token.map(|(_, contract)| *contract)
    }
}
