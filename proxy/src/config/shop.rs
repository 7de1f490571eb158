//! The configuration of one of the shops that a proxy serves.

use secrecy::SecretString;

use super::attestation::AttestationConfig;
use super::event_target::EventTarget;
use super::gateway::GatewayConfig;
use super::merchant_key::{MerchantKey, PRESENT, PREVIOUS};
use super::order_tokens::OrderTokens;
use super::origin::Origin;
use super::scope::Scope;
use crate::checkouts::links::ShopLinks;
use crate::checkouts::offer::Offer;
use crate::checkouts::price_list::PriceList;
use crate::checkouts::shop_id::ShopId;

/// One shop: who may speak for it, what it sells, and which gateway account it is paid to.
#[derive(Debug, Clone)]
pub struct ShopConfig {
    /// Its name, under which everything of it is stored.
    pub name: ShopId,
    /// The origins of the merchant's pages that may call the proxy. The proxy's own origin is always allowed.
    pub allowed_origins: Vec<Origin>,
    /// What the merchant's server proves itself with, at least [`SHORTEST_MERCHANT_KEY`](super::SHORTEST_MERCHANT_KEY) bytes.
    pub merchant_key: SecretString,
    /// The key before that one, as long as servers still show it.
    pub previous_merchant_key: Option<SecretString>,
    /// Further keys, each with a name and a scope. Those two above open everything.
    pub keys: Vec<MerchantKey>,
    /// The currencies of a checkout that names none itself.
    pub currencies: Offer,
    /// Where buyers of the price list are led.
    pub links: ShopLinks,
    /// What pages may sell by key.
    pub products: PriceList,
    /// With what its server signs orders for its pages; none where it does not.
    pub order_tokens: Option<OrderTokens>,
    /// The gateway behind the proxy, and the account there.
    pub gateway: GatewayConfig,
    /// What signs the facts of invoices and receipts; without it nothing is signed.
    pub attestation: Option<AttestationConfig>,
    /// The merchant's server that is told of events, if one is.
    pub events: Option<EventTarget>,
}

impl ShopConfig {
    /// Every key of the shop with its name and scope: those of `merchant_key_file` and `previous_merchant_key_file`, which open everything,
    /// and the named ones.
    pub(crate) fn merchant_keys(&self) -> impl Iterator<Item = (&str, Scope, &SecretString)> {
        let present = [(PRESENT, Scope::All, &self.merchant_key)];
        let previous = self.previous_merchant_key.iter();
        let previous = previous.map(|key| (PREVIOUS, Scope::All, key));
        let named = self.keys.iter();
        let named = named.map(|key| (key.name.as_str(), key.scope, &key.secret));
        present.into_iter().chain(previous).chain(named)
    }
}

/// The parts of a [`ShopConfig`], each `None` where something is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct ShopDraft {
    /// [`ShopConfig::name`].
    pub name: Option<ShopId>,
    /// [`ShopConfig::allowed_origins`].
    pub allowed_origins: Option<Vec<Origin>>,
    /// [`ShopConfig::merchant_key`].
    pub merchant_key: Option<SecretString>,
    /// [`ShopConfig::previous_merchant_key`].
    pub previous_merchant_key: Option<Option<SecretString>>,
    /// [`ShopConfig::keys`].
    pub keys: Option<Vec<MerchantKey>>,
    /// [`ShopConfig::currencies`].
    pub currencies: Option<Offer>,
    /// [`ShopConfig::links`].
    pub links: Option<ShopLinks>,
    /// [`ShopConfig::products`].
    pub products: Option<PriceList>,
    /// [`ShopConfig::order_tokens`].
    pub order_tokens: Option<Option<OrderTokens>>,
    /// [`ShopConfig::gateway`].
    pub gateway: Option<GatewayConfig>,
    /// [`ShopConfig::attestation`].
    pub attestation: Option<Option<AttestationConfig>>,
    /// [`ShopConfig::events`].
    pub events: Option<Option<EventTarget>>,
}

impl ShopDraft {
    /// The whole, if no part is missing.
    pub(super) fn whole(self) -> Option<ShopConfig> {
        Some(ShopConfig {
            name: self.name?,
            allowed_origins: self.allowed_origins?,
            merchant_key: self.merchant_key?,
            previous_merchant_key: self.previous_merchant_key?,
            keys: self.keys?,
            currencies: self.currencies?,
            links: self.links?,
            products: self.products?,
            order_tokens: self.order_tokens?,
            gateway: self.gateway?,
            attestation: self.attestation?,
            events: self.events?,
        })
    }
}
