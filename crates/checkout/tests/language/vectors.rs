//! Reads the test vectors that are kept as data for every part of the project.

use serde::de::DeserializeOwned;

/// The vectors in `tests/vectors/NAME` of the repository.
pub(crate) fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/../../tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The name of an error's variant, as the vectors spell it.
pub(crate) fn variant(error: &impl std::fmt::Debug) -> String {
    let text = format!("{error:?}");
    let end = text.find([' ', '(', '{']).unwrap_or(text.len());
    String::from(&text[..end])
}
