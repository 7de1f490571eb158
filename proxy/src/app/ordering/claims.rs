//! What an order token says, in the strict form that is taken.

use checkout::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::checkouts::checkout::Order;
use crate::checkouts::links::ShopLinks;
use crate::checkouts::offer::Offer;
use crate::checkouts::price::Price;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::shop_id::ShopId;
use crate::input::merchant_text;
use crate::input::printable::printable;

/// How far ahead a token's end may lie: as far as a payment's.
const LONGEST_DAYS: i64 = 30;
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// How far the clock of the server that has signed may be ahead.
const SKEW_SECONDS: i64 = 5 * 60;

/// The claims as they were written. A claim that is not here is refused, so that one which should limit the token is not passed over (`nbf`,
/// `aud`); so are claims that are there twice, of another type, or null.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    store: String,
    order: String,
    amount: String,
    currency: String,
    /// In seconds since 1970, a whole number.
    exp: u64,
    /// When it was signed. Libraries add it by themselves.
    #[serde(default, deserialize_with = "there")]
    iat: Option<u64>,
    #[serde(default, deserialize_with = "there")]
    description: Option<String>,
    #[serde(default, rename = "returnUrl", deserialize_with = "there")]
    return_url: Option<String>,
}

/// A value that may be left out, but is not null where it is there.
pub(super) fn there<'de, T, D>(value: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(value).map(Some)
}

/// An order as its token says it.
#[derive(Debug, Clone)]
pub(super) struct SignedOrder {
    /// The merchant's own id of it.
    pub(super) id: String,
    pub(super) price: Price,
    pub(super) description: String,
    pub(super) return_url: Option<String>,
    /// Until when a checkout may be made of it.
    pub(super) until: Timestamp,
}

impl SignedOrder {
    /// Checks the claims of a token whose signature was right. Whether its time is over is not asked here.
    ///
    /// # Errors
    /// What is wrong, as a sentence about a claim; [`None`] stands for a token of another store.
    pub(super) fn of(
        claims: Claims,
        shop: &ShopId,
        now: Timestamp,
    ) -> Result<Self, Option<String>> {
        if claims.store != shop.as_str() {
            return Err(None);
        }
        let wrong = |claim: &str, why: &dyn std::fmt::Display| Some(format!("`{claim}` {why}"));
        merchant_text::external_id(&claims.order).map_err(|error| wrong("order", &error))?;
        let price = Price::parse(&claims.amount, &claims.currency);
        let price = price.map_err(|error| Some(error.to_string()))?;
        let until = seconds(claims.exp)
            .filter(|until| *until <= now.plus_seconds(LONGEST_DAYS * DAY_SECONDS))
            .ok_or_else(|| {
                Some(format!(
                    "`exp` must lie at most {LONGEST_DAYS} days ahead, in seconds since 1970"
                ))
            })?;
        if let Some(iat) = claims.iat
            && seconds(iat).is_none_or(|at| at > now.plus_seconds(SKEW_SECONDS))
        {
            return Err(Some(
                "`iat` lies in the future: the clock of the server that signs is ahead".to_owned(),
            ));
        }
        let description = match claims.description {
            Some(text) => {
                merchant_text::description(&text).map_err(|error| wrong("description", &error))?;
                text
            }
            None => format!("Order {}", printable(&claims.order)),
        };
        let link = claims.return_url.as_deref().map(merchant_text::link);
        let return_url = link.transpose();
        let return_url = return_url.map_err(|error| wrong("returnUrl", &error))?;
        Ok(Self {
            id: claims.order,
            price,
            description,
            return_url,
            until,
        })
    }

    /// What a checkout is made of: the order, with what the shop sets for all.
    pub(super) fn into_order(
        self,
        shop: &ShopId,
        currencies: &Offer,
        links: &ShopLinks,
        now: Timestamp,
    ) -> Order {
        let own = ShopLinks {
            return_url: self.return_url,
            ..ShopLinks::default()
        };
        // A page that shows the token in its last minute leaves its buyer the time to pay.
        let usual = now.plus_seconds(DAY_SECONDS);
        Order {
            shop: shop.clone(),
            purpose: Purpose::Payment(self.price),
            description: self.description,
            currencies: currencies.clone(),
            product: None,
            external_id: Some(self.id.clone()),
            signed_order: Some(self.id),
            links: own.or(links),
            expires_at: Some(self.until.max(usual)),
        }
    }
}

fn seconds(since_1970: u64) -> Option<Timestamp> {
    let millis = i64::try_from(since_1970).ok()?.checked_mul(1000)?;
    (millis <= Timestamp::MAX.millis()).then(|| Timestamp::from_millis(millis))
}
