//! Lists that come in pages.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Which page this is, counted from 0.
    pub page: Option<u64>,
    /// How many items a page has.
    pub size: Option<u64>,
    /// `total`, which the reference does not explain.
    pub total: Option<u64>,
    /// How many items there are on all pages.
    pub total_elements: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: DeserializeOwned")]
struct Numbered<T> {
    result: Vec<T>,
    #[serde(default)]
    page: Option<u64>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    total: Option<u64>,
    #[serde(default)]
    total_elements: Option<u64>,
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
        Ok(Self {
            items: numbered.result,
            page: numbered.page,
            size: numbered.size,
            total: numbered.total,
            total_elements: numbered.total_elements,
        })
    }
}
