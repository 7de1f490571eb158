//! Checked arithmetic on amounts: exact, or rounded the way the caller says, never wrapped.

use super::{Amount, AmountError, Rounding, power_of_ten};

/// The largest power of ten a `u128` holds.
const MAX_POWER: u8 = 38;

impl Amount {
    /// The number of units at `scale`, if the amount can be written there exactly.
    ///
    /// # Errors
    /// [`AmountError::NotExact`] if digits would be lost, [`AmountError::TooLarge`] beyond 128 bits,
    /// [`AmountError::ScaleTooLarge`] above [`MAX_SCALE`](Self::MAX_SCALE).
    pub fn units_at(self, scale: u8) -> Result<u128, AmountError> {
        check_scale(scale)?;
        if scale >= self.scale {
            return self
                .units
                .checked_mul(power_of_ten(scale - self.scale))
                .ok_or(AmountError::TooLarge);
        }
        let unit = power_of_ten(self.scale - scale);
        if self.units.is_multiple_of(unit) {
            Ok(self.units / unit)
        } else {
            Err(AmountError::NotExact { scale })
        }
    }

    /// The amount with exactly `scale` decimals, rounded if it is finer.
    ///
    /// # Errors
    /// [`AmountError::TooLarge`] beyond 128 bits, [`AmountError::ScaleTooLarge`] above
    /// [`MAX_SCALE`](Self::MAX_SCALE).
    pub fn rounded(self, scale: u8, rounding: Rounding) -> Result<Amount, AmountError> {
        self.checked_mul(Amount { units: 1, scale: 0 }, scale, rounding)
    }

    /// The exact sum, at the finer of the two scales.
    ///
    /// # Errors
    /// [`AmountError::TooLarge`] if the sum, or one side at that scale, needs more than 128 bits.
    pub fn checked_add(self, other: Amount) -> Result<Amount, AmountError> {
        let scale = self.scale.max(other.scale);
        let units = self
            .units_at(scale)?
            .checked_add(other.units_at(scale)?)
            .ok_or(AmountError::TooLarge)?;
        Ok(Amount { units, scale })
    }

    /// The exact difference, at the finer of the two scales.
    ///
    /// # Errors
    /// [`AmountError::BelowZero`] if `other` is more; [`AmountError::TooLarge`] if one side at that scale
    /// needs more than 128 bits.
    pub fn checked_sub(self, other: Amount) -> Result<Amount, AmountError> {
        if self < other {
            return Err(AmountError::BelowZero);
        }
        let scale = self.scale.max(other.scale);
        let units = self
            .units_at(scale)?
            .checked_sub(other.units_at(scale)?)
            .ok_or(AmountError::BelowZero)?;
        Ok(Amount { units, scale })
    }

    /// The product with `scale` decimals. The exact product (up to 256 bits) is rounded once.
    ///
    /// # Errors
    /// [`AmountError::TooLarge`] if the result needs more than 128 bits, [`AmountError::ScaleTooLarge`]
    /// above [`MAX_SCALE`](Self::MAX_SCALE).
    pub fn checked_mul(
        self,
        other: Amount,
        scale: u8,
        rounding: Rounding,
    ) -> Result<Amount, AmountError> {
        check_scale(scale)?;
        let product = Wide::product(self.units, other.units);
        let exact_scale = self.scale + other.scale;
        if exact_scale <= scale {
            let units = product
                .narrow()?
                .checked_mul(power_of_ten(scale - exact_scale))
                .ok_or(AmountError::TooLarge)?;
            return Ok(Amount { units, scale });
        }
        // Two divisions, because the power may exceed a `u128`: flooring twice is flooring once.
        let power = exact_scale - scale;
        let first = power.min(MAX_POWER);
        let (quotient, lost) = product.divided(power_of_ten(first));
        let (quotient, lost_too) = quotient.divided(power_of_ten(power - first));
        let units = round(quotient.narrow()?, lost != 0 || lost_too != 0, rounding)?;
        Ok(Amount { units, scale })
    }

