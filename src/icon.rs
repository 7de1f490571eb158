//! The few drawings: outlines in the colour of the text around them.

use crate::dom::{El, svg};

/// A tick.
pub const TICK: &str = "M5 12.5l4.5 4.5L19 7.5";
/// An exclamation mark.
pub const ALERT: &str = "M12 6v7.5M12 17.6v.4";
/// A cross.
pub const CROSS: &str = "M7 7l10 10M17 7L7 17";
/// The hands of a clock.
pub const CLOCK: &str = "M12 5.5v7l4.5 2.5";
/// Two sheets.
pub const COPY: &str = "M9 9h10v11H9zM15 9V4H5v11h4";
/// An arrow to the side on which reading ends.
pub const ONWARD: &str = "M9 5l7 7-7 7";

/// An icon beside a text that says the same, so it is not read out.
#[must_use]
pub fn icon(class: &str, path: &str) -> El {
    svg("svg")
        .attr("class", class)
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", path))
}
