//! Lists that come in pages.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::wire;

/// Which page of a list is wanted. The default asks for nothing and leaves both to the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Paging {
    /// The page, counted from 0.
    #[serde(rename = "pageNumber", skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// How many items a page has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Oldest or newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
}

/// The order of a list by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Direction {
    /// Oldest first.
    Asc,
    /// Newest first.
    Desc,
}

/// One page of a list (gateway reference §2.11, §2.12). A gateway that answers with a bare array is understood too; then
/// only the items are known.
///
/// An entry that cannot be read does not take the others with it: it stands in [`unreadable`](Self::unreadable).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The entries of this page that are no such items.
    pub unreadable: Vec<Unreadable>,
    /// Which page this is, counted from 0.
    pub page: Option<u64>,
    /// How many items a page has.
    pub size: Option<u64>,
    /// `total`, which the reference does not explain.
    pub total: Option<u64>,
    /// How many items there are on all pages.
    pub total_elements: Option<u64>,
}

/// An entry of a list that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// Its `id` or `transactionId`, where at least that could be read.
    pub id: Option<String>,
    /// What was expected and what came.
    pub reason: String,
    /// The entry as it came, at most its first 200 characters.
    pub text: String,
}

/// How many characters of an unreadable entry are kept.
const EXCERPT: usize = 200;

impl Unreadable {
    fn new(raw: &RawValue, error: &serde_json::Error) -> Self {
        let named: Option<Named<'_>> = serde_json::from_str(raw.get()).ok();
        let id = |raw: Option<&RawValue>| wire::id::parse::<serde_json::Error>(raw?).ok();
        Self {
            id: named
                .and_then(|named| id(named.id).or_else(|| id(named.transaction_id)))
                .filter(|id| !id.is_empty()),
            reason: error.to_string(),
            text: raw.get().chars().take(EXCERPT).collect(),
        }
    }
}

/// As much of an entry as it takes to name it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    transaction_id: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Numbered {
    result: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "count")]
    page: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    size: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    total: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    total_elements: Option<u64>,
}

/// A number that only helps to turn pages. What cannot be read as one is left out.
fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let raw = Box::<RawValue>::deserialize(from)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(from)?;
        let numbered = if raw.get().starts_with('[') {
            let result = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
            Numbered {
                result,
                page: None,
                size: None,
                total: None,
                total_elements: None,
            }
        } else {
            serde_json::from_str(raw.get()).map_err(D::Error::custom)?
        };
        let (mut items, mut unreadable) = (Vec::new(), Vec::new());
        for entry in numbered.result {
            match serde_json::from_str(entry.get()) {
                Ok(item) => items.push(item),
                Err(error) => unreadable.push(Unreadable::new(&entry, &error)),
            }
        }
        Ok(Self {
            items,
            unreadable,
            page: numbered.page,
            size: numbered.size,
            total: numbered.total,
            total_elements: numbered.total_elements,
        })
    }
}
