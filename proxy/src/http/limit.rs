//! The parameter `limit` of lists: how many things one answer names at most.

use super::query::Query;
use crate::input::printable::printable;
use crate::refusal::Refusal;

/// As many at most, and where nothing else is asked for.
const MOST: u32 = 100;

/// Takes it out of a query.
///
/// # Errors
/// `field_invalid` unless it is a number from 1 to 100, or not there.
pub(super) fn take(query: &mut Query) -> Result<u32, Refusal> {
    let Some(text) = query.take("limit") else {
        return Ok(MOST);
    };
    let number = text.parse::<u32>().ok();
    let written = number.filter(|number| number.to_string() == text);
    written
        .filter(|number| (1..=MOST).contains(number))
        .ok_or_else(|| {
            let said = printable(&text);
            Refusal::field(
                "limit",
                format!("is `{said}`: expected a number from 1 to {MOST}"),
            )
        })
}
