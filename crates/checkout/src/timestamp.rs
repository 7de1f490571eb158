//! A moment in time, in milliseconds; written as RFC 3339 in UTC. Nothing here reads a clock.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Milliseconds in a day.
const DAY: i64 = 86_400_000;
/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

/// A moment: milliseconds since 1970-01-01T00:00:00Z, between the years 0 and 9999 (what RFC 3339 can
/// write). Leap seconds do not exist here, as in POSIX time. In JSON a string, `2026-11-21T08:25:00Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Why a text is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimestampError {
    /// The text has not the form `YYYY-MM-DDThh:mm:ss[.fraction]Z` (upper-case `T` and `Z`, one to nine
    /// digits of fraction, no other offset).
    #[error("expected a UTC time such as 2026-11-21T08:25:00Z, got another form")]
    Malformed,
    /// A field is outside its range, such as February 30th, hour 24 or second 60.
    #[error("expected a date and time that exist, got one that does not")]
    OutOfRange,
}

impl Timestamp {
    /// The earliest moment, `0000-01-01T00:00:00Z`.
    pub const MIN: Timestamp = Timestamp(-62_167_219_200_000);

    /// The latest moment, `9999-12-31T23:59:59.999Z`.
    pub const MAX: Timestamp = Timestamp(253_402_300_799_999);

    /// The moment `millis` milliseconds after 1970 began; beyond [`MIN`](Self::MIN) and
    /// [`MAX`](Self::MAX) it is the nearer of them.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Timestamp {
        if millis < Timestamp::MIN.0 {
            Timestamp::MIN
        } else if millis > Timestamp::MAX.0 {
            Timestamp::MAX
        } else {
            Timestamp(millis)
        }
    }

    /// The moment of a UTC calendar date and time. `month` and `day` count from 1.
    ///
    /// # Errors
    /// [`TimestampError::OutOfRange`] for a date or time that does not exist (leap seconds included).
    pub fn from_utc(
        (year, month, day): (u16, u8, u8),
        (hour, minute, second): (u8, u8, u8),
        millisecond: u16,
    ) -> Result<Timestamp, TimestampError> {
        let exists = year <= 9999
            && (1..=12).contains(&month)
            && (1..=days_of_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60
            && millisecond < 1000;
        if !exists {
            return Err(TimestampError::OutOfRange);
        }
        let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
        Ok(Timestamp(
            days_since_1970(year, month, day) * DAY + seconds * 1000 + i64::from(millisecond),
        ))
    }

    /// Milliseconds since 1970 began; negative before.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads `YYYY-MM-DDThh:mm:ss[.fraction]Z`. A fraction has one to nine digits; what is finer than a
    /// millisecond is cut off.
    ///
    /// # Errors
    /// [`TimestampError::Malformed`] for any other form, [`TimestampError::OutOfRange`] for a date or time
    /// that does not exist.
    pub fn parse(text: &str) -> Result<Timestamp, TimestampError> {
        let body = text
            .strip_suffix('Z')
            .ok_or(TimestampError::Malformed)?
            .as_bytes();
        let (clock, fraction) = body.split_at_checked(19).ok_or(TimestampError::Malformed)?;
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if separators
            .iter()
            .any(|&(at, separator)| clock[at] != separator)
        {
            return Err(TimestampError::Malformed);
        }
        let two = |at: usize| number::<u8>(&clock[at..at + 2]);
        let millisecond = match fraction {
            [] => 0,
            [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
                number::<u32>(digits)?;
                let digit = |at: usize| u16::from(digits.get(at).map_or(0, |digit| digit - b'0'));
                digit(0) * 100 + digit(1) * 10 + digit(2)
            }
            _ => return Err(TimestampError::Malformed),
        };
        let year = number(&clock[..4])?;
        Timestamp::from_utc(
            (year, two(5)?, two(8)?),
            (two(11)?, two(14)?, two(17)?),
            millisecond,
        )
    }

    /// The moment `millis` milliseconds later (earlier if negative), held at [`MIN`](Self::MIN) and
    /// [`MAX`](Self::MAX).
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_add(millis))
    }

    /// The moment `seconds` seconds later (earlier if negative), held at [`MIN`](Self::MIN) and
    /// [`MAX`](Self::MAX).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Timestamp {
        self.plus_millis(seconds.saturating_mul(1000))
    }

    /// Milliseconds from `earlier` to this moment; negative if `earlier` is in truth later.
    #[must_use]
    pub const fn millis_since(self, earlier: Timestamp) -> i64 {
        self.0 - earlier.0
    }
}

/// A run of ASCII digits, at most nine, whose value fits the type asked for.
fn number<T: TryFrom<u32>>(digits: &[u8]) -> Result<T, TimestampError> {
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return Err(TimestampError::Malformed);
        }
        value = value * 10 + u32::from(digit - b'0');
    }
    T::try_from(value).map_err(|_| TimestampError::Malformed)
}

const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// The length of a month; `month` is 1 to 12.
const fn days_of_month(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01. Years are counted from March, so that a leap day is the last of its year.
fn days_since_1970(year: u16, month: u8, day: u8) -> i64 {
    let (month, year) = (i64::from(month), i64::from(year));
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + i64::from(day) - 1 - DAYS_TO_1970
}

/// The inverse of [`days_since_1970`]: year, month, day.
fn date_of(days: i64) -> (i64, i64, i64) {
    const ERA: i64 = 146_097; // days in 400 years
    let days = days + DAYS_TO_1970;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / (ERA - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 {
        (year, month + 3)
    } else {
        (year + 1, month - 9)
    };
    (era * 400 + year, month, day)
}

impl fmt::Display for Timestamp {
    /// `2026-11-21T08:25:00Z`; three digits of fraction only if they are not zero. Digit by digit: padding by `write!` would bring a
    /// kilobyte of machinery into the widget.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.0.div_euclid(DAY));
        let millis = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
        let mut text = [0; 24];
        let mut at = 0;
        for (number, digits, behind) in [
            (year, 4, b'-'),
            (month, 2, b'-'),
            (day, 2, b'T'),
            (hour, 2, b':'),
            (minute, 2, b':'),
            (second, 2, b'.'),
            (millis % 1000, 3, b'Z'),
        ] {
            let mut rest = number;
            for place in (at..at + digits).rev() {
                text[place] = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
            at += digits;
            text[at] = behind;
            at += 1;
        }
        if millis % 1000 == 0 {
            at = 20;
            text[19] = b'Z';
        }
        f.write_str(str::from_utf8(&text[..at]).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::str::FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Timestamp::parse(text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a UTC time as a string, such as \"2026-11-21T08:25:00Z\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                Timestamp::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}
