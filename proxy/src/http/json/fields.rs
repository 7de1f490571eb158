//! The fields of an object that a stranger sent: taken by name and type, and nothing left over.

use checkout::RefusalCode;

use super::Json;
use crate::input::printable::printable;
use crate::refusal::Refusal;

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
                RefusalCode::FieldInvalid,
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
                RefusalCode::DuplicateKey,
                format!("`{camel}` and `{snake}` are one field: send one of them"),
            ));
        }
        let name = if self.has(snake) { snake } else { camel };
        Ok(self.text(name)?.map(|text| (name, text)))
    }

    /// Takes a field of any type out; whether it was there. Null counts as not given.
    pub(crate) fn was_given(&mut self, name: &str) -> bool {
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

    /// Takes an app object that must be there. `prefix` is its place in messages, with the dot.
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
                RefusalCode::AmountNotAccepted,
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
                RefusalCode::FieldUnknown,
                format!(
                    "`{}{}` is not a field of this request",
                    self.prefix,
                    printable(key)
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

#[cfg(test)]
mod tests {
    use checkout::RefusalCode;

    use super::{Fields, Json};

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
            RefusalCode::FieldInvalid
        );
        assert_eq!(
            read(r"{}").required_text("a").unwrap_err().message,
            "`a` is missing"
        );
        let left = read(r#"{"b\u001b[31m":1}"#).finish().unwrap_err();
        assert_eq!(
            (left.code, left.message.as_str()),
            (
                RefusalCode::FieldUnknown,
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
