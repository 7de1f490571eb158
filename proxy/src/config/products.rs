//! The price list.

use super::keys::PRODUCT_KEYS;
use super::shared_keys::{currencies, links};
use super::values::Values;
use crate::checkouts::price::{Price, PriceError};
use crate::checkouts::price_list::{PriceList, Product};
use crate::input::merchant_text;

/// The price list, with a complaint about each product that cannot be sold.
pub(super) fn checked(values: &mut Values) -> Option<PriceList> {
    let mut list = PriceList::default();
    let mut all = true;
    let list_name = values.named("products");
    for (index, table) in values.tables("products").into_iter().enumerate() {
        let mut inner = Values::of(table, format!("{list_name}[{index}]."), PRODUCT_KEYS);
        all &= product(&mut list, &mut inner).is_some() && inner.errors.is_empty();
        values.errors.append(&mut inner.errors);
    }
    all.then_some(list)
}

fn product(list: &mut PriceList, values: &mut Values) -> Option<()> {
    let [key, amount, currency, description] =
        ["key", "price", "currency", "description"].map(|key| values.required(key));
    let (currencies, links) = (currencies(values, "currencies"), links(values));
    let price = price(amount, currency, values);
    let description = description.and_then(|text| {
        let checked = merchant_text::description(&text).map(|()| text);
        values.said("description", checked)
    });
    let product = Product {
        price: price?,
        description: description?,
        currencies: currencies?,
        links: links?,
    };
    let added = list.insert(&key?, product);
    values.said("key", added)
}

fn price(amount: Option<String>, currency: Option<String>, values: &mut Values) -> Option<Price> {
    // Without a currency the amount's own form can still be looked at.
    let known = currency.as_deref().unwrap_or("EUR");
    match Price::parse(&amount?, known) {
        Ok(price) => currency.map(|_| price),
        Err(error) => {
            let is_currency = matches!(error, PriceError::CurrencyUnknown(_));
            values.wrong(
                if is_currency { "currency" } else { "price" },
                error.to_string(),
            );
            None
        }
    }
}
