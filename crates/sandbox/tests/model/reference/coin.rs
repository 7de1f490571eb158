//! The currencies of the model, and amounts as whole numbers of the smallest unit of their chain.

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A currency, written out from the tables of the gateway reference §6, §7.1 and §7.3.
#[derive(Debug)]
pub(crate) struct Coin {
    pub(crate) code: &'static str,
    /// Decimals on the chain: an amount of the model is a number of units of 10^-decimals.
    pub(crate) decimals: u32,
    /// Decimals of an amount the gateway computes: eight at most, six for stablecoins (§6, inferred).
    pub(crate) scale: u32,
    /// Milliseconds between two repricings: 15 minutes, for BTC an hour (§7.1).
    pub(crate) reprice: i64,
    /// Milliseconds an invoice lives: three hours on TRON, else a day (§7.3).
    pub(crate) life: i64,
    pub(crate) is_evm: bool,
}

pub(crate) static COINS: [Coin; 5] = [
    Coin {
        code: "BTC",
        decimals: 8,
        scale: 8,
        reprice: HOUR,
        life: DAY,
        is_evm: false,
    },
    Coin {
        code: "ETH",
        decimals: 18,
        scale: 8,
        reprice: 15 * MINUTE,
        life: DAY,
        is_evm: true,
    },
    Coin {
        code: "DAI",
        decimals: 18,
        scale: 6,
        reprice: 15 * MINUTE,
        life: DAY,
        is_evm: true,
    },
    Coin {
        code: "USDC",
        decimals: 6,
        scale: 6,
        reprice: 15 * MINUTE,
        life: DAY,
        is_evm: true,
    },
    Coin {
        code: "USDT_TRX",
        decimals: 6,
        scale: 6,
        reprice: 15 * MINUTE,
        life: 3 * HOUR,
        is_evm: false,
    },
];

impl Coin {
    /// Units in one step of the gateway's scale.
    pub(crate) fn step(&self) -> u128 {
        10u128.pow(self.decimals - self.scale)
    }

    /// What has to be paid for `cents` when one coin costs `rate` ten-thousandths: rounded up to the scale (§2.7).
    pub(crate) fn amount_for(&self, cents: u128, rate: u128) -> u128 {
        let steps = (cents * 100 * 10u128.pow(self.scale)).div_ceil(rate);
        steps * self.step()
    }

    /// An amount as decimal text without superfluous digits.
    pub(crate) fn text(&self, units: u128) -> String {
        let one = 10u128.pow(self.decimals);
        let (whole, rest) = (units / one, units % one);
        if rest == 0 {
            return whole.to_string();
        }
        let width = self.decimals as usize;
        format!(
            "{whole}.{}",
            format!("{rest:0width$}").trim_end_matches('0')
        )
    }

    /// The amount a decimal text says; none if it is not one, or finer than the chain.
    pub(crate) fn units(&self, text: &str) -> Option<u128> {
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let padding = (self.decimals as usize).checked_sub(rest.len())?;
        format!("{whole}{rest}{}", "0".repeat(padding)).parse().ok()
    }
}
