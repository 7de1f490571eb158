//! What the QR code says: a transfer as a URI that opens a wallet with address and amount filled in.

use crate::amount::Amount;
use crate::digits::digits;
use crate::family::Family;
use crate::joined::joined;
use crate::transfer::Transfer;

impl Transfer {
    /// The URI by which a wallet is asked for this transfer.
    ///
    /// - Bitcoin and its kin: BIP-21, `bitcoin:ADDRESS?amount=0.0012`, the amount in coins.
    /// - EVM coins: EIP-681, `ethereum:ADDRESS@1?value=1000000000000000`, in the smallest unit, always with the
    ///   chain id, so that no wallet sends on the wrong chain.
    /// - EVM tokens: EIP-681, `ethereum:CONTRACT@1/transfer?address=ADDRESS&uint256=27314000`.
    /// - Tron coins and tokens: `tron:ADDRESS?amount=27.314`, in coins. There is no standard, and wallets agree
    ///   on nothing further; the page says which token to send.
    /// - TON: `ton://transfer/ADDRESS?amount=…`, in the smallest unit; tokens with `jetton=CONTRACT`.
    ///
    /// Trailing zeros of the amount are left out; where the sender decides on the amount, all of it is.
    ///
    /// Put together from its pieces: the machinery behind `format!` would weigh a kilobyte in the widget, and nothing else there
    /// needs it.
    #[must_use]
    pub fn uri(&self) -> String {
        let family = self.network().network().family;
        let (scheme, address) = (family.uri_scheme(), self.to().as_str());
        let (mut uri, name, scale) = match (family, self.token()) {
            (Family::BitcoinLike { .. } | Family::Tron, _) => {
                (joined(&[scheme, ":", address]), "?amount=", self.decimals())
            }
            (Family::Evm { chain_id }, None) => {
                let pay = [scheme, ":", address, "@", &digits(chain_id.into())];
                (joined(&pay), "?value=", 0)
            }
            (Family::Evm { chain_id }, Some(contract)) => {
                let chain_id = digits(chain_id.into());
                let call = [
                    scheme,
                    ":",
                    contract,
                    "@",
                    &chain_id,
                    "/transfer?address=",
                    address,
                ];
                (joined(&call), "&uint256=", 0)
            }
            (Family::Ton, None) => {
                let transfer = [scheme, "://transfer/", address];
                (joined(&transfer), "?amount=", 0)
            }
            (Family::Ton, Some(contract)) => {
                let transfer = [scheme, "://transfer/", address, "?jetton=", contract];
                (joined(&transfer), "&amount=", 0)
            }
        };
        let amount = self
            .units()
            .and_then(|units| Amount::from_units(units, scale).ok());
        if let Some(amount) = amount {
            uri.push_str(name);
            uri.push_str(&amount.normalized().digits());
        }
        uri
    }
}
