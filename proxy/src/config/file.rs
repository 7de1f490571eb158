//! The configuration file's own shape: every key it may hold, unchecked.

use std::path::Path;

use figment::Figment;
use figment::providers::{Format, Toml};
use serde::Deserialize;

use super::ConfigError;
use super::environment::{Environment, GATEWAY_SECRET, MERCHANT_KEY};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfig {
    pub(super) listen: String,
    pub(super) public_url: String,
    #[serde(default)]
    pub(super) allowed_origins: Vec<String>,
    pub(super) database: String,
    pub(super) assets: Option<String>,
    pub(super) merchant_key_file: Option<String>,
    pub(super) currencies: Vec<String>,
    pub(super) gateway: RawGateway,
    #[serde(default)]
    pub(super) pace: RawPaces,
    #[serde(default)]
    pub(super) limits: RawLimits,
    #[serde(default)]
    pub(super) products: Vec<RawProduct>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGateway {
    pub(super) base_url: String,
    pub(super) pay_url: Option<String>,
    pub(super) account: String,
    pub(super) key: String,
    pub(super) secret_file: Option<String>,
    pub(super) timeout_ms: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPaces {
    pub(super) choosing_ms: Option<u64>,
    pub(super) awaiting_ms: Option<u64>,
    pub(super) moving_ms: Option<u64>,
    pub(super) settled_ms: Option<u64>,
    pub(super) watch_ms: Option<u64>,
    pub(super) rates_ms: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimits {
    pub(super) connections: Option<u64>,
    pub(super) header_timeout_ms: Option<u64>,
    pub(super) body_timeout_ms: Option<u64>,
    pub(super) body_bytes: Option<u64>,
    pub(super) drain_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProduct {
    pub(super) key: String,
    pub(super) price: String,
    pub(super) currency: String,
    pub(super) description: String,
    pub(super) currencies: Option<Vec<String>>,
}

/// Reads the file and lays the environment over it.
pub(super) fn read(path: &Path, environment: &Environment) -> Result<RawConfig, ConfigError> {
    std::fs::File::open(path).map_err(|reason| ConfigError::File {
        path: path.to_owned(),
        reason,
    })?;
    let file = Figment::from(Toml::file_exact(path));
    refuse_secret(&file, "gateway.secret", GATEWAY_SECRET)?;
    refuse_secret(&file, "merchant_key", MERCHANT_KEY)?;
    file.merge(environment)
        .extract()
        .map_err(|error| ConfigError::Shape(Box::new(error)))
}

fn refuse_secret(
    file: &Figment,
    key: &'static str,
    variable: &'static str,
) -> Result<(), ConfigError> {
    match file.find_metadata(key) {
        None => Ok(()),
        Some(metadata) => {
            let source_name = metadata
                .source
                .as_ref()
                .map_or_else(|| metadata.name.to_string(), ToString::to_string);
            Err(ConfigError::SecretInFile {
                key,
                source_name,
                variable,
            })
        }
    }
}
