//! The keys a merchant's servers prove themselves with.

use secrecy::SecretString;

use super::scope::Scope;

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
