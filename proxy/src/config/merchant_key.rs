//! The keys a merchant's servers prove themselves with.

use secrecy::SecretString;

use super::scope::Scope;
use super::shop::ShopConfig;

/// The name under which the present merchant key of `merchant_key_file` is known.
pub(crate) const PRESENT: &str = "merchant_key";
/// The name of the one before it.
pub(crate) const PREVIOUS: &str = "previous_merchant_key";

/// One key with a name and a scope.
#[derive(Debug, Clone)]
pub struct MerchantKey {
    /// What logs and the audit log call it, such as `till-3`: 1 to 64 of `a-z A-Z 0-9 . _ -`.
    pub name: String,
    /// What it opens.
    pub scope: Scope,
    /// The key, at least [`SHORTEST_MERCHANT_KEY`](super::SHORTEST_MERCHANT_KEY) bytes.
    pub secret: SecretString,
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
