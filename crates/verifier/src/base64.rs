//! Base64url without padding, in its one spelling (RFC 4648, sections 3.5 and 5).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Decodes `text` into the beginning of `into`. `None` for other characters, bits behind the end, and what does not fit.
pub(crate) fn decode<'a>(text: &[u8], into: &'a mut [u8]) -> Option<&'a [u8]> {
    let (mut bits, mut count, mut length) = (0_u32, 0, 0);
    for letter in text {
        let value = ALPHABET.iter().position(|it| it == letter)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            *into.get_mut(length)? = u8::try_from(bits >> count).ok()?;
            bits &= (1 << count) - 1;
            length += 1;
        }
    }
    if count >= 6 || bits != 0 {
        return None;
    }
    into.get(..length)
}
