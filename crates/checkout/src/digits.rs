//! Whole numbers as text.

/// The text that `to_string` gives, made without the machinery of formatting: that would be a kilobyte and more in the widget.
#[must_use]
pub fn digits(number: u64) -> String {
    let mut place = 1;
    while number / place > 9 {
        place *= 10;
    }
    let mut text = String::new();
    while place > 0 {
        let digit = u8::try_from(number / place % 10).expect("a digit");
        text.push(char::from(b'0' + digit));
        place /= 10;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::digits;
    use crate::Amount;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_give_one_text(number: u64, units: u128, scale in 0..=36_u8) {
            prop_assert_eq!(digits(number), number.to_string());
            prop_assert_eq!(digits(number % 1_000), (number % 1_000).to_string());
            let amount = Amount::from_units(units, scale).expect("in range");
            prop_assert_eq!(amount.digits(), amount.to_string());
        }
    }
}
