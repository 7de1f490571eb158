//! The configuration file: its TOML, read leniently, so that all mistakes are found at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use secrecy::zeroize::Zeroizing;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::keys::{self, KEYS, Key, Kind, nearest};
use super::place::Place;
use super::values::{Set, Table, Value, Values};
use super::variables::SecretVariables;
use super::wiped;
use crate::input::printable::printable;

/// The longest configuration file that is read.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Reads the file's text. No secret belongs there, but one may have been written there by mistake.
///
/// # Errors
/// [`ConfigError::File`] when it is no readable file of UTF-8 text.
pub(super) fn text(path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    let mut text =
        wiped::text(path, MOST_BYTES, "a TOML file").map_err(|reason| ConfigError::File {
            path: path.to_owned(),
            reason,
        })?;
    // Editors on Windows put a byte order mark there; it changes nothing.
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

/// Takes every value of the file's text. Whether it is TOML at all.
pub(super) fn read(file: &Arc<str>, text: &str, values: &mut Values) -> bool {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What was read of such a file is not what somebody meant, so nothing more is said about it.
        values
            .errors
            .extend(errors.iter().map(|error| syntax(file, text, error)));
        return false;
    }
    let lines = Lines { file, text };
    let mut found = Vec::new();
    flatten(table.get_ref(), "", KEYS, &mut found);
    for (name, at, value) in found {
        take(&name, lines.at(at), value, &lines, values);
    }
    true
}

fn syntax(file: &Arc<str>, text: &str, error: &toml::de::Error) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    ConfigError::Syntax {
        place: Place::Line(Arc::clone(file), before.matches('\n').count() + 1).to_string(),
        column: before[line_start..].chars().count() + 1,
        reason: without_quotes(error.message(), line),
    }
}

/// The parser's message, unless it quotes something of the line.
fn without_quotes(message: &str, line: &str) -> String {
    let quoted = message.split('`').skip(1).step_by(2);
    let mut pieces = quoted.filter(|piece| piece.chars().count() > 2);
    if pieces.any(|piece| line.contains(piece)) {
        return "something else was expected here".to_owned();
    }
    message.lines().collect::<Vec<_>>().join("; ")
}

/// Turns a position in the text into a place.
struct Lines<'a> {
    file: &'a Arc<str>,
    text: &'a str,
}

impl Lines<'_> {
    fn at(&self, position: usize) -> Place {
        let before = self.text.get(..position).unwrap_or_default();
        Place::Line(Arc::clone(self.file), before.matches('\n').count() + 1)
    }
}

/// All values below the tables there are, in the order of the text.
fn flatten<'a>(
    table: &'a DeTable<'a>,
    prefix: &str,
    keys: &'static [Key],
    found: &mut Vec<(String, usize, &'a Spanned<DeValue<'a>>)>,
) {
    let first = found.len();
    for (key, value) in table {
        let name = format!("{prefix}{}", key.get_ref());
        let is_table = keys.iter().any(|known| {
            let rest = known.name.strip_prefix(name.as_str());
            rest.is_some_and(|rest| rest.starts_with('.'))
        });
        match value.get_ref() {
            DeValue::Table(inner) if is_table => {
                flatten(inner, &format!("{name}."), keys, found);
            }
            _ => found.push((name, key.span().start, value)),
        }
    }
    if prefix.is_empty() {
        found[first..].sort_by_key(|(_, at, _)| *at);
    }
}

fn take(
    name: &str,
    place: Place,
    value: &Spanned<DeValue<'_>>,
    lines: &Lines<'_>,
    values: &mut Values,
) {
    if let Some(error) = secret_in_file("", name, &place, SecretVariables::usual()) {
        values.errors.push(error);
        return;
    }
    let Some(key) = keys::find(KEYS, name) else {
        values.errors.push(unknown(name, &place, KEYS));
        return;
    };
    let mut complaints = Vec::new();
    match fit(
        key,
        key.name,
        value.get_ref(),
        &place,
        &|at| lines.at(at),
        &mut complaints,
    ) {
        Some(value) => values.set(key, value, place),
        None => values.broken(key, wrong_kind(key, key.name, &place, value.get_ref())),
    }
    values.errors.append(&mut complaints);
}

