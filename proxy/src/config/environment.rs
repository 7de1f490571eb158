//! The environment variables that override the configuration file, and the few that are no key.

use std::collections::BTreeMap;
use std::ffi::OsString;

use secrecy::zeroize::Zeroizing;
use toml::de::DeValue;

use super::error::ConfigError;
use super::file::{fit, wrong_kind};
use super::keys::{KEYS, Kind, nearest, variable};
use super::place::Place;
use super::service_links;
use super::values::{Value, Values};
use super::variables::{PREFIX, SecretVariables};

/// The configuration file's path.
const CONFIG: &str = "CALYPSO_PROXY_CONFIG";
/// How log lines look.
const LOG_FORMAT: &str = "CALYPSO_PROXY_LOG_FORMAT";
/// What [`LOG_FORMAT`] may say.
const LOG_FORMATS: [&str; 2] = ["text", "json"];

/// The variables that begin with `CALYPSO_PROXY_`, without empty ones.
///
/// Some of them may be secrets, so all of these copies are wiped. Those the operating system gave the process stay.
#[derive(Default)]
pub(super) struct Environment {
    set: BTreeMap<String, Zeroizing<String>>,
    /// Names of variables that are there and empty.
    empty: Vec<String>,
    /// Names of variables that hold something other than UTF-8 text.
    not_text: Vec<String>,
}

impl Environment {
    /// The environment of this process.
    pub(super) fn of_process() -> Self {
        Self::of(std::env::vars_os())
    }

    pub(super) fn of(all: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut environment = Self::default();
        for (name, value) in all {
            let name = name.to_string_lossy().into_owned();
            if !name.starts_with(PREFIX) {
                continue;
            }
            match value.into_string() {
                Err(_) => environment.not_text.push(name),
                Ok(value) if value.is_empty() => environment.empty.push(name),
                Ok(value) => {
                    environment.set.insert(name, Zeroizing::new(value));
                }
            }
        }
        environment
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.set.get(name).map(|value| value.as_str())
    }

    /// Whether a variable is there but empty, which counts as not set.
    pub(super) fn is_empty(&self, name: &str) -> bool {
        self.empty.iter().any(|empty| empty == name)
    }

    /// Lays every variable over what the file said.
    pub(super) fn read(&self, values: &mut Values) {
        for name in &self.not_text {
            values.errors.push(ConfigError::Value {
                key: name.clone(),
                place: Some("environment".to_owned()),
                reason: "is not UTF-8 text".to_owned(),
            });
        }
        let mut links = Vec::new();
        for (name, text) in &self.set {
            if name == LOG_FORMAT && !LOG_FORMATS.contains(&text.as_str()) {
                values.errors.push(ConfigError::Value {
                    key: name.clone(),
                    place: Some("environment".to_owned()),
                    reason: format!(
                        "is none of the formats: expected {}",
                        LOG_FORMATS.join(" or ")
                    ),
                });
            }
            if let Some(key) = key_of(name) {
                take(key, name, text, values);
            }
        }
        // Asked only now: each store has variables of its own, and stores may be set by a variable too.
        let apart = apart(values);
        let others = |name: &String| !apart.contains(name) && key_of(name).is_none();
        for name in self.empty.iter().filter(|name| others(name)) {
            values.errors.push(unknown(name, &apart));
        }
        for (name, text) in self.set.iter().filter(|(name, _)| others(name)) {
            if service_links::is_one(name, text) {
                links.push(name.as_str());
            } else {
                values.errors.push(unknown(name, &apart));
            }
        }
        values.notes.extend(service_links::note(&links));
    }
}

fn take(key: &'static super::keys::Key, name: &str, text: &str, values: &mut Values) {
    let place = Place::Variable(name.to_owned());
    let listed = text.trim_start().starts_with('[');
    match key.kind {
        Kind::Text => return values.set(key, Value::Text(text.to_owned()), place),
        Kind::Texts if !listed => {
            let texts = text.split(',').map(|item| item.trim().to_owned());
            return values.set(key, Value::Texts(texts.collect()), place);
        }
        Kind::Number | Kind::Texts | Kind::Products | Kind::Stores | Kind::MerchantKeys => {}
    }
    let mut complaints = Vec::new();
    let parsed = DeValue::parse(text.trim()).ok();
    let fitting = parsed.as_ref().and_then(|value| {
        let at = |_| place.clone();
        fit(key, key.name, value.get_ref(), &place, &at, &mut complaints)
    });
    match (fitting, parsed) {
        (Some(value), _) => values.set(key, value, place),
        (None, Some(value)) => {
            values.broken(key, wrong_kind(key, key.name, &place, value.get_ref()));
        }
        (None, None) => {
            let error = ConfigError::Value {
                key: key.name.to_owned(),
                place: Some(place.to_string()),
                reason: format!("expected {}: {}", key.kind.expected(), key.about),
            };
            values.broken(key, error);
        }
    }
    values.errors.append(&mut complaints);
}

fn key_of(name: &str) -> Option<&'static super::keys::Key> {
    KEYS.iter().find(|key| variable(key.name) == name)
}

/// Variables that are no key of the file: secrets, where the file is, how the log looks.
fn apart(values: &Values) -> Vec<String> {
    // Names that stand in the tables, right or not.
    let stores = values.tables("stores");
    let names = stores.iter().filter_map(|table| table.text("name"));
    let of_stores = names.map(|name| SecretVariables::of_store(&name));
    let secrets = [SecretVariables::usual()].into_iter().chain(of_stores);
    let secrets = secrets.flat_map(SecretVariables::by_key);
    let others = [CONFIG, LOG_FORMAT].map(ToOwned::to_owned);
    secrets
        .map(|(_, variable)| variable)
        .chain(others)
        .collect()
}

fn unknown(name: &str, apart: &[String]) -> ConfigError {
    let variables: Vec<String> = KEYS
        .iter()
        .map(|key| variable(key.name))
        .chain(apart.iter().cloned())
        .collect();
    let rest = |name: &str| name[PREFIX.len()..].to_owned();
    let names: Vec<String> = variables.iter().map(|known| rest(known)).collect();
    let near = nearest(&rest(name), names.iter().map(String::as_str));
    let hint = near.map_or_else(
        || {
            "; the variable of a key is CALYPSO_PROXY_ and the key in capitals, with two underscores for a dot: \
             CALYPSO_PROXY_GATEWAY__BASE_URL"
                .to_owned()
        },
        |near| format!("; did you mean {PREFIX}{near}?"),
    );
    ConfigError::UnknownVariable {
        name: name.to_owned(),
        hint,
    }
}
