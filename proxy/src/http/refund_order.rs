//! Reading what is to be sent back: how much, in which currency, where it goes and why.

use checkout::{Address, Amount, Currency, RefusalCode};

use super::decisions::invoice_key;
use super::json::{Fields, Json};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::refund::RefundOrder;
use crate::checkouts::shop_id::ShopId;
use crate::input::merchant_text;
use crate::input::printable::printable;
use crate::refusal::Refusal;

/// The longest id of a deposit, in characters.
const LONGEST_DEPOSIT: usize = 255;
/// How many characters the hash of a transaction has, whatever its chain.
const HASH: std::ops::RangeInclusive<usize> = 8..=128;

/// The order in a body.
///
/// # Errors
/// Those of JSON; each wrong field by its own code.
pub(super) fn read(shop: ShopId, bytes: &[u8]) -> Result<RefundOrder, Refusal> {
    let mut fields = Fields::of_body(Json::read(bytes)?)?;
    let checkout = CheckoutId::parse(&fields.required_text("checkout")?)?;
    let currency = currency(&fields.required_text("currency")?)?;
    let amount = amount(&fields.required_text("amount")?, currency)?;
    let address = address(&fields.required_text("address")?, currency)?;
    let reason = fields.required_text("reason")?;
    merchant_text::description(&reason).map_err(|error| Refusal::field("reason", error))?;
    let invoice = fields.text("invoice")?;
    let invoice = invoice.map(|text| invoice_key(&text)).transpose()?;
    let deposit = fields.text("deposit")?;
    if let Some(deposit) = &deposit {
        merchant_text::bounded(deposit, LONGEST_DEPOSIT)
            .map_err(|error| Refusal::field("deposit", error))?;
    }
    fields.finish()?;
    Ok(RefundOrder {
        shop,
        checkout,
        invoice,
        deposit,
        currency,
        amount,
        address,
        reason,
    })
}

/// The hash of a transaction, as any chain writes one.
///
/// # Errors
/// `field_invalid`.
pub(super) fn transaction(text: String) -> Result<String, Refusal> {
    if HASH.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text);
    }
    Err(Refusal::field(
        "transaction",
        format!(
            "is `{}`: expected the hash of a transaction, {} to {} printable characters",
            printable(&text),
            HASH.start(),
            HASH.end()
        ),
    ))
}

fn currency(code: &str) -> Result<&'static Currency, Refusal> {
    Currency::find(code).ok_or_else(|| {
        Refusal::field(
            "currency",
            format!(
                "is `{}`: expected the gateway's code of a currency, such as USDT_TRX",
                printable(code)
            ),
        )
    })
}

fn amount(text: &str, currency: &Currency) -> Result<Amount, Refusal> {
    let wrong = |why: String| Refusal::field("amount", format!("is `{}`: {why}", printable(text)));
    let amount = Amount::parse(text).map_err(|error| wrong(error.to_string()))?;
    if amount.is_zero() {
        return Err(wrong("expected more than nothing".to_owned()));
    }
    if amount.normalized().scale() > currency.decimals {
        return Err(wrong(format!(
            "{} has {} decimals",
            currency.code, currency.decimals
        )));
    }
    Ok(amount.normalized())
}

fn address(text: &str, currency: &Currency) -> Result<Address, Refusal> {
    Address::parse(currency.network, text).map_err(|error| {
        Refusal::new(
            RefusalCode::AddressMalformed,
            format!("`address` is `{}`: {error}", printable(text)),
        )
    })
}