/// The complaint about a secret that stands in the file itself.
fn secret_in_file(
    prefix: &str,
    name: &str,
    place: &Place,
    variables: SecretVariables,
) -> Option<ConfigError> {
    let mut secrets = variables.by_key().into_iter();
    let (key, variable) = secrets.find(|(key, _)| *key == name)?;
    Some(ConfigError::SecretInFile {
        key: format!("{prefix}{key}"),
        place: place.to_string(),
        variable,
    })
}

/// The complaint about a key that there is not.
pub(super) fn unknown(name: &str, place: &Place, keys: &'static [Key]) -> ConfigError {
    let near = nearest(name, keys.iter().map(|key| key.name));
    let hint = match near {
        Some(near) if !near.contains('.') && name.ends_with(&format!(".{near}")) => {
            format!("; `{near}` must stand above the first line with a table such as [gateway]")
        }
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!(
            "; there are {}",
            keys.iter()
                .map(|key| format!("`{}`", key.name))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    ConfigError::UnknownKey {
        key: printable(name),
        place: place.to_string(),
        hint,
    }
}

/// The complaint about a value of another kind, without the value.
pub(super) fn wrong_kind(key: &Key, name: &str, place: &Place, value: &DeValue<'_>) -> ConfigError {
    ConfigError::Value {
        key: name.to_owned(),
        place: Some(place.to_string()),
        reason: format!(
            "is {}, expected {}: {}",
            kind_of(value),
            key.kind.expected(),
            key.about
        ),
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The value, if it is of the key's kind. Mistakes inside the tables of a list are added to `complaints`.
pub(super) fn fit(
    key: &Key,
    name: &str,
    value: &DeValue<'_>,
    place: &Place,
    at: &dyn Fn(usize) -> Place,
    complaints: &mut Vec<ConfigError>,
) -> Option<Value> {
    match (key.kind, value) {
        (Kind::Text, DeValue::String(text)) => Some(Value::Text(text.to_string())),
        (Kind::Number, DeValue::Integer(number)) => {
            let digits: String = number.as_str().chars().filter(|c| *c != '_').collect();
            i128::from_str_radix(&digits, number.radix())
                .ok()
                .map(Value::Number)
        }
        (Kind::Texts, DeValue::Array(items)) => items
            .iter()
            .map(|item| item.get_ref().as_str().map(ToOwned::to_owned))
            .collect::<Option<_>>()
            .map(Value::Texts),
        (kind, DeValue::Array(items)) => {
            let keys = kind.keys_of_tables()?;
            let mut tables = Vec::new();
            for (index, item) in items.iter().enumerate() {
                let DeValue::Table(inner) = item.get_ref() else {
                    return None;
                };
                let first = inner.iter().map(|(key, _)| key.span().start).min();
                let place = first.map_or_else(|| place.clone(), at);
                let prefix = format!("{name}[{index}].");
                tables.push(table(&prefix, place, inner, keys, at, complaints));
            }
            Some(Value::Tables(tables))
        }
        _ => None,
    }
}

/// The values of one table of a list.
fn table(
    prefix: &str,
    place: Place,
    table: &DeTable<'_>,
    keys: &'static [Key],
    at: &dyn Fn(usize) -> Place,
    complaints: &mut Vec<ConfigError>,
) -> Table {
    let mut read = Table {
        place,
        values: BTreeMap::new(),
        broken: BTreeSet::new(),
    };
    let mut found = Vec::new();
    flatten(table, "", keys, &mut found);
    let named = table.get("name").and_then(|name| name.get_ref().as_str());
    for (name, position, value) in found {
        let place = at(position);
        let variables = SecretVariables::of_store(named.unwrap_or("NAME"));
        if let Some(error) = secret_in_file(prefix, &name, &place, variables) {
            complaints.push(error);
            continue;
        }
        let Some(key) = keys::find(keys, &name) else {
            let mut error = unknown(&name, &place, keys);
            if let ConfigError::UnknownKey { key, .. } = &mut error {
                *key = format!("{prefix}{key}");
            }
            complaints.push(error);
            continue;
        };
        let name = format!("{prefix}{name}");
        match fit(key, &name, value.get_ref(), &place, at, complaints) {
            Some(value) => {
                read.values.insert(key.name, Set { value, place });
            }
            None => {
                read.broken.insert(key.name);
                complaints.push(wrong_kind(key, &name, &place, value.get_ref()));
            }
        }
    }
    read
}
