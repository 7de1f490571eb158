//! The keys of one shop, wherever they stand, with a complaint about each that cannot be used.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::environment::Environment;
use super::events;
use super::gateway::{self, GatewayConfig};
use super::origin::Origin;
use super::products;
use super::secret::Secret;
use super::settings::SHORTEST_MERCHANT_KEY;
use super::shared_keys::{currencies, links};
use super::shop::ShopDraft;
use super::values::Values;
use super::variables::SecretVariables;
use crate::checkouts::offer::Offer;
use crate::checkouts::shop_id::ShopId;

/// The shop that these values describe.
pub(super) fn checked(
    name: Option<ShopId>,
    variables: SecretVariables,
    values: &mut Values,
    base: &Path,
    environment: &Environment,
) -> ShopDraft {
    let present = Secret {
        key: "merchant_key",
        file_key: "merchant_key_file",
        variable: variables.merchant_key,
        about: "what your own server proves itself with to this proxy, at least 16 characters of your choice",
    };
    let previous = Secret {
        key: "previous_merchant_key",
        file_key: "previous_merchant_key_file",
        variable: variables.previous_merchant_key,
        about: "the merchant key before the present one",
    };
    let merchant_key = present.read(base, environment, values);
    let merchant_key = merchant_key.and_then(|key| fit_for_a_header(present.key, key, values));
    let previous_merchant_key = match previous.read_optional(base, environment, values) {
        Some(Some(key)) => fit_for_a_header(previous.key, key, values).map(Some),
        other => other,
    };
    let allowed_origins = origins(values);
    let currencies = currencies(values, "currencies").map(|offer| offer.unwrap_or_else(Offer::all));
    let links = links(values);
    let products = products::checked(values);
    let gateway = gateway::checked(values, base, environment, variables.gateway_secret);
    if let (Some(key), Some(gateway)) = (&merchant_key, &gateway) {
        apart(present.key, key, gateway, values);
    }
    if let Some(Some(before)) = &previous_merchant_key {
        if let Some(gateway) = &gateway {
            apart(previous.key, before, gateway, values);
        }
        if let Some(key) = &merchant_key
            && key.expose_secret() == before.expose_secret()
        {
            values.wrong(
                previous.key,
                "is the present merchant key: expected the one before it, or none",
            );
        }
    }
    let events = events::checked(values, base);
    if let Some(Some(target)) = &events {
        let previous = previous_merchant_key.iter().flatten();
        let keys = merchant_key.iter().chain(previous);
        let secret = gateway.as_ref().map(|gateway| &gateway.credentials.secret);
        if keys.chain(secret).any(|key| events::signs(target, key)) {
            values.wrong(
                "events.secret_files",
                "names a secret that is a merchant key or the gateway's too: expected one that signs events and nothing else",
            );
        }
    }
    ShopDraft {
        name,
        allowed_origins,
        merchant_key,
        previous_merchant_key,
        currencies,
        links,
        products,
        gateway,
        events,
    }
}

/// The key, unless it is too short, can be guessed, or no header can carry it.
fn fit_for_a_header(
    name: &'static str,
    key: SecretString,
    values: &mut Values,
) -> Option<SecretString> {
    let text = key.expose_secret();
    let mut different: Vec<char> = text.chars().collect();
    different.sort_unstable();
    different.dedup();
    let reason = if text.len() < SHORTEST_MERCHANT_KEY {
        format!(
            "is {} characters long, must have at least {SHORTEST_MERCHANT_KEY} characters",
            text.chars().count()
        )
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds blanks or characters beyond ASCII, which no Authorization header can carry"
            .to_owned()
    } else if different.len() < 5 {
        "repeats a few characters, so it can be guessed: `openssl rand -hex 24` makes a better one"
            .to_owned()
    } else {
        return Some(key);
    };
    values.wrong(name, reason);
    None
}

/// Refuses one secret for two purposes: whoever learns the lesser one would have the greater.
fn apart(
    name: &'static str,
    merchant_key: &SecretString,
    gateway: &GatewayConfig,
    values: &mut Values,
) {
    let key = merchant_key.expose_secret();
    if key == gateway.credentials.secret.expose_secret() || *key == gateway.credentials.key {
        values.wrong(
            name,
            "is one of the gateway's keys: expected one of your own, which the gateway never sees",
        );
    }
}

fn origins(values: &mut Values) -> Option<Vec<Origin>> {
    let mut origins = Vec::new();
    let mut all = true;
    for text in values.texts("allowed_origins").unwrap_or_default() {
        match values.said("allowed_origins", Origin::parse(&text)) {
            Some(origin) => origins.push(origin),
            None => all = false,
        }
    }
    all.then_some(origins)
}
