//! The values that were set, by key, and everything that is wrong with them so far.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use super::error::{ConfigError, Note};
use super::keys::{self, KEYS, Key};
use super::place::Place;
use crate::input::redacted;

/// One value of the kind its key asks for.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Number(i128),
    Texts(Vec<String>),
    /// Of a list of products, of stores or of keys.
    Tables(Vec<Table>),
}

/// A value and where it was set.
#[derive(Debug, Clone)]
pub(super) struct Set {
    pub(super) value: Value,
    pub(super) place: Place,
}

/// The values of one product, of one store, or of one merchant key.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) place: Place,
    pub(super) values: BTreeMap<&'static str, Set>,
    /// Keys that were set to something of another kind; they are not missing.
    pub(super) broken: BTreeSet<&'static str>,
}

impl Table {
    /// A text, if the key was set.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        match &self.values.get(key)?.value {
            Value::Text(text) => Some(text.clone()),
            Value::Number(_) | Value::Texts(_) | Value::Tables(_) => None,
        }
    }
}

/// Everything that was set. Reading goes on after a mistake, so that one run finds them all.
#[derive(Debug)]
pub(super) struct Values {
    top: Table,
    /// What stands before the name of a key in messages.
    prefix: String,
    /// Keys whose values were taken from the table around this one.
    inherited: BTreeSet<&'static str>,
    keys: &'static [Key],
    pub(super) errors: Vec<ConfigError>,
    pub(super) notes: Vec<Note>,
    /// Files of secrets that were named, whether they could be read or not.
    pub(super) files: Vec<PathBuf>,
}

impl Values {
    /// Nothing set yet.
    pub(super) fn new(place: Place) -> Self {
        Self::of(
            Table {
                place,
                values: BTreeMap::new(),
                broken: BTreeSet::new(),
            },
            String::new(),
            KEYS,
        )
    }

    /// The values of one table of a list.
    pub(super) fn of(top: Table, prefix: String, keys: &'static [Key]) -> Self {
        Self {
            top,
            prefix,
            inherited: BTreeSet::new(),
            keys,
            errors: Vec::new(),
            notes: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Keeps a value; a later one wins, and that is said.
    pub(super) fn set(&mut self, key: &'static Key, value: Value, place: Place) {
        if let Some(earlier) = self.top.values.get(key.name) {
            self.notes.push(Note::remark(format!(
                "`{}`: set twice; {place} wins over {}",
                key.name, earlier.place
            )));
        }
        self.top.values.insert(key.name, Set { value, place });
    }

    /// Remembers that a key was set to something that is of no use.
    pub(super) fn broken(&mut self, key: &'static Key, error: ConfigError) {
        self.top.broken.insert(key.name);
        self.errors.push(error);
    }

    /// Adds a complaint about a key.
    pub(super) fn wrong(&mut self, key: &str, reason: impl Display) {
        let place = self.top.values.get(key).map(|set| set.place.to_string());
        self.errors.push(ConfigError::Value {
            key: self.named(key),
            place: place.or_else(|| Some(self.top.place.to_string())),
            reason: reason.to_string(),
        });
    }

    /// Where a key was set.
    pub(super) fn place(&self, key: &str) -> Option<&Place> {
        self.top.values.get(key).map(|set| &set.place)
    }

    /// A text, if the key was set.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.top.text(key)
    }

    /// A list of texts, if the key was set.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<String>> {
        match &self.top.values.get(key)?.value {
            Value::Texts(texts) => Some(texts.clone()),
            Value::Text(_) | Value::Number(_) | Value::Tables(_) => None,
        }
    }

    /// The tables of a list, if there are any.
    pub(super) fn tables(&self, key: &str) -> Vec<Table> {
        match self.top.values.get(key).map(|set| &set.value) {
            Some(Value::Tables(tables)) => tables.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether a key was set, be it to something of no use.
    pub(super) fn was_given(&self, key: &str) -> bool {
        self.top.values.contains_key(key) || self.top.broken.contains(key)
    }

    /// Whether a key was set to something of no use, which has been said.
    pub(super) fn was_broken(&self, key: &str) -> bool {
        self.top.broken.contains(key)
    }

    /// Takes values of the table around this one, where it has none of its own.
    pub(super) fn inherit(&mut self, outer: &Self, keys: &[&'static str]) {
        for key in keys {
            if !self.was_given(key)
                && let Some(set) = outer.top.values.get(key)
            {
                self.top.values.insert(key, set.clone());
                self.inherited.insert(key);
            }
        }
    }

    /// How messages name a key.
    pub(super) fn named(&self, key: &str) -> String {
        if self.inherited.contains(key) {
            key.to_owned()
        } else {
            format!("{}{key}", self.prefix)
        }
    }

    /// How messages name the table.
    pub(super) fn shown(&self) -> String {
        format!("`{}`", self.prefix.trim_end_matches('.'))
    }

    /// A text that must be there. Says so if it is not, unless it was set to something else, which has been said already.
    pub(super) fn required(&mut self, key: &'static str) -> Option<String> {
        let text = self.text(key);
        if text.is_none() && !self.top.broken.contains(key) {
            let about = keys::find(self.keys, key).map_or("", |key| key.about);
            self.errors.push(ConfigError::Missing {
                key: self.named(key),
                place: self.top.place.to_string(),
                about,
            });
        }
        text
    }

    /// A text that must be there and means something.
    pub(super) fn read<T, E: Display>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.required(key)?;
        self.said(key, parse(&text))
    }

    /// A text that means something, if it is there. The outer `None` stands for one that is wrong.
    pub(super) fn read_optional<T, E: Display>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        match self.text(key) {
            None => Some(None),
            Some(text) => self.said(key, parse(&text)).map(Some),
        }
    }

    /// The result, or a complaint about the key.
    pub(super) fn said<T, E: Display>(
        &mut self,
        key: &'static str,
        result: Result<T, E>,
    ) -> Option<T> {
        result.map_err(|reason| self.wrong(key, reason)).ok()
    }

    /// A number of a range, or the usual one.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        usual: u64,
        range: RangeInclusive<u64>,
    ) -> u64 {
        let Some(Value::Number(number)) = self.top.values.get(key).map(|set| &set.value) else {
            return usual;
        };
        match u64::try_from(*number) {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let (first, last) = (range.start(), range.end());
                self.wrong(
                    key,
                    format!(
                        "is {}, expected {first} to {last}",
                        redacted::value(&number.to_string())
                    ),
                );
                usual
            }
        }
    }

    /// A count of things in memory within `range`; `usual` where none is set, or where a complaint was noted.
    pub(super) fn count(
        &mut self,
        key: &'static str,
        usual: usize,
        range: RangeInclusive<u64>,
    ) -> usize {
        let most = u64::try_from(usize::MAX).unwrap_or(u64::MAX);
        let usual = u64::try_from(usual).unwrap_or(most);
        usize::try_from(self.number(key, usual, range)).unwrap_or(usize::MAX)
    }

    /// A time whose figure is set in milliseconds, within `range`; `usual` where none is set, or where a complaint was noted.
    pub(super) fn duration(
        &mut self,
        key: &'static str,
        usual: Duration,
        range: RangeInclusive<u64>,
    ) -> Duration {
        let millis = u64::try_from(usual.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(self.number(key, millis, range))
    }
}
