//! JSON that strangers send: no duplicate keys, no unknown fields, no numbers on the way to money.
//!
//! `serde_json::Value` keeps the last of two equal keys and turns numbers into floats, so it is not used here. The tree
//! below keeps every key and keeps no number at all: every figure in this API travels as a string.

mod fields;

use std::collections::HashSet;
use std::fmt;

use checkout::RefusalCode;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::input::printable::printable;
use crate::refusal::Refusal;

pub(crate) use fields::Fields;

/// How many keys of a path a message names at most, the innermost ones.
const SHOWN_KEYS: usize = 8;

/// A JSON value as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool,
    /// A number, whose value is deliberately not kept.
    Number,
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one JSON document that is the whole of `bytes`.
    ///
    /// # Errors
    /// `body_not_json` for anything that is not exactly one document in UTF-8, nested at most 127 deep; `duplicate_key`
    /// when an object, at any depth, names a key twice.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let json: Self = serde_json::from_slice(bytes).map_err(|error| {
            Refusal::new(
                RefusalCode::BodyNotJson,
                format!(
                    "the body is not one JSON document: line {}, column {}",
                    error.line(),
                    error.column()
                ),
            )
        })?;
        json.refuse_duplicates(None)?;
        Ok(json)
    }

    /// One look at each key. Where an object stands is put together for the message only, so that the work grows with the length
    /// of the body and not with its depth times its length.
    fn refuse_duplicates(&self, place: Option<&Place<'_>>) -> Result<(), Refusal> {
        match self {
            Self::Object(entries) => {
                let mut seen = HashSet::with_capacity(entries.len());
                for (key, value) in entries {
                    let app = Place { key, outer: place };
                    if !seen.insert(key.as_str()) {
                        return Err(Refusal::new(
                            RefusalCode::DuplicateKey,
                            format!("the key `{}` appears twice", app.shown()),
                        ));
                    }
                    value.refuse_duplicates(Some(&app))?;
                }
                Ok(())
            }
            Self::List(items) => items
                .iter()
                .try_for_each(|item| item.refuse_duplicates(place)),
            Self::Null | Self::Bool | Self::Number | Self::Text(_) => Ok(()),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// Where a key stands: itself, and the key its object is the value of.
struct Place<'a> {
    key: &'a str,
    outer: Option<&'a Place<'a>>,
}

impl Place<'_> {
    /// The path from the outermost key, with dots, fit for a message.
    fn shown(&self) -> String {
        let mut keys = vec![printable(self.key)];
        let mut place = self.outer;
        while let Some(outer) = place {
            // Only a little of it is shown, so only a little is put together.
            if keys.len() < SHOWN_KEYS {
                keys.push(printable(outer.key));
            }
            place = outer.outer;
        }
        keys.reverse();
        printable(&keys.join("."))
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use checkout::RefusalCode;

    use super::Json;

    fn code(body: &[u8]) -> Option<RefusalCode> {
        Json::read(body).err().map(|refusal| refusal.code)
    }

    #[test]
    fn finds_duplicates_at_every_depth() {
        for body in [
            r#"{"a":1,"a":2}"#,
            r#"{"price":{"amount":"1","amount":"2"}}"#,
            r#"{"x":[1,{"y":{"z":null,"z":null}}]}"#,
            r#"{"a":1,"\u0061":2}"#,
        ] {
            assert_eq!(
                code(body.as_bytes()),
                Some(RefusalCode::DuplicateKey),
                "{body}"
            );
        }
        assert_eq!(code(br#"{"a":{"x":1},"b":{"x":1}}"#), None);
    }

    #[test]
    fn a_long_key_around_many_keys_is_read_in_one_pass() {
        // Were the place of each app key written out, this would copy 1.6 terabytes.
        let app: Vec<String> = (0..200_000).map(|n| format!("\"{n}\":0")).collect();
        let body = format!("{{\"{}\":{{{}}}}}", "k".repeat(8_000_000), app.join(","));
        assert_eq!(code(body.as_bytes()), None);
        let twice = format!(
            "{}\"7\":1}}}}",
            body.strip_suffix("}}").unwrap().to_owned() + ","
        );
        let refusal = Json::read(twice.as_bytes()).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::DuplicateKey);
        assert!(refusal.message.len() < 200, "{}", refusal.message.len());
    }

    #[test]
    fn a_message_says_where_the_key_stands() {
        let message = |body: &[u8]| Json::read(body).unwrap_err().message;
        assert_eq!(
            message(br#"{"price":{"amount":"1","amount":"2"}}"#),
            "the key `price.amount` appears twice"
        );
        assert_eq!(
            message(br#"{"a":[{"b":{"c":1,"c":1}}]}"#),
            "the key `a.b.c` appears twice"
        );
    }

    #[test]
    fn refuses_what_is_not_one_document() {
        let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
        let very_deep = "[".repeat(10_000);
        let bodies: [&[u8]; 17] = [
            b"",
            b" ",
            b"{",
            b"{}{}",
            b"{} x",
            b"{}\n{}",
            b"\xef\xbb\xbf{}",
            b"\xff\xfe{\x00}\x00",
            b"{\"a\":\"\xc3\x28\"}",
            br#"{"a":"\ud800"}"#,
            b"{\"a\":\"\x00\"}",
            b"{'a':1}",
            b"{\"a\":NaN}",
            b"{\"a\":01}",
            b"{\"a\":1e999999}",
            deep.as_bytes(),
            very_deep.as_bytes(),
        ];
        for body in bodies {
            assert_eq!(
                code(body),
                Some(RefusalCode::BodyNotJson),
                "{:?}",
                String::from_utf8_lossy(&body[..body.len().min(40)])
            );
        }
        let just_deep_enough = format!("{}{}", "[".repeat(127), "]".repeat(127));
        assert_eq!(code(just_deep_enough.as_bytes()), None);
    }
}
