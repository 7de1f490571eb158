//! Reading JSON that strangers send: no duplicate keys, no unknown fields, no numbers on the way to money.
//!
//! `serde_json::Value` keeps the last of two equal keys and turns numbers into floats, so it is not used here. The tree
//! below keeps every key and keeps no number at all: every figure in this API travels as a string.

use std::collections::HashSet;
use std::fmt;

use checkout::ErrorCode;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::refusal::Refusal;
use crate::visible;

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
                ErrorCode::BodyNotJson,
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
                    let inner = Place { key, outer: place };
                    if !seen.insert(key.as_str()) {
                        return Err(Refusal::new(
                            ErrorCode::DuplicateKey,
                            format!("the key `{}` appears twice", inner.shown()),
                        ));
                    }
                    value.refuse_duplicates(Some(&inner))?;
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
        let mut keys = vec![shown(self.key)];
        let mut place = self.outer;
        while let Some(outer) = place {
            // Only a little of it is shown, so only a little is put together.
            if keys.len() < SHOWN_KEYS {
                keys.push(shown(outer.key));
            }
            place = outer.outer;
        }
        keys.reverse();
        shown(&keys.join("."))
    }
}

/// The fields of one object, taken out one by one; what is left at the end is unknown and refused.
#[derive(Debug)]
pub(crate) struct Fields {
    entries: Vec<(String, Json)>,
    /// Where the object stands, for messages: empty at the top, else `price.`
    prefix: &'static str,
}

impl Fields {
    /// The fields of the body.
    pub(crate) fn of_body(json: Json) -> Result<Self, Refusal> {
        match json {
            Json::Object(entries) => Ok(Self {
                entries,
                prefix: "",
            }),
            other => Err(Refusal::new(
                ErrorCode::FieldInvalid,
                format!("the body must be an object, it is {}", other.kind()),
            )),
        }
    }

    /// Whether a field is there at all, be it null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(key, _)| key == name)
    }

    /// A string, left where it is.
    pub(crate) fn peek(&self, name: &str) -> Option<&str> {
        self.entries.iter().find_map(|(key, value)| match value {
            Json::Text(text) if key == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// Takes a string. Null counts as not given.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        match self.take(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(name, "a string", &other)),
        }
    }

    /// Takes a string that may come under its name in either spelling, but not in both; with the name it came under. Null counts as
    /// not given.
    ///
    /// # Errors
    /// `duplicate_key` when both are there, be they null: different readers could pick different ones.
    pub(crate) fn text_spelt(
        &mut self,
        camel: &'static str,
        snake: &'static str,
    ) -> Result<Option<(&'static str, String)>, Refusal> {
        if self.has(camel) && self.has(snake) {
            return Err(Refusal::new(
                ErrorCode::DuplicateKey,
                format!("`{camel}` and `{snake}` are one field: send one of them"),
            ));
        }
        let name = if self.has(snake) { snake } else { camel };
        Ok(self.text(name)?.map(|text| (name, text)))
    }

    /// Takes a field of any type out; whether it was given. Null counts as not given.
    pub(crate) fn take_given(&mut self, name: &str) -> bool {
        self.take(name).is_some_and(|value| value != Json::Null)
    }

    /// Takes a string that must be there.
    pub(crate) fn required_text(&mut self, name: &str) -> Result<String, Refusal> {
        self.text(name)?
            .ok_or_else(|| Refusal::field(&format!("{}{name}", self.prefix), "is missing"))
    }

    /// Takes a list of strings. Null counts as not given.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Refusal> {
        let items = match self.take(name) {
            None | Some(Json::Null) => return Ok(None),
            Some(Json::List(items)) => items,
            Some(other) => return Err(self.wrong(name, "a list of strings", &other)),
        };
        let texts = items.into_iter().map(|item| match item {
            Json::Text(text) => Ok(text),
            other => Err(self.wrong(name, "a list of strings", &other)),
        });
        texts.collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// Takes an inner object that must be there. `prefix` is its place in messages, with the dot.
    pub(crate) fn required_object(
        &mut self,
        name: &str,
        prefix: &'static str,
    ) -> Result<Self, Refusal> {
        match self.take(name) {
            None | Some(Json::Null) => Err(Refusal::field(
                &format!("{}{name}", self.prefix),
                "is missing",
            )),
            Some(Json::Object(entries)) => Ok(Self { entries, prefix }),
            Some(other) => Err(self.wrong(name, "an object", &other)),
        }
    }

    /// Refuses a body in which a page says what something costs.
    pub(crate) fn refuse_money(&self) -> Result<(), Refusal> {
        const MONEY: [&str; 8] = [
            "price",
            "amount",
            "total",
            "discount",
            "fiatAmount",
            "fiatCurrency",
            "due",
            "received",
        ];
        match MONEY.iter().find(|name| self.has(name)) {
            None => Ok(()),
            Some(name) => Err(Refusal::new(
                ErrorCode::AmountNotAccepted,
                format!(
                    "`{name}` is not accepted from a page: prices come from the merchant's server or the price list"
                ),
            )),
        }
    }

    /// Refuses what was not taken.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        match self.entries.first() {
            None => Ok(()),
            Some((key, _)) => Err(Refusal::new(
                ErrorCode::FieldUnknown,
                format!(
                    "`{}{}` is not a field of this request",
                    self.prefix,
                    shown(key)
                ),
            )),
        }
    }

    fn take(&mut self, name: &str) -> Option<Json> {
        let at = self.entries.iter().position(|(key, _)| key == name)?;
        Some(self.entries.remove(at).1)
    }

    fn wrong(&self, name: &str, expected: &str, came: &Json) -> Refusal {
        Refusal::field(
            &format!("{}{name}", self.prefix),
            format!("must be {expected}, it is {}", came.kind()),
        )
    }
}

