//! Which answers of the proxy are believed. Address, amount and payment URI reach the screen only from here, parsed and built anew.
//!
//! The proxy is trusted to know the price. It is not trusted to be the one the page means, to be whole, or to be alone on the line:
//! an answer that contradicts the tables, itself or an earlier one is refused, and nothing to pay stays on the screen.

use crate::claim::claim;
use crate::pay_to::PayTo;
use checkout::wire::{CheckoutView, CurrencyView, InvoiceView};
use checkout::{Address, Amount, Currency, Fiat, Phase, Timestamp, Transfer, digits, joined};

/// How far ahead of the proxy's `now` an invoice may end, in seconds: the gateway keeps none longer than 90 days.
const LONGEST_LIFE_SECONDS: u32 = 92 * 24 * 60 * 60;
/// How far ahead an amount may be fixed, in seconds. The longest interval of the table is an hour; the rest is for clocks that differ.
const LONGEST_PRICE_SECONDS: u32 = 24 * 60 * 60;

/// The field of an answer that carries the merchant's signature.
pub const ATTESTATION: &str = "attestation";

/// Why an answer is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The field of the answer: `invoice.address`.
    pub field: &'static str,
    /// What had to be there.
    pub expected: String,
    /// What was there.
    pub came: String,
}

/// Says whether a [claim](crate::claim) was signed by one of the page's keys.
pub type Judge<'a> = &'a dyn Fn(&str) -> bool;

/// What an answer is held against.
#[derive(Clone, Copy, Default)]
pub struct Known<'a> {
    /// The checkout that was asked for, if the question named one.
    pub id: Option<&'a str>,
    /// The currency the buyer chose, if the question was that choice.
    pub chosen: Option<&'a str>,
    /// The last answer that was believed.
    pub before: Option<&'a CheckoutView>,
    /// The last place to pay to that was shown.
    pub shown: Option<&'a PayTo>,
    /// Who judges signatures, where the page asks for them.
    pub judge: Option<Judge<'a>>,
}

/// The place to pay to that `answer` names; `None` where nothing is to be paid.
///
/// # Errors
/// The first [`Doubt`].
pub fn believe(answer: &CheckoutView, known: &Known<'_>) -> Result<Option<PayTo>, Doubt> {
    let before = known.before;
    if let Some(id) = known.id.or(before.map(|before| before.id.as_str())) {
        same("id", id, &answer.id)?;
    }
    if let Some(before) = before {
        same("kind", before.kind.as_str(), answer.kind.as_str())?;
        same("description", &before.description, &answer.description)?;
        same("price", &price(before), &price(answer))?;
        if before.state.is_paid() && !answer.state.is_paid() {
            return doubt("state", "paid", answer.state.as_str());
        }
    }
    let is_payment = answer.kind.is_payment();
    match &answer.price {
        Some(price) => {
            let fiat = Fiat::find(&price.currency);
            let is_sound = |fiat: &Fiat| price.amount.units_at(fiat.decimals).is_ok();
            if !is_payment || price.amount.is_zero() || !fiat.is_some_and(is_sound) {
                return doubt("price", "what a payment can cost", &self::price(answer));
            }
        }
        None if is_payment => return doubt("price", "a price", "none"),
        None => {}
    }
    let pay_to = match (&answer.invoice, &answer.receiving) {
        (Some(invoice), None) if is_payment => invoiced(answer, invoice, known)?,
        (None, Some(to)) if !is_payment => {
            let currency = currency("receiving.currency", &to.currency)?;
            carried("receiving.received", currency, to.received)?;
            let fields = ["receiving.address", "receiving.uri"];
            let place = (to.address.as_deref(), to.uri.as_deref());
            let ends = answer.expires_at;
            payable(answer, known, currency, fields, place, ends, None)?
        }
        (None, None) => None,
        (Some(_), _) | (_, Some(_)) => {
            let came = if is_payment { "receiving" } else { "invoice" };
            return doubt(came, "none", "one");
        }
    };
    if pay_to.is_none()
        && answer.state == Phase::Awaiting
        && answer.invoice.is_none()
        && answer.now < answer.expires_at
    {
        return doubt("invoice", "where to pay", "nothing");
    }
    if let (Some(pay_to), Some(judge)) = (&pay_to, known.judge)
        && !judge(&claim(answer, pay_to))
    {
        return doubt(ATTESTATION, "one of attest-key", "another");
    }
    Ok(pay_to)
}

/// The offered currencies that the table knows, in the table's words: a coin under the name of another network is money lost.
#[must_use]
pub fn offered(currencies: Vec<CurrencyView>) -> Vec<CurrencyView> {
    currencies
        .into_iter()
        .filter_map(|offered| {
            let currency = Currency::find(&offered.code)?;
            Some(CurrencyView {
                symbol: currency.asset.symbol.to_owned(),
                name: currency.asset.name.to_owned(),
                network: currency.network_label().to_owned(),
                ..offered
            })
        })
        .collect()
}

