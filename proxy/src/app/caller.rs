//! Who is calling, and which shop's checkouts that caller may reach.

use checkout::RefusalCode;

use crate::checkouts::shop_id::ShopId;
use crate::input::client::Network;
use crate::limits::places::Looker;
use crate::refusal::Refusal;

/// The kinds of callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A merchant's server: it has shown a key of this shop.
    Merchant(ShopId),
    /// A page on an origin of this shop. It has shown nothing.
    Page(ShopId),
    /// A page of the proxy itself, or a program that names no origin. It has shown nothing.
    Nobody,
}

impl Caller {
    /// How the gateway may be read for this caller.
    pub(crate) fn looker(&self, network: Option<Network>) -> Looker {
        match self {
            Self::Merchant(_) => Looker::Counted,
            Self::Page(_) | Self::Nobody => Looker::Page(network),
        }
    }

    /// Whether this caller may do anything with a checkout of this shop. Buyers have nothing but the id, which opens the checkout from
    /// everywhere but another shop's pages and servers.
    ///
    /// # Errors
    /// `checkout_not_found` for another shop's server, which learns nothing of what is stored; `origin_not_allowed` for another shop's
    /// page.
    pub(crate) fn may_reach(&self, shop: &ShopId) -> Result<(), Refusal> {
        match self {
            Self::Merchant(own) if own != shop => Err(Refusal::no_checkout()),
            Self::Page(own) if own != shop => Err(Refusal::new(
                RefusalCode::OriginNotAllowed,
                "this checkout belongs to another store than the page that asks",
            )),
            Self::Merchant(_) | Self::Page(_) | Self::Nobody => Ok(()),
        }
    }
}
