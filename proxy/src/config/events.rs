//! The keys `events.…` of one shop: whom the proxy tells of events.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::event_secret::EventSecret;
use super::event_target::EventTarget;
use super::event_url;
use super::secret;
use super::values::Values;
use crate::input::address_space::AllowedNetworks;

const URL: &str = "events.url";
const SECRETS: &str = "events.secret_files";
const NETWORKS: &str = "events.allowed_networks";

/// The target, if one is set. The outer `None` stands for one that cannot be used.
pub(super) fn checked(values: &mut Values, base: &Path) -> Option<Option<EventTarget>> {
    if ![URL, SECRETS, NETWORKS]
        .iter()
        .any(|key| values.was_given(key))
    {
        return Some(None);
    }
    let networks = values.texts(NETWORKS).unwrap_or_default();
    let networks = AllowedNetworks::parse(networks.iter().map(String::as_str));
    let networks = values.said(NETWORKS, networks);
    let secrets = secrets(values, base);
    // With networks that are wrong nobody knows what the URL may be.
    let allowed = networks?;
    let url = values.read(URL, |text| event_url::parse(text, &allowed));
    let target = EventTarget::of(url?, secrets?, allowed);
    values.said(SECRETS, target).map(Some)
}

fn secrets(values: &mut Values, base: &Path) -> Option<Vec<EventSecret>> {
    let files = values.texts(SECRETS);
    let Some(files) = files else {
        if !values.was_broken(SECRETS) {
            values.wrong(
                SECRETS,
                "is missing: expected the path of at least one file with a secret that `calypso-proxy event secret` made",
            );
        }
        return None;
    };
    let mut secrets = Vec::new();
    let mut all = true;
    for file in files {
        let secret = secret::from_file(SECRETS, &file, base, values);
        let secret = secret.and_then(|secret| parsed(&secret, &file, values));
        match secret {
            Some(secret) => secrets.push(secret),
            None => all = false,
        }
    }
    all.then_some(secrets)
}

fn parsed(secret: &SecretString, file: &str, values: &mut Values) -> Option<EventSecret> {
    let parsed = EventSecret::parse(secret.expose_secret());
    let named = parsed.map_err(|error| format!("the secret in {file} {error}"));
    values.said(SECRETS, named)
}

/// Whether a merchant key, or another secret that is text, is one that signs events too.
pub(super) fn signs(target: &EventTarget, text: &SecretString) -> bool {
    let secret = EventSecret::parse(text.expose_secret());
    secret.is_ok_and(|secret| target.secrets().iter().any(|own| own.is(&secret)))
}
