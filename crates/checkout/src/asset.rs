//! The table of assets: what a coin or token is called and how it looks, whatever network it moves on.

/// Makes the table from its rows. The widget carries what is a field; the other columns are functions over the same row, which only
/// their callers carry: a tint reaches the buyer in the stylesheet, and whether a token is stable concerns the proxy alone.
macro_rules! assets {
    ($( $symbol:ident { name: $name:literal, sign: $sign:literal, tint: $tint:expr, is_stable: $is_stable:literal } )*) => {
        $(
            #[doc = $name]
            pub(crate) static $symbol: Asset = Asset {
                symbol: stringify!($symbol),
                name: $name,
                sign: $sign,
            };
        )*

        /// Every asset.
        pub static ASSETS: &[&Asset] = &[ $( &$symbol, )* ];

        impl Asset {
            /// The colour of its badge in the widget, `#b5610a`; `None` for the neutral one.
            #[must_use]
            pub fn tint(&self) -> Option<&'static str> {
                match self.symbol {
                    $( stringify!($symbol) => $tint, )*
                    _ => None,
                }
            }

            /// Whether its price follows a government's currency.
            #[must_use]
            pub fn is_stable(&self) -> bool {
                match self.symbol {
                    $( stringify!($symbol) => $is_stable, )*
                    _ => false,
                }
            }
        }
    };
}

/// A coin or a token, on all its networks together.
#[derive(Debug, PartialEq, Eq)]
pub struct Asset {
    /// The ticker, `USDT`.
    pub symbol: &'static str,
    /// The name, `Tether USD`.
    pub name: &'static str,
    /// One character that stands for it in a badge: its own sign, or its first letter.
    pub sign: &'static str,
}

#[rustfmt::skip]
assets! {
    BTC { name: "Bitcoin", sign: "B", tint: Some("#b5610a"), is_stable: false }
    LTC { name: "Litecoin", sign: "Ł", tint: Some("#34507f"), is_stable: false }
    DOGE { name: "Dogecoin", sign: "Ð", tint: Some("#8a6d1d"), is_stable: false }
    ETH { name: "Ether", sign: "Ξ", tint: Some("#4f62b8"), is_stable: false }
    USDT { name: "Tether USD", sign: "₮", tint: Some("#157a5d"), is_stable: true }
    USDC { name: "USD Coin", sign: "$", tint: Some("#2266b3"), is_stable: true }
    DAI { name: "Dai", sign: "D", tint: None, is_stable: true }
    FRAX { name: "Frax", sign: "F", tint: None, is_stable: true }
    BUSD { name: "Binance USD", sign: "$", tint: None, is_stable: true }
    TRX { name: "Tron", sign: "T", tint: Some("#b3202e"), is_stable: false }
    BNB { name: "BNB", sign: "B", tint: Some("#836407"), is_stable: false }
    POL { name: "Polygon", sign: "P", tint: Some("#6b3fc4"), is_stable: false }
    // POL under its former name, which the gateway still has.
    MATIC { name: "Polygon", sign: "M", tint: Some("#6b3fc4"), is_stable: false }
    TON { name: "Toncoin", sign: "T", tint: None, is_stable: false }
}
