//! Lists in pages (gateway reference §2.11, §2.12).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::field::Reader;

/// How many items a page has when nobody says.
const SIZE: u32 = 20;
/// The largest page.
const MOST: u32 = 1000;

/// The fields that choose a page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageFields<'a> {
    #[serde(borrow)]
    page_number: Option<&'a RawValue>,
    #[serde(borrow, alias = "pageSize")]
    size: Option<&'a RawValue>,
    #[serde(borrow)]
    direction: Option<&'a RawValue>,
}

/// Which page of a list is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    number: u32,
    size: u32,
    newest_first: bool,
}

impl PageFields<'_> {
    pub(super) fn read(&self, reader: &mut Reader) -> Page {
        let number = reader
            .count("pageNumber", self.page_number, 0, u32::MAX)
            .unwrap_or(0);
        let size = reader.count("size", self.size, 1, MOST).unwrap_or(SIZE);
        let newest_first = match reader.text("direction", self.direction).as_deref() {
            None | Some("DESC") => true,
            Some("ASC") => false,
            Some(_) => reader
                .wrong("direction", "must be ASC or DESC")
                .unwrap_or(true),
        };
        Page {
            number,
            size,
            newest_first,
        }
    }
}

impl Page {
    /// This page of items that come oldest first.
    pub(super) fn of<T>(self, items: impl Iterator<Item = T>) -> PageAnswer<T> {
        let mut items: Vec<T> = items.collect();
        if self.newest_first {
            items.reverse();
        }
        let all = items.len();
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let start = usize::try_from(self.number)
            .unwrap_or(usize::MAX)
            .saturating_mul(size);
        let result: Vec<T> = items.into_iter().skip(start).take(size).collect();
        PageAnswer {
            result,
            page: self.number,
            size: self.size,
            total: all.div_ceil(size.max(1)),
            total_elements: all,
        }
    }
}

/// One page of a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageAnswer<T> {
    result: Vec<T>,
    page: u32,
    size: u32,
    /// How many pages there are (inferred).
    total: usize,
    total_elements: usize,
}
