//! What is an amount and what is not, case by case: class D of the threat list.

use checkout::{Amount, AmountError};
use serde::Deserialize;

use crate::vectors::{read, variant};

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
    scales: Vec<ScaleCase>,
    json: Vec<JsonCase>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    input: String,
    text: Expected,
    number: Expected,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Expected {
    Amount { units: String, scale: u8 },
    Error { error: String },
}

#[derive(Deserialize)]
struct ScaleCase {
    name: String,
    input: String,
    scale: u8,
    units: Option<String>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct JsonCase {
    name: String,
    json: String,
    prints: Option<String>,
}

fn check(what: &str, got: Result<Amount, AmountError>, expected: &Expected) {
    match (got, expected) {
        (Ok(amount), Expected::Amount { units, scale }) => {
            assert_eq!(amount.units().to_string(), *units, "{what}: units");
            assert_eq!(amount.scale(), *scale, "{what}: scale");
        }
        (Err(error), Expected::Error { error: expected }) => {
            assert_eq!(variant(&error), *expected, "{what}");
        }
        (got, expected) => panic!("{what}: expected {expected:?}, got {got:?}"),
    }
}

#[test]
fn every_case_of_class_d_has_its_answer() {
    let vectors: Vectors = read("amounts.json");
    assert!(vectors.cases.len() >= 60, "the list is complete");
    for Case {
        name,
        input,
        text,
        number,
    } in &vectors.cases
    {
        check(&format!("{name}, as text"), Amount::parse(input), text);
        check(
            &format!("{name}, as a JSON number"),
            Amount::from_json_number(input),
            number,
        );
        if let Ok(amount) = Amount::parse(input) {
            assert_eq!(amount.to_string(), *input, "{name}: printed as it was read");
        }
    }
}

#[test]
fn decimals_are_limited_where_a_currency_limits_them() {
    for ScaleCase {
        name,
        input,
        scale,
        units,
        error,
    } in read::<Vectors>("amounts.json").scales
    {
        match Amount::parse_max_scale(&input, scale) {
            Ok(amount) => assert_eq!(
                amount.units_at(scale).unwrap().to_string(),
                units.expect(&name),
                "{name}"
            ),
            Err(got) => assert_eq!(variant(&got), error.expect(&name), "{name}"),
        }
    }
}

#[test]
fn in_json_an_amount_is_a_string_and_nothing_else() {
    for JsonCase { name, json, prints } in read::<Vectors>("amounts.json").json {
        let printed = serde_json::from_str::<Amount>(&json)
            .map(|amount| serde_json::to_string(&amount).unwrap());
        match prints {
            Some(expected) => assert_eq!(printed.unwrap(), expected, "{name}"),
            None => assert!(printed.is_err(), "{name}: read as {printed:?}"),
        }
    }
}

#[test]
fn errors_say_where_and_what() {
    assert_eq!(
        Amount::parse("12,50").unwrap_err().to_string(),
        "expected digits with at most one point, got ',' at byte 2"
    );
    assert_eq!(
        Amount::parse_max_scale("1.234", 2).unwrap_err().to_string(),
        "expected at most 2 decimals, got 3"
    );
    assert_eq!(
        Amount::parse("1٥").unwrap_err(),
        AmountError::UnexpectedCharacter { found: '٥', at: 1 }
    );
}

#[test]
fn the_first_character_that_does_not_belong_is_named_with_its_place() {
    for (text, found, at) in [
        ("x", 'x', 0),
        ("+1", '+', 0),
        ("１", '１', 0),
        ("1x", 'x', 1),
        ("12,50", ',', 2),
        ("12.x", 'x', 3),
        ("123. 5", ' ', 4),
        ("1.5x", 'x', 3),
        ("1.5.5", '.', 3),
        ("12.50é", 'é', 5),
    ] {
        let told = Err(AmountError::UnexpectedCharacter { found, at });
        assert_eq!(Amount::parse(text), told, "{text}");
        assert_eq!(Amount::from_json_number(text), told, "{text}");
    }
    for (text, found, at) in [
        ("1e5x", 'x', 3),
        ("12.5E-3.", '.', 7),
        ("12e+ 3", ' ', 4),
        ("12e--3", '-', 4),
        ("1.e5", 'e', 2),
    ] {
        let told = Err(AmountError::UnexpectedCharacter { found, at });
        assert_eq!(Amount::from_json_number(text), told, "{text}");
    }
}

#[test]
fn the_gateways_numbers_keep_the_decimals_there_is_room_for() {
    let zeros = |count: usize| "0".repeat(count);
    for (text, units, scale) in [
        (format!("1.{}", zeros(36)), 10_u128.pow(36), 36),
        (format!("1.{}", zeros(37)), 10_u128.pow(36), 36),
        (format!("0.{}", zeros(40)), 0, 36),
        ("10e-36".to_owned(), 10, 36),
        ("10e-37".to_owned(), 1, 36),
        ("1e0".to_owned(), 1, 0),
        ("1.50e1".to_owned(), 150, 1),
        ("1.5e1".to_owned(), 15, 0),
        ("1.5e2".to_owned(), 150, 0),
        ("0e99".to_owned(), 0, 0),
        ("0e-99".to_owned(), 0, 36),
    ] {
        let amount = Amount::from_json_number(&text).unwrap();
        assert_eq!((amount.units(), amount.scale()), (units, scale), "{text}");
    }
    for (text, error) in [
        ("0e100", AmountError::ExponentTooLarge),
        ("0e-100", AmountError::ExponentTooLarge),
        ("1e39", AmountError::TooLarge),
        (
            "11e-37",
            AmountError::TooManyDecimals {
                allowed: 36,
                found: 37,
            },
        ),
    ] {
        assert_eq!(Amount::from_json_number(text), Err(error), "{text}");
    }
    assert!(Amount::from_json_number("1e38").is_ok());
}
