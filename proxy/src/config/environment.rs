//! The environment variables that override the configuration file.

use std::collections::BTreeMap;

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

const PREFIX: &str = "CALYPSO_PROXY_";

/// Variables that hold secrets; they never go through the configuration's own parser, whose errors quote values.
pub(super) const GATEWAY_SECRET: &str = "CALYPSO_PROXY_GATEWAY__SECRET";
pub(super) const MERCHANT_KEY: &str = "CALYPSO_PROXY_MERCHANT_KEY";

/// Keys that are text even where they look like a number: `000123` is an account, not 123.
const TEXTS: [&str; 3] = ["gateway.key", "gateway.account", "public_url"];

/// The variables that begin with `CALYPSO_PROXY_`, without empty ones.
pub(super) struct Environment(BTreeMap<String, String>);

impl Environment {
    pub(super) fn of_proxy(all: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(
            all.into_iter()
                .filter(|(name, value)| name.starts_with(PREFIX) && !value.is_empty())
                .collect(),
        )
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl Provider for &Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment variable")
            .interpolater(|_, keys| format!("{PREFIX}{}", keys.join("__").to_uppercase()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut dict = Dict::new();
        for (name, text) in &self.0 {
            if name == GATEWAY_SECRET || name == MERCHANT_KEY {
                continue;
            }
            let key = name[PREFIX.len()..].to_lowercase().replace("__", ".");
            let value = if TEXTS.contains(&key.as_str()) {
                Value::from(text.clone())
            } else {
                text.parse::<Value>().unwrap_or_else(|never| match never {})
            };
            merge(&mut dict, &key, value);
        }
        Ok(Map::from([(Profile::Default, dict)]))
    }
}

fn merge(dict: &mut Dict, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            dict.insert(key.to_owned(), value);
        }
        Some((table, rest)) => {
            let inner = dict
                .entry(table.to_owned())
                .or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = inner {
                merge(inner, rest, value);
            }
        }
    }
}
