//! What a tab remembers of a product's checkout, so that a reload goes on with it instead of making a second one.

use checkout::joined;

/// The key under which a tab remembers the checkout of `product` at `proxy`.
#[must_use]
pub fn checkout_key(proxy: &str, product: &str) -> String {
    joined(&["calypso-pay checkout ", proxy, " ", product])
}

/// The key under which a tab remembers that `calypso-paid` was fired for the checkout `id` at `proxy`.
#[must_use]
pub fn paid_key(proxy: &str, id: &str) -> String {
    joined(&["calypso-pay paid ", proxy, " ", id])
}

/// One product's checkout in this tab.
///
/// The idempotency key is remembered before the checkout is asked for: a reload while the answer is on its way asks
/// again under the same key and gets the same checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The `Idempotency-Key` of the request that makes the checkout.
    pub idempotency_key: String,
    /// The checkout's id, once the proxy has answered.
    pub checkout: Option<String>,
}

impl Remembered {
    /// Reads what [`to_text`](Self::to_text) wrote; `None` for anything else, so that a foreign value is replaced.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split([' ']);
        let idempotency_key = words.next().filter(|word| is_word(word))?.to_owned();
        let checkout = match words.next() {
            None => None,
            Some(word) if is_word(word) => Some(word.to_owned()),
            Some(_) => return None,
        };
        words.next().is_none().then_some(Self {
            idempotency_key,
            checkout,
        })
    }

    /// One line for the tab's storage.
    #[must_use]
    pub fn to_text(&self) -> String {
        match &self.checkout {
            None => self.idempotency_key.clone(),
            Some(id) => joined(&[&self.idempotency_key, " ", id]),
        }
    }
}

fn is_word(word: &str) -> bool {
    !word.is_empty()
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A version 4 UUID of the 16 random `bytes`.
#[must_use]
pub fn uuid_v4(mut bytes: [u8; 16]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 0x0f)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Remembered, checkout_key, paid_key, uuid_v4};
    use proptest::prelude::*;

    #[test]
    fn what_is_written_is_read() {
        for checkout in [None, Some("0d6c3f0e-1111".to_owned())] {
            let remembered = Remembered {
                idempotency_key: uuid_v4([7; 16]),
                checkout,
            };
            assert_eq!(Remembered::parse(&remembered.to_text()), Some(remembered));
        }
    }

    #[test]
    fn products_proxies_and_purposes_do_not_share_a_key() {
        let keys = [
            checkout_key("https://a.example", "x"),
            checkout_key("https://b.example", "x"),
            checkout_key("https://a.example", "y"),
            paid_key("https://a.example", "x"),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[index + 1..].contains(key));
        }
    }

    #[test]
    fn foreign_values_are_not_believed() {
        for text in [
            "",
            " ",
            "a b c",
            "a  b",
            "key ../../admin",
            "<script>",
            "key\tid",
            "key id ",
        ] {
            assert_eq!(Remembered::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn uuids_carry_version_and_variant() {
        assert_eq!(uuid_v4([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid_v4([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in ".*") {
            if let Some(remembered) = Remembered::parse(&text) {
                prop_assert_eq!(remembered.to_text(), text);
            }
        }
    }
}
