//! The price list: what a page may sell by naming a key, and for how much.

use std::collections::BTreeMap;

use crate::offer::Offer;
use crate::price::Price;
use crate::refusal::Refusal;
use crate::text;

/// One thing a page can sell by its key.
#[derive(Debug, Clone)]
pub struct Product {
    /// What it costs.
    pub price: Price,
    /// What the buyer reads above the price.
    pub description: String,
    /// The currencies it can be paid in; the proxy's list when there is none.
    pub currencies: Option<Offer>,
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
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if key.is_empty() || key.len() > 64 || !key.chars().all(fits) {
            return Err(format!(
                "`{key}` is not a product key: expected 1 to 64 of a-z A-Z 0-9 . _ -"
            ));
        }
        let said = |refusal: Refusal| format!("product `{key}`: {}", refusal.message);
        let price = Price::parse(amount, currency).map_err(said)?;
        let description = text::description(description.to_owned()).map_err(said)?;
        if self
            .0
            .insert(
                key.to_owned(),
                Product {
                    price,
                    description,
                    currencies,
                },
            )
            .is_some()
        {
            return Err(format!("product `{key}` is listed twice"));
        }
        Ok(())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Product> {
        self.0.get(key)
    }
}
