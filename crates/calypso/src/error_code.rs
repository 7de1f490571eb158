//! The gateway's error codes: one table from which parsing, printing and the documentation come.

use checkout::words;

macro_rules! error_codes {
    ($($variant:ident = $text:literal: $meaning:literal,)*) => {
        words! {
            /// The `errorCode` of a refusing answer, leading zeros included (gateway reference §1.5). A code the reference does not
            /// list is kept as its text.
            #[non_exhaustive]
            pub open enum GatewayErrorCode {
                $( #[doc = concat!($meaning, ".")] $variant = $text, )*
            }
        }

        impl GatewayErrorCode {
            /// What the reference says the code means.
            pub fn meaning(&self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)*
                    Self::Unknown(_) => "not in the reference",
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
