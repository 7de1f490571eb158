//! What money is sent in.

use checkout::Currency;

/// An asset on a network, in the table's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaidIn {
    /// The asset: `USDT`.
    pub symbol: &'static str,
    /// The network: `Tron (TRC-20)`.
    pub network: &'static str,
}

impl PaidIn {
    /// The words for the currency of that code; empty for a code that is not in the table.
    #[must_use]
    pub fn of(code: &str) -> Self {
        Currency::find(code).map_or_else(Self::default, |currency| Self {
            symbol: currency.asset.symbol,
            network: currency.network_label(),
        })
    }
}
