//! One parameter of a link or a form.

/// The first value of a parameter in an encoded list of pairs.
pub(super) fn parameter(pairs: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(pairs.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
