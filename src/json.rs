//! The JSON between widget and proxy: parsed by the browser, read into the shared wire types here, field by field.
//!
//! `serde_json` and the derived readers would weigh more than all the screens together (more than 30 kB compressed, much of it
//! for printing the floating point numbers of error messages), and the browser has a JSON parser already. No amount passes
//! through a number on the way: amounts are strings in this JSON, and a number where a string belongs is refused. That these
//! readers and the derived writers of the proxy agree is what `tests/browser/json.rs` proves.

use checkout::wire::{
    CheckoutView, CurrencyView, DepositState, DepositView, InvoiceView, PriceView, ReceivingView,
};
use checkout::{Amount, Kind, Phase, Timestamp};
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::JsValue;

/// Reads a checkout. `None` when the text is not JSON, lacks a field, or holds another kind of value than the field has.
/// Unknown fields are ignored.
#[must_use]
pub fn checkout(text: &str) -> Option<CheckoutView> {
    let object = Fields(JSON::parse(text).ok()?);
    Some(CheckoutView {
        id: object.text("id")?,
        state: object.phase("state")?,
        description: object.text("description")?,
        kind: object.optional("kind", kind)?.unwrap_or_default(),
        price: object.optional("price", price)?,
        currencies: currencies(&object.list("currencies")?)?,
        invoice: object.optional("invoice", invoice)?,
        receiving: object.optional("receiving", receiving)?,
        expires_at: object.time("expiresAt")?,
        now: object.time("now")?,
        poll_after_ms: object.count("pollAfterMs")?,
        return_url: object.optional_text("returnUrl")?,
        support_url: object.optional_text("supportUrl")?,
        logo_url: object.optional_text("logoUrl")?,
        attestation: object.optional_text("attestation")?,
        url: object.optional_text("url")?,
    })
}

/// Reads code and message of the proxy's one error shape; `None` for anything else.
#[must_use]
pub fn error(text: &str) -> Option<(String, String)> {
    let error = Fields(JSON::parse(text).ok()?).inner("error");
    Some((error.text("code")?, error.text("message")?))
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

fn kind(word: &Fields) -> Option<Kind> {
    text(word)?.parse().ok()
}

fn price(object: &Fields) -> Option<PriceView> {
    Some(PriceView {
        amount: object.amount("amount")?,
        currency: object.text("currency")?,
    })
}

fn currencies(list: &Array) -> Option<Vec<CurrencyView>> {
    let mut currencies = Vec::new();
    for value in list.iter() {
        currencies.push(currency(&Fields(value))?);
    }
    Some(currencies)
}

fn currency(object: &Fields) -> Option<CurrencyView> {
    Some(CurrencyView {
        code: object.text("code")?,
        symbol: object.text("symbol")?,
        name: object.text("name")?,
        network: object.text("network")?,
        estimate: object.optional("estimate", amount)?,
    })
}

fn invoice(object: &Fields) -> Option<InvoiceView> {
    Some(InvoiceView {
        currency: object.text("currency")?,
        address: object.optional_text("address")?,
        amount: object.amount("amount")?,
        received: object.amount("received")?,
        due: object.amount("due")?,
        uri: object.optional_text("uri")?,
        reprice_at: object.optional("repriceAt", time)?,
        expires_at: object.time("expiresAt")?,
        transaction: object.optional_text("transaction")?,
    })
}

fn receiving(object: &Fields) -> Option<ReceivingView> {
    let mut deposits = Vec::new();
    for value in object.list("deposits")?.iter() {
        deposits.push(deposit(&Fields(value))?);
    }
    Some(ReceivingView {
        currency: object.text("currency")?,
        address: object.optional_text("address")?,
        uri: object.optional_text("uri")?,
        received: object.amount("received")?,
        deposits,
    })
}

fn deposit(object: &Fields) -> Option<DepositView> {
    // Of a state that is not known only this is: the money does not count yet.
    let state = object.text("state")?.parse();
    Some(DepositView {
        amount: object.amount("amount")?,
        currency: object.text("currency")?,
        transaction: object.optional_text("transaction")?,
        at: object.time("at")?,
        state: state.unwrap_or(DepositState::Detected),
    })
}

fn text(value: &Fields) -> Option<String> {
    value.0.as_string()
}

fn amount(value: &Fields) -> Option<Amount> {
    Amount::parse(&text(value)?).ok()
}

fn time(value: &Fields) -> Option<Timestamp> {
    Timestamp::parse(&text(value)?).ok()
}

/// A parsed value, taken for an object.
struct Fields(JsValue);

impl Fields {
    /// A field's value; `undefined` where there is none, or where this is no object.
    fn inner(&self, name: &str) -> Fields {
        Fields(Reflect::get(&self.0, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED))
    }

    fn text(&self, name: &str) -> Option<String> {
        text(&self.inner(name))
    }

    fn amount(&self, name: &str) -> Option<Amount> {
        amount(&self.inner(name))
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        time(&self.inner(name))
    }

    fn phase(&self, name: &str) -> Option<Phase> {
        self.text(name)?.parse().ok()
    }

    /// A count, such as milliseconds; `None` for everything a `u32` does not hold exactly.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast saturates, and the cast back proves that it did not"
    )]
    fn count(&self, name: &str) -> Option<u32> {
        let number = self.inner(name).0.as_f64()?;
        let whole = number as u32;
        (f64::from(whole) == number).then_some(whole)
    }

    fn list(&self, name: &str) -> Option<Array> {
        let value = self.inner(name).0;
        Array::is_array(&value).then(|| Array::from(&value))
    }

    /// A field that may be `null` or missing. The outer `None` is a value of the wrong kind.
    fn optional<T>(&self, name: &str, read: fn(&Fields) -> Option<T>) -> Option<Option<T>> {
        let value = self.inner(name);
        if value.0.is_null() || value.0.is_undefined() {
            Some(None)
        } else {
            read(&value).map(Some)
        }
    }

    fn optional_text(&self, name: &str) -> Option<Option<String>> {
        self.optional(name, text)
    }
}
