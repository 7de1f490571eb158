//! The `Idempotency-Key` header, and whose key it is.

use std::collections::HashSet;

use axum::http::{HeaderMap, HeaderName, header};
use checkout::RefusalCode;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::headers::single;
use super::json::{Fields, Json};
use crate::app::Caller;
use crate::checkouts::idempotency_key::IdempotencyKey;
use crate::checkouts::refund::RefundKey;
use crate::checkouts::shop_id::ShopId;
use crate::input::client::Network;
use crate::refusal::Refusal;

const NAME: HeaderName = HeaderName::from_static("idempotency-key");
/// How many hexadecimal digits make 128 bits.
const RANDOM_DIGITS: usize = 32;
/// How many different digits a random key has at least. Of 30 random ones fewer than these come up once in 10^11 times.
const DIFFERENT_DIGITS: usize = 6;

/// The key a checkout of a shop is asked for with: one that the merchant's server must send, or a page may.
///
/// # Errors
/// `idempotency_key_missing`, `idempotency_key_malformed`; for a page also those of [`page_scope`].
pub(super) fn of(
    caller: &Caller,
    shop: &ShopId,
    network: Option<Network>,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<Option<IdempotencyKey>, Refusal> {
    let (scope, key) = match caller {
        Caller::Merchant(_) => ("merchant".to_owned(), Some(required(headers)?)),
        Caller::Page(_) | Caller::Nobody => {
            let mut scope = page_scope(headers, bytes)?;
            let key = read(headers)?;
            if let (Some(key), Some(network)) = (&key, network)
                && !is_random(key)
            {
                scope = format!("{scope} {network}");
            }
            (scope, key)
        }
    };
    Ok(key.map(|key| IdempotencyKey {
        shop: shop.clone(),
        scope,
        key,
        // The bytes as sent: a retry sends the same ones, and nobody has to agree on what makes two bodies equal.
        fingerprint: Sha256::digest(bytes).into(),
    }))
}

/// The key a refund is asked for with.
///
/// # Errors
/// `idempotency_key_missing`, `idempotency_key_malformed`.
pub(super) fn of_refund(headers: &HeaderMap, bytes: &[u8]) -> Result<RefundKey, Refusal> {
    Ok(RefundKey {
        key: required(headers)?,
        fingerprint: Sha256::digest(bytes).into(),
    })
}

/// Whose keys a page's are: those of pages of its origin that sell the same product. The origin is what the caller says; what keeps a
/// stranger from a buyer's checkout is that nobody guesses a page's key, or, where it can be guessed (`cart-1001`), that it counts in the
/// buyer's network alone. There a phone that changes networks in the middle of a retry makes a second checkout.
///
/// # Errors
/// `merchant_key_missing` for what looks like a server that has left its key out; those of JSON.
fn page_scope(headers: &HeaderMap, bytes: &[u8]) -> Result<String, Refusal> {
    let fields = Fields::of_body(Json::read(bytes)?)?;
    let origin = headers.get(header::ORIGIN);
    if origin.is_none() && !fields.has("product") && !fields.has("order") {
        return Err(Refusal::new(
            RefusalCode::MerchantKeyMissing,
            "setting a price needs the merchant's key in `Authorization: Bearer KEY`; a page names a `product` instead",
        ));
    }
    let origin = origin
        .and_then(|origin| origin.to_str().ok())
        .unwrap_or("-");
    let product = fields.peek("product").unwrap_or_default();
    Ok(format!("page {origin} {product}"))
}

/// Reads the key, if there is one.
///
/// # Errors
/// `idempotency_key_malformed` unless it is there once with 1 to 255 printable ASCII characters.
fn read(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let malformed = |what: &str| {
        Refusal::new(
            RefusalCode::IdempotencyKeyMalformed,
            format!(
                "the Idempotency-Key header {what}; expected 1 to 255 printable ASCII characters"
            ),
        )
    };
    let Some(value) = single(headers, &NAME).map_err(|()| malformed("is there more than once"))?
    else {
        return Ok(None);
    };
    let bytes = value.as_bytes();
    if bytes.is_empty() || bytes.len() > 255 {
        return Err(malformed(&format!("has {} characters", bytes.len())));
    }
    match std::str::from_utf8(bytes) {
        Ok(key) if key.bytes().all(|byte| (0x20..0x7f).contains(&byte)) => Ok(Some(key.to_owned())),
        _ => Err(malformed("holds other characters")),
    }
}

/// Whether a key has the form of 128 random bits: a version 4 UUID, or [`RANDOM_DIGITS`] hexadecimal digits or more. Padded numbers have
/// it too, so a few digits over and over are none.
fn is_random(key: &str) -> bool {
    let digits: String = key.chars().filter(|c| *c != '-').collect();
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_form = match Uuid::try_parse(key) {
        Ok(uuid) => uuid.get_version_num() == 4 || !key.contains('-'),
        Err(_) => !key.contains('-') && digits.len() >= RANDOM_DIGITS,
    };
    let different: HashSet<char> = digits.to_ascii_lowercase().chars().collect();
    is_hex && has_form && different.len() >= DIFFERENT_DIGITS
}

/// Reads a key that must be there.
///
/// # Errors
/// As for [`read`], and `idempotency_key_missing`.
fn required(headers: &HeaderMap) -> Result<String, Refusal> {
    read(headers)?.ok_or_else(|| {
        Refusal::new(RefusalCode::IdempotencyKeyMissing, "the Idempotency-Key header is missing: without it a retry could make a second checkout")
    })
}

#[cfg(test)]
mod tests {
    use super::is_random;

    #[test]
    fn what_a_page_can_write_down_is_told_from_what_it_must_draw() {
        for key in [
            "8e03978e-40d5-43e8-bc93-6894a57f9324",
            "8E03978E-40D5-43E8-BC93-6894A57F9324",
            "8e03978e40d543e8bc936894a57f9324",
            "f0e4c2f76c58916ec258f246851bea091d14d4247a2fc3e18694461b1816e13b",
        ] {
            assert!(is_random(key), "{key}");
        }
        for key in [
            "cart-1001",
            "k",
            "order-1001-of-shop.example-2026-11-29",
            "00000000-0000-4000-8000-000000000000",
            "00000000-0000-4000-8000-000000001001",
            "00000000000000000000000000001001",
            // Made of the time or of a name, so that they can be made again.
            "018f3b1e-7d4a-7c55-9f2a-7be01d640192",
            "2ed6657d-e927-568b-95e1-2665a8aea6a2",
            "c232ab00-9414-11ec-b3c8-9f6bdeced846",
            "8e03978e40d543e8bc936894a57f932",
            "8e03978e-40d5-43e8-bc93-6894a57f9324 ",
            "{8e03978e-40d5-43e8-bc93-6894a57f9324}",
            "urn:uuid:8e03978e-40d5-43e8-bc93-6894a57f9324",
            "8-e-0-3-9-7-8-e-4-0-d-5-4-3-e-8-b-c-9-3-6-8-9-4-a-5-7-f-9-3-2-4",
        ] {
            assert!(!is_random(key), "{key}");
        }
    }
}
