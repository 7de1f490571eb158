//! Conditions on a field of a list (gateway reference §2.20).

use serde::Deserialize;
use serde_json::value::RawValue;

use super::field::Reader;

/// A condition on a text. What is not given does not restrict.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filter {
    equals: Option<String>,
    not_equals: Option<String>,
    specified: Option<bool>,
    #[serde(rename = "in")]
    one_of: Option<Vec<String>>,
    not_in: Option<Vec<String>>,
    contains: Option<String>,
    does_not_contain: Option<String>,
}

impl Filter {
    pub(super) fn read(reader: &mut Reader, field: &str, raw: Option<&RawValue>) -> Self {
        let Some(raw) = raw else {
            return Self::default();
        };
        let filter = serde_json::from_str(raw.get())
            .ok()
            .filter(|_| raw.get().starts_with('{'));
        let expected = "must be an object of equals, notEquals, specified, in, notIn, contains, doesNotContain";
        filter
            .or_else(|| reader.wrong(field, expected))
            .unwrap_or_default()
    }

    /// Whether a text that is there passes.
    pub(super) fn passes(&self, text: &str) -> bool {
        let is = |wanted: &String| wanted == text;
        self.equals.as_ref().is_none_or(is)
            && !self.not_equals.as_ref().is_some_and(is)
            && self.specified.unwrap_or(true)
            && self
                .one_of
                .as_ref()
                .is_none_or(|list| list.is_empty() || list.iter().any(is))
            && !self.not_in.as_ref().is_some_and(|list| list.iter().any(is))
            && self
                .contains
                .as_ref()
                .is_none_or(|part| text.contains(part))
            && !self
                .does_not_contain
                .as_ref()
                .is_some_and(|part| text.contains(part))
    }
}
