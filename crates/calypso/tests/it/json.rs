//! JSON compared with its numbers as text: `1` and `1.0` differ, as do `0.1` and `0.10`; the order of keys does not count.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

#[derive(Debug, PartialEq)]
pub(crate) enum Json {
    Object(BTreeMap<String, Json>),
    Array(Vec<Json>),
    /// Numbers, strings, booleans and `null` as they are written.
    Plain(String),
}

pub(crate) fn parse(text: &str) -> Json {
    let text = text.trim();
    match text.as_bytes()[0] {
        b'{' => {
            let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).unwrap();
            Json::Object(
                fields
                    .into_iter()
                    .map(|(key, value)| (key, parse(value.get())))
                    .collect(),
            )
        }
        b'[' => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(text).unwrap();
            Json::Array(items.iter().map(|item| parse(item.get())).collect())
        }
        b'"' => Json::Plain(format!(
            "{:?}",
            serde_json::from_str::<String>(text).unwrap()
        )),
        _ => Json::Plain(text.to_owned()),
    }
}

#[test]
fn numbers_are_compared_by_their_digits() {
    assert_eq!(
        parse(r#"{"a":1,"b":[0.10,"x"]}"#),
        parse(r#" {"b" : [0.10, "\u0078"], "a":1} "#)
    );
    assert_ne!(parse(r#"{"a":1}"#), parse(r#"{"a":1.0}"#));
    assert_ne!(parse("[0.1]"), parse("[0.10]"));
    assert_ne!(parse(r#"["1"]"#), parse("[1]"));
}
