//! Environment variables that hold secrets: those of the one shop of a simple configuration, and those of each of several.

/// What every environment variable of the proxy begins with.
pub(super) const PREFIX: &str = "CALYPSO_PROXY_";

/// The URL of a PostgreSQL database, which may hold a password.
pub(super) const DATABASE: &str = "CALYPSO_PROXY_DATABASE";

/// The variables of the secrets of one shop.
pub(super) struct SecretVariables {
    pub(super) merchant_key: String,
    pub(super) previous_merchant_key: String,
    pub(super) gateway_secret: String,
    pub(super) attestation_key: String,
}

impl SecretVariables {
    /// Those of a configuration that names no stores.
    pub(super) fn usual() -> Self {
        Self::after(PREFIX)
    }

    /// Those of a store: its name stands in capitals, with underscores for dashes.
    pub(super) fn of_store(name: &str) -> Self {
        let name = name.replace('-', "_").to_uppercase();
        Self::after(&format!("{PREFIX}STORES__{name}__"))
    }

    fn after(prefix: &str) -> Self {
        Self {
            merchant_key: format!("{prefix}MERCHANT_KEY"),
            previous_merchant_key: format!("{prefix}PREVIOUS_MERCHANT_KEY"),
            gateway_secret: format!("{prefix}GATEWAY__SECRET"),
            attestation_key: format!("{prefix}ATTESTATION__KEY"),
        }
    }

    /// Each with the key whose value it holds.
    pub(super) fn by_key(self) -> [(&'static str, String); 4] {
        [
            ("merchant_key", self.merchant_key),
            ("previous_merchant_key", self.previous_merchant_key),
            ("gateway.secret", self.gateway_secret),
            ("attestation.key", self.attestation_key),
        ]
    }
}
