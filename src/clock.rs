//! This computer's two clocks, read together.

use crate::countdown::Reading;
use leptos_dom::helpers::window;

/// What `performance.now()` and `Date.now()` show at this moment, in whole milliseconds.
#[must_use]
pub fn read() -> Reading {
    let monotonic = window()
        .performance()
        .map_or(0.0, |performance| performance.now());
    Reading {
        monotonic: whole_millis(monotonic),
        wall: whole_millis(js_sys::Date::now()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "both clocks count milliseconds, far below 2^53; a cast saturates"
)]
fn whole_millis(millis: f64) -> i64 {
    millis as i64
}
