//! A merchant's customer with permanent addresses.

use checkout::{Address, Currency, Timestamp};

use super::shop_id::ShopId;
use crate::input::merchant_text::{self, TextError};

/// The longest id of a customer, in characters.
const MAX_ID: usize = 128;
/// How long an address may be shown after the gateway last named it. The gateway lets go of an unused one after 30 days and then
/// names another (gateway reference §7.3), so each showing asks again; this is for the time when the gateway does not answer.
const TRUSTED_SECONDS: i64 = 24 * 60 * 60;

/// A shop's own id of a customer: 1 to 128 printable characters. Equal ids of two shops are two customers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CustomerId {
    shop: ShopId,
    id: String,
}

impl CustomerId {
    /// Checks an id.
    ///
    /// # Errors
    /// [`TextError`] when it is blank, longer than 128 characters, or holds characters that cannot be seen or turn the reading
    /// direction.
    pub(crate) fn parse(shop: ShopId, id: String) -> Result<Self, TextError> {
        merchant_text::bounded(&id, MAX_ID)?;
        Ok(Self { shop, id })
    }

    /// The shop whose customer it is.
    pub(crate) fn shop(&self) -> &ShopId {
        &self.shop
    }

    /// The id, as the shop's server wrote it.
    pub(crate) fn as_str(&self) -> &str {
        &self.id
    }
}

/// A customer's address for one currency. Those of one family of networks are the same address, because the gateway says so
/// (gateway reference §2.20).
#[derive(Debug, Clone)]
pub(crate) struct Purse {
    pub(crate) customer: CustomerId,
    /// The gateway's id of the customer.
    pub(crate) gateway_id: String,
    pub(crate) currency: &'static Currency,
    pub(crate) address: Address,
    /// When the gateway last named this address.
    pub(crate) confirmed_at: Timestamp,
}

/// A customer whose addresses are looked after, whoever asks.
#[derive(Debug, Clone)]
pub(crate) struct WatchedCustomer {
    pub(crate) customer: CustomerId,
    /// The gateway's id of the customer.
    pub(crate) gateway_id: String,
    /// When an address was last shown to somebody, to the hour.
    pub(crate) shown_at: Timestamp,
}

impl Purse {
    /// Whether the address may be shown: the gateway has named it not long ago.
    pub(crate) fn is_trusted(&self, now: Timestamp) -> bool {
        now < self.trusted_until()
    }

    /// Until when that is, unless the gateway names it again.
    pub(crate) fn trusted_until(&self) -> Timestamp {
        self.confirmed_at.plus_seconds(TRUSTED_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::{CustomerId, ShopId};

    #[test]
    fn ids_are_printable_and_bounded() {
        let parse = |text: String| CustomerId::parse(ShopId::default(), text);
        let good = ["7", "user-7", "Zoë 👩‍👩‍👧", "a@b.example"];
        for text in good {
            assert_eq!(parse(text.to_owned()).unwrap().as_str(), text);
        }
        assert!(parse("é".repeat(128)).is_ok());
        for text in ["", " ", "a\nb", "a\u{0}", "\u{202e}a", &"é".repeat(129)] {
            assert!(parse(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
