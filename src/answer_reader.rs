//! Reads the proxy's answers: JSON, parsed by the browser and read into the shared wire types here, field by field.
//!
//! `serde_json` and the derived readers would weigh more than all the screens together (more than 30 kB compressed, much of it
//! for printing the floating point numbers of error messages), and the browser has a JSON parser already. No amount passes
//! through a number on the way: amounts are strings in this JSON, and a number where a string belongs is refused. That these
//! readers and the derived writers of the proxy agree is what `tests/browser/answer_reader.rs` proves.

use checkout::wire::{
    CheckoutView, CurrencyView, DepositState, DepositView, InvoiceView, PriceView, ReceivingView,
};
use checkout::{Amount, Kind, Phase, Timestamp};
use js_sys::{Array, JSON, Reflect};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};

/// Reads a checkout. `None` when the text is not JSON, lacks a field, or holds another kind of value than the field has.
/// Unknown fields are ignored.
#[must_use]
pub fn checkout(text: &str) -> Option<CheckoutView> {
    let is_wrong = Cell::new(false);
    let object = Fields(JSON::parse(text).ok()?, &is_wrong);
    let view = CheckoutView {
        id: object.text("id"),
        state: object.inner("state").parsed(Phase::Choosing, Phase::find),
        description: object.text("description"),
        kind: object.optional("kind", kind).unwrap_or_default(),
        price: object.optional("price", price),
        currencies: object.list("currencies", currency),
        invoice: object.optional("invoice", invoice),
        receiving: object.optional("receiving", receiving),
        expires_at: object.time("expiresAt"),
        now: object.time("now"),
        poll_after_ms: object.count("pollAfterMs"),
        return_url: object.optional_text("returnUrl"),
        support_url: object.optional_text("supportUrl"),
        logo_url: object.optional_text("logoUrl"),
        attestation: object.optional_text("attestation"),
        url: object.optional_text("url"),
    };
    // One field that is wrong takes the whole with it.
    (!is_wrong.get()).then_some(view)
}

/// Reads code and message of the proxy's one error shape; `None` for anything else.
#[must_use]
pub fn error(text: &str) -> Option<(String, String)> {
    let is_wrong = Cell::new(false);
    let error = Fields(JSON::parse(text).ok()?, &is_wrong).inner("error");
    let read = (error.text("code"), error.text("message"));
    (!is_wrong.get()).then_some(read)
}

fn kind(word: &Fields) -> Kind {
    word.parsed(Kind::default(), Kind::find)
}

fn price(object: &Fields) -> PriceView {
    PriceView {
        amount: object.amount("amount"),
        currency: object.text("currency"),
    }
}

fn currency(object: &Fields) -> CurrencyView {
    CurrencyView {
        code: object.text("code"),
        symbol: object.text("symbol"),
        name: object.text("name"),
        network: object.text("network"),
        estimate: object.optional("estimate", amount),
    }
}

fn invoice(object: &Fields) -> InvoiceView {
    InvoiceView {
        currency: object.text("currency"),
        address: object.optional_text("address"),
        amount: object.amount("amount"),
        received: object.amount("received"),
        due: object.amount("due"),
        uri: object.optional_text("uri"),
        reprice_at: object.optional("repriceAt", time),
        expires_at: object.time("expiresAt"),
        transaction: object.optional_text("transaction"),
    }
}

fn receiving(object: &Fields) -> ReceivingView {
    ReceivingView {
        currency: object.text("currency"),
        address: object.optional_text("address"),
        uri: object.optional_text("uri"),
        received: object.amount("received"),
        deposits: object.list("deposits", deposit),
    }
}

fn deposit(object: &Fields) -> DepositView {
    // Of a state that is not known only this is: the money does not count yet.
    let state = DepositState::find(&object.text("state"));
    DepositView {
        amount: object.amount("amount"),
        currency: object.text("currency"),
        transaction: object.optional_text("transaction"),
        at: object.time("at"),
        state: state.unwrap_or(DepositState::Detected),
    }
}

fn text(value: &Fields) -> String {
    value.parsed(String::new(), |text| Some(text.to_owned()))
}

fn amount(value: &Fields) -> Amount {
    value.parsed(Amount::ZERO, |text| Amount::parse(text).ok())
}

fn time(value: &Fields) -> Timestamp {
    value.parsed(Timestamp::MIN, |text| Timestamp::parse(text).ok())
}

/// A parsed value, taken for an object, and where it is noted that one of the values is wrong. What is read of a wrong value is never
/// given out: reading on to the end is less code than stopping at each field.
struct Fields<'a>(JsValue, &'a Cell<bool>);

impl<'a> Fields<'a> {
    /// A field's value; `undefined` where there is none, or where this is no object.
    #[inline(never)]
    fn inner(&self, name: &str) -> Fields<'a> {
        let value = Reflect::get(&self.0, &JsValue::from_str(name));
        Fields(value.unwrap_or(JsValue::UNDEFINED), self.1)
    }

    /// What `parse` makes of a text; any other value is wrong.
    fn parsed<T>(&self, wrong: T, parse: fn(&str) -> Option<T>) -> T {
        let text = self.0.as_string();
        text.and_then(|text| parse(&text)).unwrap_or_else(|| {
            self.1.set(true);
            wrong
        })
    }

    #[inline(never)]
    fn text(&self, name: &str) -> String {
        text(&self.inner(name))
    }

    #[inline(never)]
    fn amount(&self, name: &str) -> Amount {
        amount(&self.inner(name))
    }

    #[inline(never)]
    fn time(&self, name: &str) -> Timestamp {
        time(&self.inner(name))
    }

    /// A count, such as milliseconds; wrong is everything a `u32` does not hold exactly.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast saturates, and the cast back proves that it did not"
    )]
    fn count(&self, name: &str) -> u32 {
        let number = self.inner(name).0.as_f64().unwrap_or(f64::NAN);
        let whole = number as u32;
        if f64::from(whole) != number {
            self.1.set(true);
        }
        whole
    }

    fn list<T>(&self, name: &str, read: fn(&Fields<'a>) -> T) -> Vec<T> {
        let value = self.inner(name).0;
        if !Array::is_array(&value) {
            self.1.set(true);
        }
        let list = value.unchecked_into::<Array>();
        let mut read_items = Vec::new();
        if !self.1.get() {
            for at in 0..list.length() {
                read_items.push(read(&Fields(list.get(at), self.1)));
            }
        }
        read_items
    }

    /// A field that may be `null` or missing.
    fn optional<T>(&self, name: &str, read: fn(&Fields<'a>) -> T) -> Option<T> {
        let value = self.inner(name);
        (!value.0.is_null() && !value.0.is_undefined()).then(|| read(&value))
    }

    #[inline(never)]
    fn optional_text(&self, name: &str) -> Option<String> {
        self.optional(name, text)
    }
}
