//! Text to amount: the strict grammar for our own JSON and people, and JSON's number grammar for the gateway.

use super::{Amount, AmountError};

/// Larger exponents than this are refused unread: no amount needs them.
const MAX_EXPONENT: i32 = 99;

impl Amount {
    /// Reads `digits` or `digits.digits`: no sign, no leading zeros, no exponent, no spaces, ASCII digits
    /// only. Trailing zeros are kept, so printing gives the same text again.
    ///
    /// # Errors
    /// The [`AmountError`] that names the first thing wrong; [`AmountError::TooManyDecimals`] beyond
    /// [`MAX_SCALE`](Self::MAX_SCALE) decimals, [`AmountError::TooLarge`] beyond 128 bits.
    pub fn parse(text: &str) -> Result<Amount, AmountError> {
        Amount::parse_max_scale(text, Amount::MAX_SCALE)
    }

    /// [`parse`](Self::parse), with at most `max_scale` decimals. Trailing zeros count: `1.000` is refused
    /// where two decimals are allowed.
    ///
    /// # Errors
    /// As [`parse`](Self::parse); [`AmountError::ScaleTooLarge`] if `max_scale` itself is above
    /// [`MAX_SCALE`](Self::MAX_SCALE).
    pub fn parse_max_scale(text: &str, max_scale: u8) -> Result<Amount, AmountError> {
        if max_scale > Amount::MAX_SCALE {
            return Err(AmountError::ScaleTooLarge { found: max_scale });
        }
        if text.is_empty() {
            return Err(AmountError::Empty);
        }
        let number = Number::split(text)?;
        if let Some(at) = number.end(text) {
            return Err(unexpected(text, at));
        }
        let found = number.decimals.len();
        if found > usize::from(max_scale) {
            return Err(too_many_decimals(max_scale, found));
        }
        let units = accumulate(accumulate(0, number.whole)?, number.decimals)?;
        let scale = u8::try_from(found).expect("at most max_scale");
        Ok(Amount { units, scale })
    }

    /// Reads the text of a JSON number exactly, as the gateway sends amounts (gateway reference §1.6):
    /// `0`, `12.50`, `4.2E-8`. Decimals stay as sent, an exponent moves the point.
    ///
    /// # Errors
    /// [`AmountError::Negative`] for anything with a minus sign, `-0` too; [`AmountError::ExponentTooLarge`]
    /// beyond ±99; [`AmountError::TooManyDecimals`] if the value does not fit
    /// [`MAX_SCALE`](Self::MAX_SCALE) decimals; [`AmountError::TooLarge`] beyond 128 bits; otherwise the
    /// first offence against JSON's grammar.
    pub fn from_json_number(lexeme: &str) -> Result<Amount, AmountError> {
        if lexeme.is_empty() {
            return Err(AmountError::Empty);
        }
        let Number {
            whole,
            mut decimals,
        } = Number::split(lexeme)?;
        let exponent = match (Number { whole, decimals }).end(lexeme) {
            None => 0,
            Some(at) => read_exponent(lexeme, at)?,
        };
        // Zeros that only reach beyond what we can hold carry no value; drop them rather than refuse.
        while scale_of(decimals, exponent) > i32::from(Amount::MAX_SCALE) && decimals.ends_with('0')
        {
            decimals = &decimals[..decimals.len() - 1];
        }
        let units = accumulate(accumulate(0, whole)?, decimals)?;
        let scale = scale_of(decimals, exponent);
        if units == 0 {
            let scale = u8::try_from(scale.max(0))
                .unwrap_or(Amount::MAX_SCALE)
                .min(Amount::MAX_SCALE);
            return Ok(Amount { units, scale });
        }
        if scale < 0 {
            let zeros = u8::try_from(-scale).map_err(|_| AmountError::TooLarge)?;
            let factor = 10u128
                .checked_pow(u32::from(zeros))
                .ok_or(AmountError::TooLarge)?;
            let units = units.checked_mul(factor).ok_or(AmountError::TooLarge)?;
            return Ok(Amount { units, scale: 0 });
        }
        lower_scale(units, scale)
    }
}

/// A number's digits on both sides of the point.
#[derive(Clone, Copy)]
struct Number<'a> {
    whole: &'a str,
    decimals: &'a str,
}

