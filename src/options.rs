//! What the element asks for.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// What the element asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The attribute that names it: `checkout`, the id of one that the merchant's server made; or what the proxy makes one of, `product`, a key of
    /// its price list, or `order`, a token that the merchant's server signed. Empty where none is set.
    pub named: String,
    /// What the attribute says.
    pub value: String,
}

impl Order {
    /// Whether the checkout is made by the proxy for this page, and not by the merchant's server.
    #[must_use]
    pub fn is_made_here(&self) -> bool {
        self.named != "checkout"
    }
}

/// The attributes of the element that decide something here. The rest are the loader's and the stylesheet's own affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What is to be paid.
    pub order: Order,
    /// The proxy's base URL without `/v1`.
    pub proxy: String,
    /// Says whether a claim was signed by one of the page's keys. There where the element has an `attest-key`.
    pub judge: Option<Function>,
}

impl Options {
    /// Reads them from the loader's object: the attribute that is `named` with its `value`, `proxy`, and the function that knows the keys of
    /// `attest-key`, `judge`.
    #[must_use]
    pub fn read(options: &JsValue) -> Self {
        let field = |name: &str| {
            let value = Reflect::get(options, &JsValue::from_str(name));
            value.unwrap_or(JsValue::UNDEFINED)
        };
        let text = |name: &str| field(name).as_string().unwrap_or_default();
        Self {
            order: Order {
                named: text("named"),
                value: text("value"),
            },
            proxy: text("proxy"),
            judge: field("judge").dyn_into().ok(),
        }
    }
}
