//! The JSON between widget and proxy: parsed by the browser, read into the shared wire types here.
//!
//! `serde_json` would weigh more than all the screens together (about 30 kB compressed, much of it for printing the floating
//! point numbers of its error messages); the browser has a JSON parser already. No amount passes through a number on the
//! way: amounts are strings in this JSON, and a number where a string belongs is refused.

use core::fmt;
use js_sys::{Array, JSON, Object, Reflect};
use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::JsValue;

/// The text is not JSON, or not the JSON that was expected. Which part of it does not matter to a buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit;

/// Reads a JSON text.
///
/// # Errors
/// [`Unfit`] when it is not JSON, lacks a field, or holds another kind of value than `T` expects. Unknown fields are
/// ignored.
pub fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Unfit> {
    T::deserialize(Value(JSON::parse(text).map_err(|_| Unfit)?))
}

/// The string at a path of object fields of a JSON text; `None` when there is none.
#[must_use]
pub fn string_at(text: &str, path: &[&str]) -> Option<String> {
    let mut value = JSON::parse(text).ok()?;
    for field in path {
        value = Reflect::get(&value, &JsValue::from_str(field)).ok()?;
    }
    value.as_string()
}

/// The JSON text of an object with one field that holds a string.
#[must_use]
pub fn object_of(field: &str, value: &str) -> String {
    let object = Object::new();
    // A plain object takes every field, and a plain object with a string in it can be written.
    let _ = Reflect::set(
        &object,
        &JsValue::from_str(field),
        &JsValue::from_str(value),
    );
    JSON::stringify(&object)
        .map(String::from)
        .unwrap_or_default()
}

/// One parsed value.
struct Value(JsValue);

impl<'de> Deserializer<'de> for Value {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let Self(value) = self;
        if let Some(text) = value.as_string() {
            visitor.visit_string(text)
        } else if let Some(number) = value.as_f64() {
            whole_number(number).map_or(Err(Unfit), |number| visitor.visit_u64(number))
        } else if Array::is_array(&value) {
            visitor.visit_seq(Elements {
                array: Array::from(&value),
                next: 0,
            })
        } else {
            Err(Unfit)
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.0.is_null() || self.0.is_undefined() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        if self.0.is_object() {
            visitor.visit_map(Fields {
                object: self.0,
                fields,
                value: JsValue::UNDEFINED,
            })
        } else {
            Err(Unfit)
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// A count, such as milliseconds; `None` for everything a `u32` does not hold exactly.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked, and the cast back proves the rest"
)]
fn whole_number(number: f64) -> Option<u64> {
    let whole = number as u32;
    (f64::from(whole) == number).then_some(u64::from(whole))
}

/// The fields of an object that its type knows; the others are not looked at.
struct Fields {
    object: JsValue,
    fields: &'static [&'static str],
    value: JsValue,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unfit> {
        while let Some((name, rest)) = self.fields.split_first() {
            self.fields = rest;
            self.value = Reflect::get(&self.object, &JsValue::from_str(name)).map_err(|_| Unfit)?;
            if !self.value.is_undefined() {
                let name: StrDeserializer<'_, Unfit> = name.into_deserializer();
                return seed.deserialize(name).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unfit> {
        seed.deserialize(Value(self.value.clone()))
    }
}

struct Elements {
    array: Array,
    next: u32,
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unfit> {
        if self.next >= self.array.length() {
            return Ok(None);
        }
        let element = self.array.get(self.next);
        self.next += 1;
        seed.deserialize(Value(element)).map(Some)
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected the JSON of a checkout, got something else")
    }
}

impl core::error::Error for Unfit {}

/// Every way to be wrong is the same: no message is put together, so no code for it is shipped.
impl de::Error for Unfit {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self
    }

    fn invalid_type(_unexpected: de::Unexpected<'_>, _expected: &dyn de::Expected) -> Self {
        Self
    }

    fn invalid_value(_unexpected: de::Unexpected<'_>, _expected: &dyn de::Expected) -> Self {
        Self
    }

    fn invalid_length(_length: usize, _expected: &dyn de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_variant: &str, _expected: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_field: &str, _expected: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_field: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_field: &'static str) -> Self {
        Self
    }
}
