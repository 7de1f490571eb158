//! Arithmetic against a naive big integer: every result is exact, rounded as asked, or refused.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cmp::Ordering;

use checkout::{Amount, AmountError, Rounding};
use proptest::prelude::{
    ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

/// A whole number as decimal digits, the least first; slow, and simple enough to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Digits(Vec<u8>);

impl Digits {
    fn new(value: u128) -> Digits {
        Digits(
            value
                .to_string()
                .bytes()
                .rev()
                .map(|digit| digit - b'0')
                .collect(),
        )
        .trimmed()
    }

    fn trimmed(mut self) -> Digits {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    fn times(&self, other: &Digits) -> Digits {
        let mut sums = vec![0_u32; self.0.len() + other.0.len() + 1];
        for (i, a) in self.0.iter().enumerate() {
            for (j, b) in other.0.iter().enumerate() {
                sums[i + j] += u32::from(*a) * u32::from(*b);
            }
        }
        for at in 0..sums.len() - 1 {
            sums[at + 1] += sums[at] / 10;
            sums[at] %= 10;
        }
        Digits(sums.into_iter().map(|digit| digit as u8).collect()).trimmed()
    }

    fn plus_one(mut self) -> Digits {
        for digit in &mut self.0 {
            *digit += 1;
            if *digit < 10 {
                return self;
            }
            *digit = 0;
        }
        self.0.push(1);
        self
    }

    /// Multiplied by 10^`zeros`.
    fn shifted(&self, zeros: usize) -> Digits {
        let mut digits = vec![0; zeros];
        digits.extend(&self.0);
        Digits(digits).trimmed()
    }

    fn compared(&self, other: &Digits) -> Ordering {
        self.0
            .len()
            .cmp(&other.0.len())
            .then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    fn minus(&self, other: &Digits) -> Digits {
        let mut borrow = 0;
        let digits = self.0.iter().enumerate().map(|(at, digit)| {
            let mut digit = *digit as i8 - borrow - other.0.get(at).map_or(0, |digit| *digit as i8);
            borrow = i8::from(digit < 0);
            digit += 10 * borrow;
            digit as u8
        });
        Digits(digits.collect()).trimmed()
    }

    /// Quotient, and whether there is a remainder: school division by repeated subtraction.
    fn divided(&self, divisor: &Digits) -> (Digits, bool) {
        let (mut quotient, mut rest) = (vec![], Digits(vec![]));
        for digit in self.0.iter().rev() {
            rest.0.insert(0, *digit);
            rest = rest.trimmed();
            let mut times = 0;
            while rest.compared(divisor) != Ordering::Less {
                rest = rest.minus(divisor);
                times += 1;
            }
            quotient.insert(0, times);
        }
        (Digits(quotient).trimmed(), !rest.0.is_empty())
    }

    fn rounded(self, lost: bool, rounding: Rounding) -> Result<u128, AmountError> {
        let result = if lost && rounding == Rounding::Up {
            self.plus_one()
        } else {
            self
        };
        let text: String = result
            .0
            .iter()
            .rev()
            .map(|digit| char::from(digit + b'0'))
            .collect();
        if text.is_empty() {
            Ok(0)
        } else {
            text.parse().map_err(|_| AmountError::TooLarge)
        }
    }
}

/// Numerator × 10^`power` ÷ denominator, rounded.
fn expected(
    numerator: &Digits,
    power: i32,
    denominator: &Digits,
    rounding: Rounding,
) -> Result<u128, AmountError> {
    let shift = power.unsigned_abs() as usize;
    let (quotient, lost) = if power < 0 {
        numerator.divided(&denominator.shifted(shift))
    } else {
        numerator.shifted(shift).divided(denominator)
    };
    quotient.rounded(lost, rounding)
}

/// Amounts of every magnitude, round ones and extreme ones among them.
fn amounts() -> impl Strategy<Value = Amount> {
    let units = prop_oneof![
        (any::<u128>(), 0..128_u32).prop_map(|(bits, shift)| bits >> shift),
        (0..=38_u32).prop_map(|power| 10_u128.pow(power)),
        proptest::sample::select(vec![
            0,
            1,
            u128::MAX,
            u128::MAX - 1,
            1 << 64,
            (1 << 64) - 1,
            1 << 127
        ]),
    ];
    (units, 0..=Amount::MAX_SCALE)
        .prop_map(|(units, scale)| Amount::from_units(units, scale).unwrap())
}

fn roundings() -> impl Strategy<Value = Rounding> {
    proptest::sample::select(vec![Rounding::Up, Rounding::Down])
}

fn units(result: Result<Amount, AmountError>) -> Result<u128, AmountError> {
    result.map(Amount::units)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn products_are_those_of_a_naive_big_integer(
        a in amounts(), b in amounts(), scale in 0..=Amount::MAX_SCALE, rounding in roundings(),
    ) {
        let product = Digits::new(a.units()).times(&Digits::new(b.units()));
        let power = i32::from(scale) - i32::from(a.scale()) - i32::from(b.scale());
        let result = a.checked_mul(b, scale, rounding);
        prop_assert_eq!(units(result), expected(&product, power, &Digits::new(1), rounding));
        prop_assert!(result.is_err() || result.unwrap().scale() == scale);
    }

    #[test]
    fn quotients_are_those_of_a_naive_big_integer(
        a in amounts(), b in amounts(), scale in 0..=Amount::MAX_SCALE, rounding in roundings(),
    ) {
        let result = a.checked_div(b, scale, rounding);
        if b.is_zero() {
            prop_assert_eq!(result.unwrap_err(), AmountError::DivisionByZero);
            return Ok(());
        }
        let power = i32::from(scale) + i32::from(b.scale()) - i32::from(a.scale());
        let expected = expected(&Digits::new(a.units()), power, &Digits::new(b.units()), rounding);
        prop_assert_eq!(units(result), expected);
        prop_assert!(result.is_err() || result.unwrap().scale() == scale);
    }

    #[test]
    fn a_sum_minus_one_part_is_the_other(a in amounts(), b in amounts()) {
        let Ok(sum) = a.checked_add(b) else { return Ok(()) };
        prop_assert!(sum >= a && sum >= b);
        prop_assert_eq!(sum, b.checked_add(a).unwrap());
        prop_assert_eq!(sum.checked_sub(a).unwrap(), b);
        prop_assert_eq!(sum.checked_sub(b).unwrap(), a);
        prop_assert_eq!(sum.scale(), a.scale().max(b.scale()));
    }

    #[test]
    fn nothing_goes_below_zero(a in amounts(), b in amounts()) {
        match a.checked_sub(b) {
            Ok(difference) => prop_assert!(a >= b && difference <= a),
            Err(AmountError::BelowZero) => prop_assert!(a < b),
            Err(error) => prop_assert_eq!(error, AmountError::TooLarge),
        }
    }

    #[test]
    fn units_at_a_scale_are_exact_or_refused(a in amounts(), scale in 0..=Amount::MAX_SCALE) {
        match a.units_at(scale) {
            Ok(units) => prop_assert_eq!(Amount::from_units(units, scale).unwrap(), a),
            Err(AmountError::NotExact { scale: named }) => {
                prop_assert_eq!(named, scale);
                prop_assert!(a.rounded(scale, Rounding::Down).unwrap() < a);
                prop_assert!(a.rounded(scale, Rounding::Up).unwrap() > a);
            }
            Err(error) => prop_assert_eq!(error, AmountError::TooLarge),
        }
    }
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

#[test]
fn a_price_becomes_an_amount_to_pay() {
    // 25.00 EUR at 0.91527 EUR for one USDT; a buyer must never owe too little.
    let due = amount("25.00")
        .checked_div(amount("0.91527"), 6, Rounding::Up)
        .unwrap();
    assert_eq!(due.to_string(), "27.314345");
    let shown = due.rounded(2, Rounding::Down).unwrap();
    assert_eq!(shown.to_string(), "27.31");
    // The gateway's tolerance: 0.995 of the amount is enough.
    let enough = amount("10.234")
        .checked_mul(amount("0.995"), 6, Rounding::Up)
        .unwrap();
    assert_eq!(enough.to_string(), "10.182830");
}

#[test]
fn one_third_goes_the_way_it_is_told() {
    let third = |rounding| {
        amount("1")
            .checked_div(amount("3"), 4, rounding)
            .unwrap()
            .to_string()
    };
    assert_eq!(third(Rounding::Down), "0.3333");
    assert_eq!(third(Rounding::Up), "0.3334");
}

#[test]
fn what_cannot_be_held_is_refused() {
    let most = Amount::from_units(u128::MAX, 0).unwrap();
    assert_eq!(most.checked_add(amount("1")), Err(AmountError::TooLarge));
    assert_eq!(most.checked_add(amount("0.1")), Err(AmountError::TooLarge));
    assert_eq!(
        most.checked_mul(amount("2"), 0, Rounding::Down),
        Err(AmountError::TooLarge)
    );
    assert_eq!(
        most.checked_div(amount("0.1"), 0, Rounding::Down),
        Err(AmountError::TooLarge)
    );
    assert_eq!(
        most.checked_mul(most, 0, Rounding::Down),
        Err(AmountError::TooLarge)
    );
    assert_eq!(most.checked_div(most, 36, Rounding::Up), Ok(amount("1")));
    assert_eq!(
        amount("1").checked_sub(amount("1.01")),
        Err(AmountError::BelowZero)
    );
    assert_eq!(
        amount("1").checked_div(Amount::ZERO, 2, Rounding::Up),
        Err(AmountError::DivisionByZero)
    );
    assert_eq!(
        amount("1.5").units_at(0),
        Err(AmountError::NotExact { scale: 0 })
    );
    for result in [
        Amount::from_units(1, 37).map(|_| ()),
        amount("1").units_at(37).map(|_| ()),
        amount("1").rounded(37, Rounding::Up).map(|_| ()),
        amount("1")
            .checked_mul(amount("1"), 37, Rounding::Up)
            .map(|_| ()),
        amount("1")
            .checked_div(amount("1"), 37, Rounding::Up)
            .map(|_| ()),
    ] {
        assert_eq!(result, Err(AmountError::ScaleTooLarge { found: 37 }));
    }
}
