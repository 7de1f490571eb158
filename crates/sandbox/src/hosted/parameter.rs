//! One parameter of a link or a form.

/// The first value of a parameter.
pub(super) fn parameter(pairs: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(pairs.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
