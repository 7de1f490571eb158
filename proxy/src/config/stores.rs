//! The shops of a configuration: the one that the keys above all tables describe, or those of the tables `[[stores]]`.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::environment::Environment;
use super::error::ConfigError;
use super::event_target::EventTarget;
use super::events;
use super::keys::STORE_KEYS;
use super::merchant_key::{PRESENT, PREVIOUS};
use super::one_shop;
use super::origin::{Origin, is_loopback};
use super::shop::ShopDraft;
use super::values::{Table, Values};
use super::variables::SecretVariables;
use crate::checkouts::shop_id::ShopId;

/// Keys above all tables that hold for every store which does not set them itself: how the gateway is reached, and what it can be paid in.
/// Nothing by which a shop is known, and no secret, is among them.
const INHERITED: [&str; 5] = [
    "currencies",
    "gateway.base_url",
    "gateway.pay_url",
    "gateway.timeout_ms",
    "gateway.reads_per_minute",
];

/// Each shop as far as it can be used.
pub(super) fn checked(
    values: &mut Values,
    public_url: Option<&Origin>,
    base: &Path,
    environment: &Environment,
) -> Vec<ShopDraft> {
    if !values.was_given("stores") {
        let (name, variables) = (ShopId::default(), SecretVariables::usual());
        let shop = one_shop::checked(Some(name), variables, values, base, environment);
        return vec![shop];
    }
    refuse_keys_of_one(values, environment);
    let tables = values.tables("stores");
    if tables.is_empty() && values.place("stores").is_some() {
        values.wrong(
            "stores",
            "is an empty list: expected a table [[stores]] for each store, or the keys of the one store above all tables",
        );
    }
    let mut stores = Vec::new();
    for (index, table) in tables.into_iter().enumerate() {
        stores.push(Store::read(index, table, values, base, environment));
    }
    compare(&mut stores, public_url);
    let mut told: HashSet<String> = HashSet::new();
    for store in &mut stores {
        // What is wrong with an inherited value is found once for each store.
        let errors = store.values.errors.drain(..);
        let news = errors.filter(|error| told.insert(error.to_string()));
        values.errors.extend(news);
        values.notes.append(&mut store.values.notes);
        values.files.append(&mut store.values.files);
    }
    stores.into_iter().map(|store| store.draft).collect()
}

/// Complains about keys above all tables that would be one store's, and nobody could tell whose.
fn refuse_keys_of_one(values: &mut Values, environment: &Environment) {
    const WHERE: &str = "belongs to one store: it must stand below the [[stores]] that it is of";
    for key in STORE_KEYS.iter().map(|key| key.name) {
        if values.place(key).is_some() && !INHERITED.contains(&key) {
            values.wrong(key, WHERE);
        }
    }
    for (key, variable) in SecretVariables::usual().by_key() {
        if environment.get(&variable).is_some() {
            let of_store = SecretVariables::of_store("NAME").by_key();
            let instead = of_store.into_iter().find(|(known, _)| *known == key);
            let instead = instead.map(|(_, variable)| variable).unwrap_or_default();
            values.errors.push(ConfigError::Value {
                key: key.to_owned(),
                place: Some(format!("environment variable {variable}")),
                reason: format!(
                    "belongs to one store, and there are [[stores]]: expected {instead} with the store's name"
                ),
            });
        }
    }
}

/// One table, being compared with the others.
struct Store {
    values: Values,
    draft: ShopDraft,
}

impl Store {
    fn read(
        index: usize,
        table: Table,
        outer: &Values,
        base: &Path,
        environment: &Environment,
    ) -> Self {
        let mut values = Values::of(table, format!("stores[{index}]."), STORE_KEYS);
        values.inherit(outer, &INHERITED);
        let written = values.text("name").unwrap_or_default();
        let name = values.read("name", ShopId::parse);
        let variables = SecretVariables::of_store(&written);
        let draft = one_shop::checked(name, variables, &mut values, base, environment);
        Self { values, draft }
    }

    /// How messages about another store name it.
    fn shown(&self) -> String {
        let name = self.draft.name.as_ref();
        name.map_or_else(|| self.values.shown(), |name| format!("`{name}`"))
    }

    /// Its merchant keys, each with the key of the configuration.
    fn merchant_keys(&self) -> impl Iterator<Item = (&'static str, &SecretString)> {
        let previous = self.draft.previous_merchant_key.iter().flatten();
        let present = self.draft.merchant_key.iter();
        let present = present.map(|key| (PRESENT, key));
        let named = self.draft.keys.iter().flatten();
        let named = named.map(|key| ("keys", &key.secret));
        present
            .chain(previous.map(|key| (PREVIOUS, key)))
            .chain(named)
    }
}

