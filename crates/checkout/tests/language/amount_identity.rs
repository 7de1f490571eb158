//! Parsing and printing are each other's inverse; amounts compare and hash by value.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use checkout::Amount;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::random::Random;

const ROUNDS: u32 = 1_000_000;

/// Writes a random amount with exactly `scale` decimals and at most 38 digits, digit by digit.
fn write_random(text: &mut String, scale: u64, random: &mut Random) {
    text.clear();
    let digit =
        |random: &mut Random, from: u64| char::from(b'0' + (from + random.below(10 - from)) as u8);
    let whole = random.below(38 - scale + 1);
    if whole == 0 {
        text.push('0');
    } else {
        text.push(digit(random, 1));
        (1..whole).for_each(|_| text.push(digit(random, 0)));
    }
    if scale > 0 {
        text.push('.');
        (0..scale).for_each(|_| text.push(digit(random, 0)));
    }
}

#[test]
fn printing_what_was_parsed_gives_the_same_text_at_every_scale() {
    let mut random = Random::new(0x00c0_ffee);
    let (mut text, mut printed) = (String::new(), String::new());
    for scale in 0..=18 {
        for _ in 0..ROUNDS {
            write_random(&mut text, scale, &mut random);
            let amount = Amount::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(u64::from(amount.scale()), scale, "{text}");
            printed.clear();
            write!(printed, "{amount}").unwrap();
            assert_eq!(printed, text);
        }
    }
}

#[test]
fn parsing_what_was_printed_gives_the_same_units_at_every_scale() {
    let mut random = Random::new(0x5eed);
    for scale in 0..=Amount::MAX_SCALE {
        for _ in 0..20_000 {
            let units =
                (u128::from(random.next()) << 64 | u128::from(random.next())) >> random.below(128);
            let amount = Amount::from_units(units, scale).unwrap();
            let again = Amount::parse(&amount.to_string()).unwrap();
            assert_eq!((again.units(), again.scale()), (units, scale));
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        if let Ok(amount) = Amount::parse(&text) {
            prop_assert_eq!(amount.to_string(), text);
        }
    }

    #[test]
    fn nothing_like_a_number_makes_it_panic(text in "[-+0-9.eE ]{0,60}") {
        if let Ok(amount) = Amount::parse(&text) {
            prop_assert_eq!(amount.to_string(), text.clone());
            prop_assert_eq!(Amount::from_json_number(&text).unwrap(), amount);
        }
        if let Ok(amount) = Amount::from_json_number(&text) {
            prop_assert!(amount.scale() <= Amount::MAX_SCALE);
            prop_assert_eq!(Amount::parse(&amount.to_string()).unwrap(), amount);
        }
    }

    #[test]
    fn an_exponent_moves_the_point(units in 0..=u128::MAX >> 40, exponent in -36_i32..=9) {
        let amount = Amount::from_json_number(&format!("{units}e{exponent}")).unwrap();
        let expected = if exponent < 0 {
            Amount::from_units(units, exponent.unsigned_abs() as u8)
        } else {
            Amount::from_units(units * 10_u128.pow(exponent.unsigned_abs()), 0)
        };
        prop_assert_eq!(amount, expected.unwrap());
    }

    #[test]
    fn amounts_order_by_value_across_scales(a in any::<u64>(), b in any::<u64>(), sa in 0..=18_u8, sb in 0..=18_u8) {
        let widen = |units: u64, scale: u8| u128::from(units) * 10_u128.pow(18 - u32::from(scale));
        let (left, right) = (Amount::from_units(a.into(), sa).unwrap(), Amount::from_units(b.into(), sb).unwrap());
        prop_assert_eq!(left.cmp(&right), widen(a, sa).cmp(&widen(b, sb)));
    }

    #[test]
    fn trailing_zeros_do_not_change_the_value(units in any::<u64>(), scale in 0..=18_u8, zeros in 0..=18_u8) {
        let short = Amount::from_units(units.into(), scale).unwrap();
        let long = Amount::from_units(u128::from(units) * 10_u128.pow(zeros.into()), scale + zeros).unwrap();
        prop_assert_eq!(short, long);
        prop_assert_eq!(HashSet::from([short, long]).len(), 1, "equal amounts hash alike");
        prop_assert_eq!(short.normalized(), short);
        prop_assert_eq!(short.normalized().to_string(), long.normalized().to_string());
        prop_assert_eq!(long.is_zero(), units == 0);
    }
}

#[test]
fn the_extremes_compare_without_overflow() {
    let most = Amount::from_units(u128::MAX, 0).unwrap();
    let least = Amount::from_units(1, Amount::MAX_SCALE).unwrap();
    let nearly = Amount::from_units(u128::MAX, Amount::MAX_SCALE).unwrap();
    assert!(Amount::ZERO < least && least < nearly && nearly < most);
    assert_ne!(most, nearly);
    assert_eq!(
        nearly.to_string(),
        "340.282366920938463463374607431768211455"
    );
    assert_eq!(least.to_string(), "0.000000000000000000000000000000000001");
}

#[test]
fn different_amounts_hash_apart() {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let amounts = (0..1000_u128).map(|units| Amount::from_units(units, 3).unwrap());
    let hashes: HashSet<u64> = amounts.map(|amount| hasher.hash_one(amount)).collect();
    assert_eq!(hashes.len(), 1000);
}
