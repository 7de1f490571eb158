//! Which events may become lines, whatever the operator asks for.

use tracing::{Level, Metadata};

use crate::spans;

/// How the targets of our own code begin.
const OWN: [&str; 3] = ["calypso", "checkout", "throwaway"];

/// Whether an event may be written. Of libraries only what they say at `info` and above: at the finer levels the driver of the database
/// writes whole statements with their values, and those of HTTP write heads, so secrets and buyers would stand in the log. Spans of traces
/// are no lines.
#[must_use]
pub fn is_written(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    if target == spans::TARGET {
        return false;
    }
    let is_own = OWN.iter().any(|own| target.starts_with(own));
    is_own || *metadata.level() <= Level::INFO
}
