//! Dates and times of day as the buyer writes them, in the time zone where the buyer is.

use crate::js_object;
use crate::words::LANGUAGE;
use checkout::Timestamp;
use js_sys::{Date, Object};
use leptos_dom::helpers::window;
use wasm_bindgen::JsValue;

/// Date and time of day: `24 Nov 2026, 16:31` for a Briton.
#[must_use]
pub fn date_and_time(at: Timestamp) -> String {
    written(at, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// Time of day, to the minute.
#[must_use]
pub fn time_of_day(at: Timestamp) -> String {
    written(at, &[("timeStyle", "short")])
}

fn written(at: Timestamp, style: &[(&str, &str)]) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a float holds every millisecond until the year 287396"
    )]
    let millis = at.millis() as f64;
    let options = Object::new();
    for (name, value) in style {
        js_object::set(&options, name, &JsValue::from_str(value));
    }
    Date::new(&JsValue::from_f64(millis))
        .to_locale_string(&locale(), &options)
        .into()
}

/// The first of the buyer's languages that is the language of the sentences, with its region: a Briton reads British dates.
fn locale() -> String {
    let languages = window().navigator().languages();
    languages
        .iter()
        .filter_map(|tag| tag.as_string())
        .find(|tag| {
            tag.strip_prefix(LANGUAGE)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
        .unwrap_or_else(|| LANGUAGE.to_owned())
}