/// A stranger's text made fit for a message or a log line: short, and no control characters.
pub(crate) fn shown(text: &str) -> String {
    shortened(text, 40)
}

/// The same with at most so many characters, for a sentence with such texts in it.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut out: String = text
        .chars()
        .take(most)
        .map(|c| if visible::is_hidden(c) { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(most).is_some() {
        out.push('…');
    }
    out
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
    use checkout::ErrorCode;

    use super::{Fields, Json};

    fn code(body: &[u8]) -> Option<ErrorCode> {
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
                Some(ErrorCode::DuplicateKey),
                "{body}"
            );
        }
        assert_eq!(code(br#"{"a":{"x":1},"b":{"x":1}}"#), None);
    }

    #[test]
    fn a_long_key_around_many_keys_is_read_in_one_pass() {
        // Were the place of each inner key written out, this would copy 1.6 terabytes.
        let inner: Vec<String> = (0..200_000).map(|n| format!("\"{n}\":0")).collect();
        let body = format!("{{\"{}\":{{{}}}}}", "k".repeat(8_000_000), inner.join(","));
        assert_eq!(code(body.as_bytes()), None);
        let twice = format!(
            "{}\"7\":1}}}}",
            body.strip_suffix("}}").unwrap().to_owned() + ","
        );
        let refusal = Json::read(twice.as_bytes()).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::DuplicateKey);
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
                Some(ErrorCode::BodyNotJson),
                "{:?}",
                String::from_utf8_lossy(&body[..body.len().min(40)])
            );
        }
        let just_deep_enough = format!("{}{}", "[".repeat(127), "]".repeat(127));
        assert_eq!(code(just_deep_enough.as_bytes()), None);
    }

    #[test]
    fn fields_are_taken_by_type_and_leftovers_are_refused() {
        let read = |text: &str| Fields::of_body(Json::read(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(
            read(r#"{"a":"x"}"#).text("a").unwrap().as_deref(),
            Some("x")
        );
        assert_eq!(read(r#"{"a":null}"#).text("a").unwrap(), None);
        assert_eq!(
            read(r#"{"a":1}"#).text("a").unwrap_err().message,
            "`a` must be a string, it is a number"
        );
        assert_eq!(
            read(r#"{"a":["x",1]}"#).texts("a").unwrap_err().code,
            ErrorCode::FieldInvalid
        );
        assert_eq!(
            read(r"{}").required_text("a").unwrap_err().message,
            "`a` is missing"
        );
        let left = read(r#"{"b\u001b[31m":1}"#).finish().unwrap_err();
        assert_eq!(
            (left.code, left.message.as_str()),
            (
                ErrorCode::FieldUnknown,
                "`b\u{fffd}[31m` is not a field of this request"
            )
        );
        for body in ["[]", "1", "null", "\"x\"", "true"] {
            assert!(
                Fields::of_body(Json::read(body.as_bytes()).unwrap()).is_err(),
                "{body}"
            );
        }
    }
}
