//! The gateway's error codes: one table from which parsing, printing and the documentation come.

use std::fmt;

macro_rules! error_codes {
    ($($variant:ident = $text:literal: $meaning:literal,)*) => {
        /// The `errorCode` of a refusing answer (gateway reference §1.5). Unknown codes are kept as their text.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum GatewayErrorCode {
            $(#[doc = concat!("`", $text, "`: ", $meaning, ".")] $variant,)*
            /// A code the reference does not list, as it came.
            Unknown(String),
        }

        impl GatewayErrorCode {
            /// Every code of the reference, in its order.
            pub const KNOWN: &'static [GatewayErrorCode] = &[$(GatewayErrorCode::$variant,)*];

            /// The code as the gateway writes it, leading zeros included.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }

            /// What the reference says the code means.
            pub fn meaning(&self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)*
                    Self::Unknown(_) => "not in the reference",
                }
            }
        }

        impl From<&str> for GatewayErrorCode {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }
    };
}

error_codes! {
    Internal = "000": "internal server error of the gateway",
    BadRequest = "001": "incorrect input; the message names the field",
    WrongKey = "002": "unknown public API key",
    WrongSign = "003": "the signature does not fit the body",
    NotFound = "004": "the requested object does not exist",
    WrongState = "006": "the invoice is in a state that does not allow this",
    FeeRatioOutOfRange = "009": "fee ratio out of range",
    ForeignWallet = "010": "the wallet does not belong to the company of the user",
    BadTimestamp = "011": "the timestamp is more than three minutes from the gateway's clock",
    WrongPayoutState = "012": "the payout is in a state that does not allow this",
    WrongHotWalletCurrency = "014": "wrong currency of a hot wallet",
    WrongBlockchain = "015": "the currency does not belong to the blockchain of the wallet",
    KeyAlreadyUsed = "016": "the idempotency key exists already, or validation failed",
    OnlyForUnlimited = "028": "the operation is allowed only for unlimited invoices",
}

impl fmt::Display for GatewayErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
