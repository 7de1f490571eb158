//! An exact, non-negative amount of money: whole units of 10^-scale, never a float.

mod arithmetic;
mod parse;
mod print;

use core::cmp::Ordering;
use core::hash::{Hash, Hasher};

/// An exact, non-negative amount of one currency, as a whole number of units of 10<sup>-scale</sup>.
///
/// The currency itself is not part of it. Amounts compare, order and hash by *value*, so `1.0` equals
/// `1`; [`Display`](core::fmt::Display) nevertheless prints the very digits that were parsed. In JSON an
/// amount is a string in the strict grammar of [`Amount::parse`].
///
/// ```
/// use checkout::Amount;
/// let price = Amount::parse("25.00")?;
/// assert_eq!(price, Amount::parse("25")?);
/// assert_eq!(price.to_string(), "25.00");
/// # Ok::<(), checkout::AmountError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Amount {
    units: u128,
    scale: u8,
}

/// Which way a result goes that has more decimals than were asked for.
///
/// There is no "nearest": money either must not be less (what a buyer owes: [`Up`](Rounding::Up)) or
/// must not be more (what is credited or estimated: [`Down`](Rounding::Down)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Away from zero: the smallest amount at this scale that is not less than the exact result.
    Up,
    /// Towards zero: the greatest amount at this scale that is not more than the exact result.
    Down,
}

/// Why a text is not an amount, or why a calculation has no exact answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// The text is empty.
    #[error("expected an amount such as 25.00, got nothing")]
    Empty,
    /// A character that the grammar does not allow at this place (signs, spaces, commas, exponents, other
    /// alphabets' digits).
    #[error("expected digits with at most one point, got {found:?} at byte {at}")]
    UnexpectedCharacter {
        /// The first character that does not belong.
        found: char,
        /// Its byte offset in the text.
        at: usize,
    },
    /// The text is below zero, or writes zero with a minus sign.
    #[error("expected an amount of zero or more, got a minus sign")]
    Negative,
    /// The whole part starts with a superfluous zero (`007`, `00.5`).
    #[error("expected no leading zeros, got at least one")]
    LeadingZero,
    /// Nothing stands before the point (`.5`).
    #[error("expected a digit before the point, got none")]
    NoWholeDigits,
    /// Nothing stands after the point (`5.`).
    #[error("expected a digit after the point, got none")]
    NoDecimals,
    /// A JSON number's exponent has no digits (`1e`, `1e+`).
    #[error("expected digits in the exponent, got none")]
    NoExponentDigits,
    /// A JSON number's exponent is beyond ±99; such numbers are attacks, not money.
    #[error("expected an exponent between -99 and 99, got a larger one")]
    ExponentTooLarge,
    /// More digits after the point than allowed.
    #[error("expected at most {allowed} decimals, got {found}")]
    TooManyDecimals {
        /// How many are allowed here.
        allowed: u8,
        /// How many there were (at most 65 535 are counted).
        found: u16,
    },
    /// The value needs more than 128 bits at its scale.
    #[error("expected an amount below 2^128 units, got a larger one")]
    TooLarge,
    /// A scale above [`Amount::MAX_SCALE`] was asked for.
    #[error("expected a scale of at most 36, got {found}")]
    ScaleTooLarge {
        /// The scale asked for.
        found: u8,
    },
    /// The amount has digits below the scale asked for, so it cannot be written there exactly.
    #[error("expected an amount with at most {scale} decimals that matter, got a finer one")]
    NotExact {
        /// The scale asked for.
        scale: u8,
    },
    /// A subtraction would go below zero.
    #[error("expected a result of zero or more, got one below zero")]
    BelowZero,
    /// A division by zero.
    #[error("expected a divisor above zero, got zero")]
    DivisionByZero,
}

impl Amount {
    /// The largest number of decimals an amount can have.
    pub const MAX_SCALE: u8 = 36;

    /// Zero, without decimals.
    pub const ZERO: Amount = Amount { units: 0, scale: 0 };

    /// The amount of `units` × 10<sup>-scale</sup>.
    ///
    /// # Errors
    /// [`AmountError::ScaleTooLarge`] above [`MAX_SCALE`](Self::MAX_SCALE).
    pub const fn from_units(units: u128, scale: u8) -> Result<Amount, AmountError> {
        if scale > Amount::MAX_SCALE {
            return Err(AmountError::ScaleTooLarge { found: scale });
        }
        Ok(Amount { units, scale })
    }

    /// The whole number of units of 10<sup>-[scale](Self::scale)</sup>.
    #[must_use]
    pub const fn units(self) -> u128 {
        self.units
    }

    /// The number of decimals, 0 to [`MAX_SCALE`](Self::MAX_SCALE), trailing zeros included.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether this is zero, at any scale.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// The value without trailing zeros after the point: `25.00` becomes `25`.
    #[must_use]
    pub fn normalized(self) -> Amount {
        if self.units == 0 {
            return Amount::ZERO;
        }
        let Amount {
            mut units,
            mut scale,
        } = self;
        while scale > 0 && units.is_multiple_of(10) {
            units /= 10;
            scale -= 1;
        }
        Amount { units, scale }
    }

    /// Whole part, and the decimals brought to 36 digits: together they order amounts of any scale.
    fn split(self) -> (u128, u128) {
        let unit = power_of_ten(self.scale);
        let decimals = (self.units % unit) * power_of_ten(Amount::MAX_SCALE - self.scale);
        (self.units / unit, decimals)
    }
}

/// 10^`exponent`; callers keep it at or below 38, the largest power of ten in a `u128`.
const fn power_of_ten(exponent: u8) -> u128 {
    10u128.pow(exponent as u32)
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Amount {}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale {
            return self.units.cmp(&other.units);
        }
        self.split().cmp(&other.split())
    }
}

impl Hash for Amount {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Amount { units, scale } = self.normalized();
        units.hash(state);
        scale.hash(state);
    }
}
