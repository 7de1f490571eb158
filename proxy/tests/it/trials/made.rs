//! What a gateway calls the invoices that it makes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::support::{Gateway, text};

/// The gateway's ids of invoices, by address.
#[derive(Clone, Default)]
pub(crate) struct Made(Arc<Mutex<BTreeMap<String, String>>>);

impl Made {
    /// Listens to what a gateway answers from now on.
    pub(crate) fn listen(&self, gateway: &Gateway) {
        let made = self.clone();
        gateway.rewrite(move |path, body| {
            if path.starts_with("/api/v1/invoice/") && path.ends_with("/create") {
                made.note(&body);
            }
            body
        });
    }

    fn note(&self, body: &str) {
        let Ok(invoice) = serde_json::from_str::<Value>(body) else {
            return;
        };
        if invoice["invoiceAddress"].is_string() {
            let (address, id) = (text(&invoice, "/invoiceAddress"), text(&invoice, "/id"));
            let mut made = self.0.lock().unwrap();
            made.insert(address.to_owned(), id.to_owned());
        }
    }

    /// How many invoices the gateway has made.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// The gateway's id of the invoice with this address.
    #[track_caller]
    pub(crate) fn at(&self, address: &str) -> String {
        self.0.lock().unwrap()[address].clone()
    }
}
