//! The lines of the log: one for each event, as text or as JSON, with the name of the request on whose behalf something was done.

mod collected;
mod fields;
mod head;
mod json;
mod lines;
mod text;
mod written;

pub use fields::{LOG_FIELDS, LogField};
pub use lines::{LogFormat, LogLines};
pub use written::is_written;
