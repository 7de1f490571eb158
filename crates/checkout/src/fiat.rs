//! The currencies a price can be in: code, symbol and decimals.

/// A government's currency in which a merchant may price.
#[derive(Debug)]
pub struct Fiat {
    /// ISO 4217 code: `EUR`.
    pub code: &'static str,
    /// The usual sign: `€`.
    pub symbol: &'static str,
    /// Its name: `Euro`.
    pub name: &'static str,
    /// How many decimals its prices have at most.
    pub decimals: u8,
}

/// Every fiat currency invoices take (gateway reference §6).
pub static FIATS: &[Fiat] = &[
    Fiat {
        code: "EUR",
        symbol: "€",
        name: "Euro",
        decimals: 2,
    },
    Fiat {
        code: "USD",
        symbol: "$",
        name: "US dollar",
        decimals: 2,
    },
];

impl Fiat {
    /// The currency with this exact, upper-case code.
    #[must_use]
    pub fn find(code: &str) -> Option<&'static Fiat> {
        FIATS.iter().find(|fiat| fiat.code == code)
    }
}
