//! The price list: what a page may sell by naming a key, and for how much.

use std::collections::BTreeMap;
use std::fmt;

use crate::checkouts::links::ShopLinks;
use crate::checkouts::offer::Offer;
use crate::checkouts::price::Price;
use crate::input::merchant_text;
use crate::input::redacted;

/// One thing a page can sell by its key.
#[derive(Debug, Clone)]
pub struct Product {
    /// What it costs.
    pub price: Price,
    /// What the buyer reads above the price.
    pub description: String,
    /// The currencies it can be paid in; the proxy's list when there is none.
    pub currencies: Option<Offer>,
    /// Where its buyer is led; the proxy's links where one is not set.
    pub links: ShopLinks,
}

/// All products by key.
#[derive(Debug, Clone, Default)]
pub struct PriceList(BTreeMap<String, Product>);

impl PriceList {
    /// Adds a product, checked like a merchant's own request.
    ///
    /// # Errors
    /// A sentence that says which value is wrong: the key (1 to 64 of `a-z A-Z 0-9 . _ -`), the price, the description, or a key
    /// that is already there.
    pub fn add(
        &mut self,
        key: &str,
        amount: &str,
        currency: &str,
        description: &str,
        currencies: Option<Offer>,
    ) -> Result<(), String> {
        let said =
            |error: &dyn fmt::Display| format!("product `{}`: {error}", redacted::value(key));
        merchant_text::description(description)
            .map_err(|error| said(&format_args!("`description` {error}")))?;
        let product = Product {
            price: Price::parse(amount, currency).map_err(|error| said(&error))?,
            description: description.to_owned(),
            currencies,
            links: ShopLinks::default(),
        };
        self.insert(key, product)
    }

    /// Adds a product whose values have been checked.
    ///
    /// # Errors
    /// A sentence about the key: it is not one, or is there already.
    pub fn insert(&mut self, key: &str, product: Product) -> Result<(), String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if key.is_empty() || key.len() > 64 || !key.chars().all(fits) {
            return Err(format!(
                "`{}` is not a product key: expected 1 to 64 of a-z A-Z 0-9 . _ -",
                redacted::value(key)
            ));
        }
        if self.0.contains_key(key) {
            return Err(format!(
                "product `{}` is listed twice",
                redacted::value(key)
            ));
        }
        self.0.insert(key.to_owned(), product);
        Ok(())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Product> {
        self.0.get(key)
    }
}
