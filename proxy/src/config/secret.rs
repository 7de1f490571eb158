//! Secrets come from the environment or from a file of their own, never from the configuration file.

use std::path::Path;

use secrecy::SecretString;

use super::ConfigError;
use super::environment::Environment;

/// Reads one secret. The environment wins over the file.
pub(super) fn read(
    key: &'static str,
    variable: &'static str,
    file: Option<&str>,
    base: &Path,
    environment: &Environment,
) -> Result<SecretString, ConfigError> {
    if let Some(secret) = environment.get(variable) {
        return Ok(SecretString::from(secret));
    }
    let Some(file) = file else {
        return Err(ConfigError::SecretMissing { key, variable });
    };
    let path = base.join(file);
    let refuse = |reason: &dyn std::fmt::Display| ConfigError::SecretFile {
        key,
        path: path.clone(),
        reason: reason.to_string(),
    };
    let text = std::fs::read_to_string(&path).map_err(|error| refuse(&error))?;
    let secret = text.strip_suffix('\n').unwrap_or(&text);
    let secret = secret.strip_suffix('\r').unwrap_or(secret);
    if secret.trim().is_empty() {
        return Err(refuse(&"the file is empty"));
    }
    if secret.contains(['\n', '\r']) {
        return Err(refuse(&"the file has more than one line"));
    }
    Ok(SecretString::from(secret))
}
