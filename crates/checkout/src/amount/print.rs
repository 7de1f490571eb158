//! Amount to text: the digits it was parsed from, for people and for JSON.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Amount;

/// The most characters an amount can have: 39 digits of a `u128` and a point, or `0.` and 36 decimals.
const MAX_LENGTH: usize = 40;

impl Amount {
    /// The text that `to_string` gives, made without the machinery of formatting: that would be a kilobyte and more in the widget.
    #[must_use]
    pub fn digits(self) -> String {
        let mut buffer = [0; MAX_LENGTH];
        let start = self.write_digits(&mut buffer);
        buffer[start..].iter().copied().map(char::from).collect()
    }

    /// Writes the digits at the end of `buffer` and returns where they start.
    fn write_digits(self, buffer: &mut [u8; MAX_LENGTH]) -> usize {
        // Splitting by 10^19 first leaves only 64-bit divisions in the loop.
        const CHUNK: u128 = 10_000_000_000_000_000_000;
        const CHUNK_DIGITS: u8 = 19;
        let scale = self.scale();
        let mut rest = self.units();
        let mut at = MAX_LENGTH;
        let mut written = 0_u8;
        loop {
            let mut chunk = u64::try_from(rest % CHUNK).expect("below 10^19, which fits 64 bits");
            rest /= CHUNK;
            for _ in 0..CHUNK_DIGITS {
                if chunk == 0 && rest == 0 && written > scale {
                    return at;
                }
                if written == scale && scale > 0 {
                    at -= 1;
                    buffer[at] = b'.';
                }
                at -= 1;
                buffer[at] = b'0' + u8::try_from(chunk % 10).expect("a digit");
                chunk /= 10;
                written += 1;
            }
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0; MAX_LENGTH];
        let start = self.write_digits(&mut buffer);
        f.pad(str::from_utf8(&buffer[start..]).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::str::FromStr for Amount {
    type Err = super::AmountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Amount::parse(text)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Amount;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount as a string, such as \"25.00\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
                Amount::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}