fn invoiced(
    answer: &CheckoutView,
    invoice: &InvoiceView,
    known: &Known<'_>,
) -> Result<Option<PayTo>, Doubt> {
    let currency = currency("invoice.currency", &invoice.currency)?;
    if answer.state == Phase::Awaiting {
        // Money that arrived on another invoice decides before a choice does; then it is no longer awaited.
        same(
            "invoice.currency",
            known.chosen.unwrap_or(currency.code),
            currency.code,
        )?;
    }
    carried("invoice.amount", currency, invoice.amount)?;
    carried("invoice.received", currency, invoice.received)?;
    if invoice.amount.is_zero() {
        return doubt("invoice.amount", "more than nothing", "0");
    }
    let due = invoice.amount.checked_sub(invoice.received);
    let due = due.unwrap_or(Amount::ZERO);
    if due != invoice.due {
        return doubt("invoice.due", &due.digits(), &invoice.due.digits());
    }
    let fields = ["invoice.address", "invoice.uri"];
    let place = (invoice.address.as_deref(), invoice.uri.as_deref());
    let ends = invoice.expires_at;
    let pay_to = payable(answer, known, currency, fields, place, ends, Some(due))?;
    if pay_to.is_some() {
        early("invoice.expiresAt", answer, ends, LONGEST_LIFE_SECONDS)?;
        if let Some(at) = invoice.reprice_at {
            early("invoice.repriceAt", answer, at, LONGEST_PRICE_SECONDS)?;
        }
    }
    Ok(pay_to)
}

/// The place to pay to, while there is one: the address parsed, its URI built. A URI in the answer must be the one built here.
fn payable(
    answer: &CheckoutView,
    known: &Known<'_>,
    currency: &'static Currency,
    [address_field, uri_field]: [&'static str; 2],
    (address, uri): (Option<&str>, Option<&str>),
    ends: Timestamp,
    due: Option<Amount>,
) -> Result<Option<PayTo>, Doubt> {
    let is_live = answer.state.shows_address() && answer.now < ends;
    let Some(text) = address else {
        return if is_live {
            doubt(address_field, "an address", "none")
        } else {
            Ok(None)
        };
    };
    let Ok(address) = Address::parse(currency.network, text) else {
        let expected = joined(&["an address of ", currency.network().name]);
        return doubt(address_field, &expected, text);
    };
    if !is_live {
        return Ok(None);
    }
    if let Some(shown) = known.shown
        && known.chosen.is_none()
        && shown.currency.code == currency.code
        && answer.now < shown.ends
    {
        same(address_field, &shown.address, address.as_str())?;
    }
    let transfer = match due {
        Some(due) => Transfer::new(currency, address, due),
        None => Transfer::of_any_amount(currency, address),
    };
    let Ok(transfer) = transfer else {
        return doubt("invoice.due", "an amount that can be sent", "0");
    };
    let built = transfer.uri();
    same(uri_field, &built, uri.unwrap_or(&built))?;
    Ok(Some(PayTo {
        currency,
        address: transfer.to().as_str().to_owned(),
        uri: built,
        ends,
    }))
}

fn currency(field: &'static str, code: &str) -> Result<&'static Currency, Doubt> {
    Currency::find(code).map_or_else(|| doubt(field, "a currency of the table", code), Ok)
}

/// That the chain of `currency` has a unit small enough for `amount`.
fn carried(field: &'static str, currency: &Currency, amount: Amount) -> Result<(), Doubt> {
    if amount.units_at(currency.decimals).is_ok() {
        return Ok(());
    }
    let expected = [
        "at most ",
        &digits(currency.decimals.into()),
        " decimals of ",
        currency.code,
    ];
    doubt(field, &joined(&expected), &amount.digits())
}

fn early(
    field: &'static str,
    answer: &CheckoutView,
    at: Timestamp,
    seconds: u32,
) -> Result<(), Doubt> {
    let ahead = at.millis_since(answer.now);
    if ahead <= i64::from(seconds) * 1_000 {
        return Ok(());
    }
    let in_seconds = |seconds: u64| joined(&[&digits(seconds), " seconds ahead"]);
    let came = u64::try_from(ahead / 1_000).unwrap_or_default();
    doubt(
        field,
        &joined(&["at most ", &in_seconds(seconds.into())]),
        &in_seconds(came),
    )
}

/// The price in one text; nothing for a checkout that takes any amount.
fn price(answer: &CheckoutView) -> String {
    answer.price.as_ref().map_or_else(String::new, |price| {
        joined(&[&price.amount.normalized().digits(), " ", &price.currency])
    })
}

fn same(field: &'static str, expected: &str, came: &str) -> Result<(), Doubt> {
    if expected == came {
        return Ok(());
    }
    doubt(field, expected, came)
}

fn doubt<T>(field: &'static str, expected: &str, came: &str) -> Result<T, Doubt> {
    Err(Doubt {
        field,
        expected: expected.to_owned(),
        came: came.to_owned(),
    })
}

#[cfg(test)]
mod tests;