/// Complains about whatever two stores have in common, at the later of them.
fn compare(stores: &mut [Store], public_url: Option<&Origin>) {
    let mut names: BTreeMap<ShopId, String> = BTreeMap::new();
    let mut origins: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut accounts: BTreeMap<(Option<String>, String), String> = BTreeMap::new();
    for place in 0..stores.len() {
        let (earlier, rest) = stores.split_at_mut(place);
        let Some(store) = rest.first_mut() else {
            continue;
        };
        let mut complaints: Vec<(&'static str, String)> = Vec::new();
        let shown = store.shown();
        if let Some(name) = store.draft.name.clone()
            && names.insert(name.clone(), shown.clone()).is_some()
        {
            let reason =
                format!("`{name}` is the name of an earlier store: expected one of its own");
            complaints.push(("name", reason));
        }
        for origin in store.draft.allowed_origins.iter().flatten() {
            if Some(origin) == public_url {
                let reason = format!(
                    "{origin} is the proxy's own origin, whose pages show every store's checkouts: leave it out"
                );
                complaints.push(("allowed_origins", reason));
            }
            let known = origins.entry(origin.to_string());
            let (owner, other) = known.or_insert((place, shown.clone()));
            if *owner != place {
                let reason = format!(
                    "{origin} is an origin of the store {other} too: it can belong to one store only"
                );
                complaints.push(("allowed_origins", reason));
            }
        }
        if let Some(gateway) = &store.draft.gateway {
            // The gateway has more than one address, so it is an account whichever of them is written; each sandbox has accounts of its own.
            let sandbox = is_loopback(&gateway.base_url).then(|| gateway.base_url.to_string());
            let account = (sandbox, gateway.account.to_lowercase());
            if let Some(other) = accounts.insert(account, shown) {
                let reason = format!(
                    "is the account of the store {other} too: each store is paid to an account of its own"
                );
                complaints.push(("gateway.account", reason));
            }
        }
        complaints.extend(shared_keys(store, earlier));
        for (key, reason) in complaints {
            store.values.wrong(key, reason);
        }
    }
}

/// Merchant keys that an earlier store has as well, or that another one's gateway knows.
fn shared_keys(store: &Store, earlier: &[Store]) -> Vec<(&'static str, String)> {
    let mut complaints = Vec::new();
    // Two of one name have their variables in common, and that was said of the name.
    let others = earlier
        .iter()
        .filter(|other| other.draft.name != store.draft.name);
    for other in others {
        let shown = other.shown();
        for (name, key) in store.merchant_keys() {
            let key = key.expose_secret();
            let mut known = other.merchant_keys();
            if known.any(|(_, known)| known.expose_secret() == key) {
                let reason = format!(
                    "is a merchant key of the store {shown} too: each store has keys of its own"
                );
                complaints.push((name, reason));
            }
            if is_of_gateway(key, other) {
                complaints.push((name, of_gateway(&shown)));
            }
        }
        if is_signed_alike(store, other) {
            let reason = format!(
                "is the key of the store {shown} too: whoever trusts it would take that store's invoices for this one's"
            );
            complaints.push(("attestation.key_file", reason));
        }
        if sign_alike(store, other) {
            let reason = format!(
                "names a secret of the store {shown} too: whoever believes it would take that store's events for this one's"
            );
            complaints.push(("events.secret_files", reason));
        }
        let mut theirs = other.merchant_keys();
        if theirs.any(|(_, key)| is_of_gateway(key.expose_secret(), store)) {
            let reason = format!(
                "has a key that is a merchant key of the store {shown}: expected one that only the gateway knows"
            );
            complaints.push(("gateway.key", reason));
        }
    }
    complaints
}

/// Whether the facts of both stores' invoices are signed with one key.
fn is_signed_alike(store: &Store, other: &Store) -> bool {
    let signer = |store: &Store| {
        let attestation = store.draft.attestation.as_ref()?.as_ref()?;
        Some(attestation.signer.public().clone())
    };
    signer(store).is_some_and(|key| signer(other) == Some(key))
}

/// Whether events of both stores are signed with one secret, or one's merchant key signs the other's.
fn sign_alike(store: &Store, other: &Store) -> bool {
    let target = |store: &Store| store.draft.events.clone().flatten();
    let (own, theirs) = (target(store), target(other));
    let has = |target: &Option<EventTarget>, store: &Store| {
        let target = target.as_ref();
        target.is_some_and(|target| {
            let mut keys = store.merchant_keys();
            keys.any(|(_, key)| events::signs(target, key))
        })
    };
    let both = own
        .iter()
        .zip(&theirs)
        .any(|(own, theirs)| own.meets(theirs));
    both || has(&own, other) || has(&theirs, store)
}

fn is_of_gateway(key: &str, store: &Store) -> bool {
    let gateway = store.draft.gateway.as_ref();
    gateway.is_some_and(|gateway| {
        let credentials = &gateway.credentials;
        key == credentials.secret.expose_secret() || key == credentials.key
    })
}

fn of_gateway(shown: &str) -> String {
    format!(
        "is one of the gateway's keys of the store {shown}: expected one of your own, which the gateway never sees"
    )
}