impl<'a> Number<'a> {
    /// The longest `digits[.digits]` at the start of `text`.
    fn split(text: &'a str) -> Result<Number<'a>, AmountError> {
        let (whole, rest) = leading_digits(text);
        if whole.is_empty() {
            return Err(match text.as_bytes()[0] {
                b'-' => AmountError::Negative,
                b'.' => AmountError::NoWholeDigits,
                _ => unexpected(text, 0),
            });
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(AmountError::LeadingZero);
        }
        let Some(rest) = rest.strip_prefix('.') else {
            return Ok(Number {
                whole,
                decimals: "",
            });
        };
        let (decimals, rest) = leading_digits(rest);
        if !decimals.is_empty() {
            return Ok(Number { whole, decimals });
        }
        Err(if rest.is_empty() {
            AmountError::NoDecimals
        } else {
            unexpected(text, whole.len() + 1)
        })
    }

    /// Where the number ends in the text it was split from, unless it is all of it.
    fn end(self, text: &str) -> Option<usize> {
        let point = usize::from(!self.decimals.is_empty());
        let end = self.whole.len() + point + self.decimals.len();
        (end < text.len()).then_some(end)
    }
}

fn leading_digits(text: &str) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// The exponent that starts at byte `at` and ends with the text.
fn read_exponent(text: &str, at: usize) -> Result<i32, AmountError> {
    if !matches!(text.as_bytes()[at], b'e' | b'E') {
        return Err(unexpected(text, at));
    }
    let (sign, start) = match text.as_bytes().get(at + 1) {
        Some(b'-') => (-1, at + 2),
        Some(b'+') => (1, at + 2),
        _ => (1, at + 1),
    };
    let (digits, rest) = leading_digits(&text[start..]);
    if !rest.is_empty() {
        return Err(unexpected(text, start + digits.len()));
    }
    if digits.is_empty() {
        return Err(AmountError::NoExponentDigits);
    }
    let mut value = 0_i32;
    for digit in digits.bytes() {
        value = value * 10 + i32::from(digit - b'0');
        if value > MAX_EXPONENT {
            return Err(AmountError::ExponentTooLarge);
        }
    }
    Ok(sign * value)
}

/// Decimals after the exponent moved the point; saturating, as texts can be long.
fn scale_of(decimals: &str, exponent: i32) -> i32 {
    i32::try_from(decimals.len())
        .unwrap_or(i32::MAX)
        .saturating_sub(exponent)
}

/// `units` × 10^-`scale`, where trailing zeros of `units` may pay for a scale beyond the limit.
fn lower_scale(mut units: u128, mut scale: i32) -> Result<Amount, AmountError> {
    while scale > i32::from(Amount::MAX_SCALE) {
        if !units.is_multiple_of(10) {
            return Err(too_many_decimals(
                Amount::MAX_SCALE,
                usize::try_from(scale).unwrap_or(usize::MAX),
            ));
        }
        units /= 10;
        scale -= 1;
    }
    Ok(Amount {
        units,
        scale: u8::try_from(scale).expect("between 0 and MAX_SCALE"),
    })
}

/// Appends decimal digits to `units`.
fn accumulate(units: u128, digits: &str) -> Result<u128, AmountError> {
    let mut units = units;
    // Up to 18 digits at a time fit a `u64`, which is far quicker than 128-bit steps.
    for chunk in digits.as_bytes().chunks(18) {
        let mut value = 0_u64;
        let mut factor = 1_u64;
        for digit in chunk {
            value = value * 10 + u64::from(digit - b'0');
            factor *= 10;
        }
        units = units
            .checked_mul(u128::from(factor))
            .and_then(|units| units.checked_add(u128::from(value)))
            .ok_or(AmountError::TooLarge)?;
    }
    Ok(units)
}

fn unexpected(text: &str, at: usize) -> AmountError {
    let found = text[at..]
        .chars()
        .next()
        .expect("the caller found something at this byte");
    AmountError::UnexpectedCharacter { found, at }
}

fn too_many_decimals(allowed: u8, found: usize) -> AmountError {
    AmountError::TooManyDecimals {
        allowed,
        found: u16::try_from(found).unwrap_or(u16::MAX),
    }
}
