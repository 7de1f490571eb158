//! The keys of one shop, wherever they stand, with a complaint about each that cannot be used.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::attestation;
use super::environment::Environment;
use super::events;
use super::gateway::{self, GatewayConfig};
use super::merchant_key::{PRESENT, PREVIOUS};
use super::named_keys::{self, fit_for_a_header};
use super::order_tokens;
use super::origin::Origin;
use super::products;
use super::secret::Secret;
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
        key: PRESENT,
        file_key: "merchant_key_file",
        variable: variables.merchant_key,
        about: "what your own server proves itself with to this proxy, at least 16 characters of your choice",
    };
    let previous = Secret {
        key: PREVIOUS,
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
    let keys = named_keys::checked(values, base);
    let order_tokens = order_tokens::checked(values, base);
    let allowed_origins = origins(values);
    let currencies = currencies(values, "currencies").map(|offer| offer.unwrap_or_else(Offer::all));
    let links = links(values);
    let products = products::checked(values);
    let gateway = gateway::checked(values, base, environment, variables.gateway_secret);
    let mut known: Vec<(&'static str, &SecretString)> = Vec::new();
    let present_ones = merchant_key.iter().map(|key| (PRESENT, key));
    let previous_ones = previous_merchant_key.iter().flatten();
    let previous_ones = previous_ones.map(|key| (PREVIOUS, key));
    let named = keys.iter().flatten().map(|key| ("keys", &key.secret));
    let of_orders = order_tokens
        .iter()
        .flatten()
        .flat_map(|tokens| &tokens.keys);
    let of_orders = of_orders.map(|key| ("order_tokens.key_file", key));
    for (name, key) in present_ones
        .chain(previous_ones)
        .chain(named)
        .chain(of_orders)
    {
        if let Some(gateway) = &gateway {
            apart(name, key, gateway, values);
        }
        let earlier = known
            .iter()
            .find(|(_, known)| known.expose_secret() == key.expose_secret());
        match earlier {
            Some((PRESENT, _)) if name == PREVIOUS => values.wrong(
                PREVIOUS,
                "is the present merchant key: expected the one before it, or none",
            ),
            Some((earlier, _)) => values.wrong(
                name,
                format!(
                    "has a key that `{earlier}` has too: expected one of its own for each name"
                ),
            ),
            None => {}
        }
        known.push((name, key));
    }
    let attestation = attestation::checked(values, base, environment, variables.attestation_key);
    let events = events::checked(values, base);
    if let Some(Some(target)) = &events {
        let keys = known.iter().map(|(_, key)| *key);
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
        keys,
        currencies,
        links,
        products,
        order_tokens,
        gateway,
        attestation,
        events,
    }
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
