//! Reading an order: what the merchant's server, or a page, asks a checkout to be made of.

use checkout::{Kind, RefusalCode, Timestamp};

use super::json::{Fields, Json};
use crate::app::Caller;
use crate::checkouts::checkout::Order;
use crate::checkouts::customer::CustomerId;
use crate::checkouts::links::ShopLinks;
use crate::checkouts::offer::Offer;
use crate::checkouts::price::Price;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::shop_id::ShopId;
use crate::config::ShopConfig;
use crate::input::merchant_text;
use crate::input::printable::printable;
use crate::refusal::Refusal;

/// The order of a shop in a body. The bytes are read only now: a retry is answered before anybody looks into them.
///
/// # Errors
/// Those of JSON, of [`by_merchant`] and of [`by_page`].
pub(super) fn read(caller: &Caller, bytes: &[u8], shop: &ShopConfig) -> Result<Order, Refusal> {
    let fields = Fields::of_body(Json::read(bytes)?)?;
    match caller {
        Caller::Merchant(_) => by_merchant(fields, shop),
        Caller::Page(_) | Caller::Nobody => by_page(fields, shop),
    }
}

/// The token of a signed order, where a page sends one: a token and nothing else.
///
/// # Errors
/// Those of JSON; `amount_not_accepted`, `field_invalid`, `field_unknown`.
pub(super) fn token(caller: &Caller, bytes: &[u8]) -> Result<Option<String>, Refusal> {
    if matches!(caller, Caller::Merchant(_)) {
        return Ok(None);
    }
    let mut fields = Fields::of_body(Json::read(bytes)?)?;
    if !fields.has("order") {
        return Ok(None);
    }
    fields.refuse_money()?;
    let token = fields.required_text("order")?;
    fields.finish()?;
    Ok(Some(token))
}

/// An order as the merchant's server sends it.
///
/// # Errors
/// Each wrong field by its own code; a field that is not known is refused, so that a misspelt `expiresAt` is noticed.
fn by_merchant(mut fields: Fields, shop: &ShopConfig) -> Result<Order, Refusal> {
    let purpose = purpose(&mut fields, &shop.name)?;
    let description = fields.required_text("description")?;
    merchant_text::description(&description)
        .map_err(|error| Refusal::field("description", error))?;
    let currencies = match fields.texts("currencies")? {
        Some(codes) => Offer::parse(codes.iter().map(String::as_str))?,
        None => shop.currencies.clone(),
    };
    let external_id = fields.text("externalId")?.map(external_id).transpose()?;
    let expires_at = fields
        .text("expiresAt")?
        .map(|text| expiry(&text))
        .transpose()?;
    // The gateway's documents spell these both ways.
    let mut link = |camel: &'static str, snake: &'static str| {
        fields
            .text_spelt(camel, snake)?
            .map(|(name, text)| link(name, &text))
            .transpose()
    };
    let links = ShopLinks {
        return_url: link("returnUrl", "return_url")?,
        support_url: link("supportUrl", "support_url")?,
        logo_url: link("logoUrl", "logo_url")?,
    };
    fields.finish()?;
    Ok(Order {
        shop: shop.name.clone(),
        purpose,
        description,
        currencies,
        product: None,
        signed_order: None,
        external_id,
        links,
        expires_at,
    })
}

/// An order as a buyer's page sends it: a key of the price list and nothing else.
///
/// # Errors
/// `amount_not_accepted` when the page also says what it would like to pay, `field_unknown` for anything else beside the key,
/// `unknown_product` when the key is not in the list.
fn by_page(mut fields: Fields, shop: &ShopConfig) -> Result<Order, Refusal> {
    fields.refuse_money()?;
    let key = fields.required_text("product")?;
    fields.finish()?;
    let Some(product) = shop.products.get(&key) else {
        return Err(Refusal::new(
            RefusalCode::UnknownProduct,
            format!("`{}` is not in the price list", printable(&key)),
        ));
    };
    let currencies = product.currencies.as_ref().unwrap_or(&shop.currencies);
    Ok(Order {
        shop: shop.name.clone(),
        purpose: Purpose::Payment(product.price.clone()),
        description: product.description.clone(),
        currencies: currencies.clone(),
        product: Some(key),
        signed_order: None,
        external_id: None,
        links: product.links.or(&shop.links),
        expires_at: None,
    })
}

/// The merchant's own id of an order.
///
/// # Errors
/// `field_invalid`.
pub(super) fn external_id(text: String) -> Result<String, Refusal> {
    match merchant_text::external_id(&text) {
        Ok(()) => Ok(text),
        Err(error) => Err(Refusal::field("externalId", error)),
    }
}

/// # Errors
/// `kind_unknown`; `price_not_accepted` for a top-up or a deposit with a price; `customer_missing`, `customer_malformed`;
/// `customer_not_accepted` for any other kind with a customer; for a payment those of a price.
fn purpose(fields: &mut Fields, shop: &ShopId) -> Result<Purpose, Refusal> {
    let kind = match fields.text("kind")? {
        None => Kind::Payment,
        Some(word) => word.parse().map_err(|_| {
            Refusal::new(
                RefusalCode::KindUnknown,
                format!(
                    "`{}` is not a kind of checkout: expected payment, topup or deposit",
                    printable(&word)
                ),
            )
        })?,
    };
    if kind != Kind::Deposit && fields.was_given("customer") {
        return Err(Refusal::new(
            RefusalCode::CustomerNotAccepted,
            format!("`customer` is only for a checkout of kind deposit, this is a {kind}"),
        ));
    }
    if !kind.is_payment() && (fields.was_given("price") || fields.was_given("amount")) {
        return Err(Refusal::new(
            RefusalCode::PriceNotAccepted,
            format!("a {kind} has no price: it takes any amount, any number of times"),
        ));
    }
    Ok(match kind {
        Kind::Payment => {
            let mut price = fields.required_object("price", "price.")?;
            let amount = price.required_text("amount")?;
            let currency = price.required_text("currency")?;
            price.finish()?;
            Purpose::Payment(Price::parse(&amount, &currency)?)
        }
        Kind::Topup => Purpose::Topup,
        Kind::Deposit => Purpose::Deposit(customer(fields, shop)?),
    })
}

/// # Errors
/// `customer_missing`, `customer_malformed`.
fn customer(fields: &mut Fields, shop: &ShopId) -> Result<CustomerId, Refusal> {
    let text = fields
        .text("customer")
        .map_err(|refusal| Refusal::new(RefusalCode::CustomerMalformed, refusal.message))?
        .ok_or_else(|| {
            Refusal::new(
                RefusalCode::CustomerMissing,
                "a checkout of kind deposit needs `customer`, your own id of the customer",
            )
        })?;
    CustomerId::parse(shop.clone(), text).map_err(|error| {
        Refusal::new(
            RefusalCode::CustomerMalformed,
            format!("`customer` {error}"),
        )
    })
}

fn expiry(text: &str) -> Result<Timestamp, Refusal> {
    Timestamp::parse(text)
        .map_err(|error| Refusal::field("expiresAt", format!("is `{}`: {error}", printable(text))))
}

fn link(name: &str, text: &str) -> Result<String, Refusal> {
    merchant_text::link(text)
        .map_err(|error| Refusal::new(RefusalCode::UrlInvalid, format!("`{name}` {error}")))
}

#[cfg(test)]
mod tests;
