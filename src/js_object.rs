//! Plain JavaScript objects, for the browser's calls and for the proxy.

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::JsValue;

/// An object with these fields.
#[must_use]
pub fn of(fields: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}

/// Sets a field.
#[inline(never)]
pub fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object takes every field.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// The JSON text of an object with one field that holds a string.
#[must_use]
pub fn text_of(field: &str, value: &str) -> String {
    // A plain object with a string in it can be written.
    JSON::stringify(&of(&[(field, &JsValue::from_str(value))]))
        .map(String::from)
        .unwrap_or_default()
}
