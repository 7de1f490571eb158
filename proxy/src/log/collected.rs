//! What one event says: its message and its fields, collected before they are written, so that a format may put them in its own order.

use std::fmt::Debug;

use serde_json::Value;
use tracing::field::{Field, Visit};

/// The prefix under which lines of libraries that use the crate `log` say where they come from.
const FOREIGN: &str = "log.";

/// An event's words.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) message: String,
    pub(super) fields: Vec<(&'static str, Value)>,
    /// Where a line of the crate `log` comes from.
    pub(super) target: Option<String>,
}

impl Collected {
    fn put(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            ("message", other) => self.message = other.to_string(),
            ("log.target", Value::String(text)) => self.target = Some(text),
            (name, _) if name.starts_with(FOREIGN) => {}
            (name, value) => self.fields.push((name, value)),
        }
    }
}

impl Visit for Collected {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, format!("{value:?}").into());
    }
}
