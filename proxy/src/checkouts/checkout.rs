//! A checkout as the proxy keeps it: what is to be paid, by when, in which currencies. It never changes once made.

use checkout::Timestamp;

use super::id::CheckoutId;
use super::links::ShopLinks;
use super::offer::Offer;
use super::purpose::Purpose;
use super::shop_id::ShopId;
use crate::input::network_mark::NetworkMark;

const DAY_SECONDS: i64 = 24 * 60 * 60;
/// How far ahead the gateway lets a widget expire, less a little for clocks that differ (gateway reference §7.3).
const LONGEST_WIDGET_SECONDS: i64 = 30 * 24 * 60 * 60 - 5 * 60;

/// How long checkouts of a kind live.
struct Life {
    /// How many days one lives that names no expiry.
    default_days: i64,
    /// How many days ahead an expiry may lie.
    longest_days: i64,
}

impl Life {
    fn of(purpose: &Purpose) -> Self {
        match purpose {
            Purpose::Payment(_) => Self {
                default_days: 1,
                longest_days: 30,
            },
            // Their addresses do not end by time; a year is when nobody remembers the link any more.
            Purpose::Topup | Purpose::Deposit(_) => Self {
                default_days: 365,
                longest_days: 365,
            },
        }
    }

    fn checked(&self, expires_at: Timestamp, now: Timestamp) -> Result<Timestamp, ExpiryError> {
        if expires_at <= now {
            return Err(ExpiryError::InPast { expires_at, now });
        }
        let latest = now.plus_seconds(self.longest_days * DAY_SECONDS);
        if expires_at > latest {
            return Err(ExpiryError::TooFar {
                expires_at,
                days: self.longest_days,
                latest,
            });
        }
        Ok(expires_at)
    }
}

/// One thing to be paid once, or an address to be paid to again and again.
#[derive(Debug, Clone)]
pub(crate) struct Checkout {
    pub(crate) id: CheckoutId,
    /// The shop it belongs to.
    pub(crate) shop: ShopId,
    /// The product sold, when a page made the checkout from the price list; `None` when the merchant's server made it.
    pub(crate) product: Option<String>,
    /// The order, when a page made the checkout from a token that the merchant's server has signed. A shop has one checkout for each.
    pub(crate) signed_order: Option<String>,
    /// The network whose page made it, where that is known.
    pub(crate) network: Option<NetworkMark>,
    pub(crate) purpose: Purpose,
    pub(crate) description: String,
    pub(crate) currencies: Offer,
    pub(crate) external_id: Option<String>,
    pub(crate) return_url: Option<String>,
    pub(crate) support_url: Option<String>,
    pub(crate) logo_url: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// What a checkout is made of, whoever asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// The shop that is to be paid.
    pub(crate) shop: ShopId,
    pub(crate) purpose: Purpose,
    pub(crate) description: String,
    pub(crate) currencies: Offer,
    /// The product sold, when a page asks for it.
    pub(crate) product: Option<String>,
    /// The order, when a page shows it signed.
    pub(crate) signed_order: Option<String>,
    /// The merchant's own id of the order.
    pub(crate) external_id: Option<String>,
    pub(crate) links: ShopLinks,
    /// By when it is to be paid; `None` for the usual life of its kind.
    pub(crate) expires_at: Option<Timestamp>,
}

/// Why an order cannot end when it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExpiryError {
    /// That time has come already.
    #[error("is {expires_at}, it is {now} already")]
    InPast {
        /// The end asked for.
        expires_at: Timestamp,
        /// The proxy's time.
        now: Timestamp,
    },
    /// Further ahead than a checkout of this kind lives.
    #[error("is {expires_at}, more than {days} days ahead; the latest is {latest}")]
    TooFar {
        /// The end asked for.
        expires_at: Timestamp,
        /// How many days it may lie ahead.
        days: i64,
        /// The latest end.
        latest: Timestamp,
    },
}

impl Checkout {
    /// A new checkout for an order.
    ///
    /// # Errors
    /// [`ExpiryError`]: a payment may end up to 30 days ahead, a top-up and a deposit up to a year.
    pub(crate) fn new(order: Order, now: Timestamp) -> Result<Self, ExpiryError> {
        let life = Life::of(&order.purpose);
        let expires_at = match order.expires_at {
            None => now.plus_seconds(life.default_days * DAY_SECONDS),
            Some(expires_at) => life.checked(expires_at, now)?,
        };
        Ok(Self {
            id: CheckoutId::random(),
            shop: order.shop,
            product: order.product,
            signed_order: order.signed_order,
            network: None,
            purpose: order.purpose,
            description: order.description,
            currencies: order.currencies,
            external_id: order.external_id,
            return_url: order.links.return_url,
            support_url: order.links.support_url,
            logo_url: order.links.logo_url,
            created_at: now,
            expires_at,
        })
    }

    /// Whether a page made it, by a product or by a signed order, and not the merchant's server.
    pub(crate) fn is_of_page(&self) -> bool {
        self.product.is_some() || self.signed_order.is_some()
    }

    /// When a widget made now at the gateway should expire: with its checkout, as far as the gateway allows.
    pub(crate) fn widget_expiration(&self, now: Timestamp) -> Timestamp {
        self.expires_at
            .min(now.plus_seconds(LONGEST_WIDGET_SECONDS))
    }

    /// Whether its time is over.
    pub(crate) fn is_past_expiry(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }
}
