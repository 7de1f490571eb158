//! The tables `[[keys]]` of a shop: merchant keys with a name and a scope.

use std::collections::BTreeSet;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::keys::NAMED_KEY_KEYS;
use super::merchant_key::{MerchantKey, PRESENT, PREVIOUS};
use super::scope::Scope;
use super::secret;
use super::settings::SHORTEST_MERCHANT_KEY;
use super::values::Values;

/// The longest name, in characters.
const LONGEST_NAME: usize = 64;

/// The named keys, with a complaint about each that cannot be used.
pub(super) fn checked(values: &mut Values, base: &Path) -> Option<Vec<MerchantKey>> {
    let mut keys = Vec::new();
    let mut names = BTreeSet::new();
    let mut all = true;
    let list = values.named("keys");
    for (index, table) in values.tables("keys").into_iter().enumerate() {
        let mut inner = Values::of(table, format!("{list}[{index}]."), NAMED_KEY_KEYS);
        let key = one(&mut inner, base);
        if let Some(key) = &key
            && !names.insert(key.name.clone())
        {
            inner.wrong(
                "name",
                format!("`{}` is the name of an earlier key", key.name),
            );
        }
        all &= inner.errors.is_empty();
        keys.extend(key);
        values.errors.append(&mut inner.errors);
        values.notes.append(&mut inner.notes);
        values.files.append(&mut inner.files);
    }
    all.then_some(keys)
}

fn one(values: &mut Values, base: &Path) -> Option<MerchantKey> {
    let name = values.read("name", name);
    let scope = values.read("scope", |text| {
        text.parse::<Scope>()
            .map_err(|_| "is none of the scopes: expected create, read or all")
    });
    let file = values.required("key_file");
    let secret = file.and_then(|file| secret::from_file("key_file", &file, base, values));
    let secret = secret.and_then(|key| fit_for_a_header("key_file", key, values));
    Some(MerchantKey {
        name: name?,
        scope: scope?,
        secret: secret?,
    })
}

fn name(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if text.is_empty() || text.len() > LONGEST_NAME || !text.bytes().all(is_plain) {
        return Err(format!(
            "must have 1 to {LONGEST_NAME} characters, each one of a-z A-Z 0-9 . _ -"
        ));
    }
    if [PRESENT, PREVIOUS].contains(&text) {
        return Err(format!(
            "`{text}` is the name of another key: expected one of its own"
        ));
    }
    Ok(text.to_owned())
}

/// The key, unless it is too short, can be guessed, or no header can carry it.
pub(super) fn fit_for_a_header(
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
