//! What the element asks for.

use crate::polling::Order;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// The attributes of the element that decide something here. The rest are the loader's and the stylesheet's own affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What is to be paid.
    pub order: Order,
    /// The proxy's base URL without `/v1`.
    pub proxy: String,
}

impl Options {
    /// Reads them from the loader's object, whose fields are named after the attributes: `checkout`, the id of a checkout, comes before
    /// `product`, a key of the proxy's price list.
    #[must_use]
    pub fn read(options: &JsValue) -> Self {
        let text = |name: &str| {
            let value = Reflect::get(options, &JsValue::from_str(name)).ok();
            value
                .and_then(|value| value.as_string())
                .filter(|text| !text.is_empty())
        };
        Self {
            order: match (text("checkout"), text("product")) {
                (Some(id), _) => Order::Checkout(id),
                (None, Some(product)) => Order::Product(product),
                (None, None) => Order::Nothing,
            },
            proxy: text("proxy").unwrap_or_default(),
        }
    }
}