    /// The quotient with `scale` decimals. The exact quotient is rounded once.
    ///
    /// # Errors
    /// [`AmountError::DivisionByZero`]; [`AmountError::TooLarge`] if the result needs more than 128 bits;
    /// [`AmountError::ScaleTooLarge`] above [`MAX_SCALE`](Self::MAX_SCALE).
    pub fn checked_div(
        self,
        other: Amount,
        scale: u8,
        rounding: Rounding,
    ) -> Result<Amount, AmountError> {
        check_scale(scale)?;
        if other.units == 0 {
            return Err(AmountError::DivisionByZero);
        }
        // self.units · 10^(scale + other.scale - self.scale) ÷ other.units
        let raise = scale + other.scale;
        if raise < self.scale {
            let (quotient, lost) = Wide::from(self.units).divided(power_of_ten(self.scale - raise));
            let (quotient, lost_too) = quotient.divided(other.units);
            let units = round(quotient.narrow()?, lost != 0 || lost_too != 0, rounding)?;
            return Ok(Amount { units, scale });
        }
        // Long division in two steps, because 10^72 exceeds a `u128`: the remainder is carried on.
        let power = raise - self.scale;
        let first = power.min(MAX_POWER);
        let second = power_of_ten(power - first);
        let (high, carried) = Wide::product(self.units, power_of_ten(first)).divided(other.units);
        let (low, lost) = Wide::product(carried, second).divided(other.units);
        let units = high
            .narrow()?
            .checked_mul(second)
            .and_then(|units| units.checked_add(low.narrow().ok()?))
            .ok_or(AmountError::TooLarge)?;
        Ok(Amount {
            units: round(units, lost != 0, rounding)?,
            scale,
        })
    }
}

fn check_scale(scale: u8) -> Result<(), AmountError> {
    if scale > Amount::MAX_SCALE {
        Err(AmountError::ScaleTooLarge { found: scale })
    } else {
        Ok(())
    }
}

fn round(units: u128, lost: bool, rounding: Rounding) -> Result<u128, AmountError> {
    match rounding {
        Rounding::Up if lost => units.checked_add(1).ok_or(AmountError::TooLarge),
        Rounding::Up | Rounding::Down => Ok(units),
    }
}

/// A 256-bit whole number, only as long as one calculation lasts.
#[derive(Clone, Copy)]
struct Wide {
    high: u128,
    low: u128,
}

impl From<u128> for Wide {
    fn from(low: u128) -> Self {
        Wide { high: 0, low }
    }
}

impl Wide {
    /// The full product, by the schoolbook method on 64-bit halves.
    fn product(a: u128, b: u128) -> Wide {
        const HALF: u32 = 64;
        const MASK: u128 = u64::MAX as u128;
        let (a1, a0) = (a >> HALF, a & MASK);
        let (b1, b0) = (b >> HALF, b & MASK);
        let (low, cross, cross_too, high) = (a0 * b0, a0 * b1, a1 * b0, a1 * b1);
        let middle = (low >> HALF) + (cross & MASK) + (cross_too & MASK);
        Wide {
            high: high + (cross >> HALF) + (cross_too >> HALF) + (middle >> HALF),
            low: (middle << HALF) | (low & MASK),
        }
    }

    /// Quotient and remainder. `divisor` is not zero.
    fn divided(self, divisor: u128) -> (Wide, u128) {
        let high = self.high / divisor;
        let mut remainder = self.high % divisor;
        if remainder == 0 {
            return (
                Wide {
                    high,
                    low: self.low / divisor,
                },
                self.low % divisor,
            );
        }
        let mut low = 0;
        for bit in (0..u128::BITS).rev() {
            // The remainder stays below the divisor, so doubling it overflows by at most one bit.
            let overflowed = remainder >> (u128::BITS - 1) == 1;
            remainder = (remainder << 1) | ((self.low >> bit) & 1);
            low <<= 1;
            if overflowed || remainder >= divisor {
                remainder = remainder.wrapping_sub(divisor);
                low |= 1;
            }
        }
        (Wide { high, low }, remainder)
    }

    fn narrow(self) -> Result<u128, AmountError> {
        if self.high == 0 {
            Ok(self.low)
        } else {
            Err(AmountError::TooLarge)
        }
    }
}
