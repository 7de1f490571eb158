//! Class D: amounts that are none, at the door by which prices come in. What is taken means exactly what it says.

use super::{names_are_unique, nothing_was_taken};
use crate::support::{TestProxy, text};

const MALFORMED: &str = "price_malformed";
const NEGATIVE: &str = "price_not_positive";
const PRECISE: &str = "price_too_precise";
const FIELD: &str = "field_invalid";

/// An amount as it stands in the JSON, its currency, and the code of the refusal.
type Row = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("nothing", r#""""#, "EUR", MALFORMED),
    ("a blank", r#"" ""#, "EUR", MALFORMED),
    ("a blank before", r#"" 1""#, "EUR", MALFORMED),
    ("a blank after", r#""1 ""#, "EUR", MALFORMED),
    ("a blank inside", r#""1 000""#, "EUR", MALFORMED),
    ("a narrow blank inside", "\"1\u{202f}000\"", "EUR", MALFORMED),
    ("a line break after", r#""1\n""#, "EUR", MALFORMED),
    ("NUL after", r#""1\u0000""#, "EUR", MALFORMED),
    ("a plus", r#""+1""#, "EUR", MALFORMED),
    ("a minus", r#""-1""#, "EUR", NEGATIVE),
    ("a minus and a fraction", r#""-0.01""#, "EUR", NEGATIVE),
    ("another minus", "\"\u{2212}1\"", "EUR", MALFORMED),
    ("two minuses", r#""--1""#, "EUR", MALFORMED),
    ("a minus alone", r#""-""#, "EUR", MALFORMED),
    ("zero", r#""0""#, "EUR", NEGATIVE),
    ("zero with cents", r#""0.00""#, "EUR", NEGATIVE),
    ("zero below zero", r#""-0""#, "EUR", NEGATIVE),
    ("zero below zero with cents", r#""-0.00""#, "EUR", NEGATIVE),
    ("no digit behind the point", r#""1.""#, "EUR", MALFORMED),
    ("no digit before the point", r#"".5""#, "EUR", MALFORMED),
    ("a point alone", r#"".""#, "EUR", MALFORMED),
    ("two points", r#""1.5.5""#, "EUR", MALFORMED),
    ("a comma", r#""1,5""#, "EUR", MALFORMED),
    ("thousands by comma", r#""1,000.00""#, "EUR", MALFORMED),
    ("thousands by point", r#""1.000,00""#, "EUR", MALFORMED),
    ("thousands by an underscore", r#""1_000""#, "EUR", MALFORMED),
    ("thousands by an apostrophe", r#""1'000""#, "EUR", MALFORMED),
    ("an exponent", r#""1e3""#, "EUR", MALFORMED),
    ("a large exponent", r#""1E3""#, "EUR", MALFORMED),
    ("an exponent below zero", r#""100e-2""#, "EUR", MALFORMED),
    ("an exponent without end", r#""1e999999""#, "EUR", MALFORMED),
    ("a leading zero", r#""01""#, "EUR", MALFORMED),
    ("leading zeros", r#""0000025.00""#, "EUR", MALFORMED),
    ("Arabic digits", "\"\u{662}\u{665}\"", "EUR", MALFORMED),
    ("Devanagari digits", "\"\u{968}\u{96b}\"", "EUR", MALFORMED),
    ("wide digits", "\"\u{ff12}\u{ff15}\"", "EUR", MALFORMED),
    ("a superscript", "\"1\u{b2}\"", "EUR", MALFORMED),
    ("a fraction", "\"\u{bd}\"", "EUR", MALFORMED),
    ("a Roman number", "\"\u{2169}\"", "EUR", MALFORMED),
    ("a wide point", "\"1\u{ff0e}50\"", "EUR", MALFORMED),
    ("an invisible letter", "\"1\u{200b}0\"", "EUR", MALFORMED),
    ("a letter that turns the text", "\"\u{202e}52\"", "EUR", MALFORMED),
    ("NaN", r#""NaN""#, "EUR", MALFORMED),
    ("Infinity", r#""Infinity""#, "EUR", MALFORMED),
    ("inf", r#""-inf""#, "EUR", MALFORMED),
    ("hexadecimal", r#""0x10""#, "EUR", MALFORMED),
    ("octal", r#""0o17""#, "EUR", MALFORMED),
    ("binary", r#""0b1""#, "EUR", MALFORMED),
    ("a percentage", r#""10%""#, "EUR", MALFORMED),
    ("with its currency", r#""25.00 EUR""#, "EUR", MALFORMED),
    ("with a sign of it", "\"\u{20ac}25\"", "EUR", MALFORMED),
    ("a sum", r#""20+5""#, "EUR", MALFORMED),
    ("a tenth of a cent", r#""25.001""#, "EUR", PRECISE),
    ("three decimals, all zero", r#""25.000""#, "EUR", PRECISE),
    ("nineteen decimals", r#""25.0000000000000000001""#, "USD", PRECISE),
    ("thirteen digits", r#""1000000000000""#, "EUR", MALFORMED),
    ("2^53 + 1", r#""9007199254740993""#, "EUR", MALFORMED),
    ("the largest i64, and one", r#""9223372036854775808""#, "EUR", MALFORMED),
    ("the largest u64, and one", r#""18446744073709551616""#, "EUR", MALFORMED),
    ("the largest u128, and one", r#""340282366920938463463374607431768211456""#, "EUR", MALFORMED),
    ("forty digits", r#""1234567890123456789012345678901234567890""#, "EUR", MALFORMED),
    ("a number", "25", "EUR", FIELD),
    ("a number with cents", "25.00", "EUR", FIELD),
    ("a number below zero", "-0.0", "EUR", FIELD),
    ("a number with an exponent", "25e0", "EUR", FIELD),
    ("null", "null", "EUR", FIELD),
    ("a list", r#"["25.00"]"#, "EUR", FIELD),
    ("an object", r#"{"amount":"25.00"}"#, "EUR", FIELD),
    ("no such currency", r#""25.00""#, "XXX", "price_currency_unknown"),
    ("a currency in small letters", r#""25.00""#, "eur", "price_currency_unknown"),
    ("a currency with a blank", r#""25.00""#, "EUR ", "price_currency_unknown"),
    ("a crypto currency", r#""25.00""#, "BTC", "price_currency_unknown"),
    ("a currency that looks alike", r#""25.00""#, "\u{415}UR", "price_currency_unknown"),
];

/// What is taken, and the amount that is shown then.
const TAKEN: &[(&str, &str)] = &[
    ("25", "25"),
    ("25.0", "25.0"),
    ("25.00", "25.00"),
    ("0.01", "0.01"),
    ("999999999999.99", "999999999999.99"),
];

pub(super) fn rows() -> usize {
    TABLE.len() + TAKEN.len()
}

fn body(amount: &str, currency: &str) -> String {
    format!(
        r#"{{"price":{{"amount":{amount},"currency":"{currency}"}},"description":"Order 1001"}}"#
    )
}

#[tokio::test]
async fn no_amount_but_a_plain_one_becomes_a_price() {
    let shop = TestProxy::start().await;
    names_are_unique(TABLE.iter().map(|(name, ..)| *name));
    for (number, (name, amount, currency, code)) in TABLE.iter().enumerate() {
        let body = body(amount, currency);
        let reply = shop.merchant(&body, &format!("key-{number}")).await;
        assert_eq!(reply.code(), *code, "{name}: {}", reply.text());
        // From a page not even a good one is taken.
        let page = format!(r#"{{"product":"demo-order","amount":{amount}}}"#);
        let reply = shop.post("/v1/checkouts", &page, &[]).await;
        assert_eq!(reply.code(), "amount_not_accepted", "{name}");
    }
    nothing_was_taken(&shop).await;
}

#[tokio::test]
async fn what_is_taken_means_what_it_says() {
    let shop = TestProxy::start().await;
    for (number, (amount, shown)) in TAKEN.iter().enumerate() {
        let body = body(&format!("\"{amount}\""), "EUR");
        let reply = shop.merchant(&body, &format!("key-{number}")).await;
        let made = reply.expect(201).json();
        let value: checkout::Amount = text(&made, "/price/amount").parse().unwrap();
        assert_eq!(value, shown.parse().unwrap(), "{amount}");
    }
}
