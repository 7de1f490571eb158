//! Generated input: reading never panics, and what is written is read back.

use calypso::{Invoice, PaymentWidget, Rate};
use checkout::Amount;
use proptest::prelude::{Strategy, any, prop, prop_assert_eq, proptest};

use super::reading::invoice;

fn read_all(bytes: &[u8]) {
    // Only that these return counts.
    let _ = serde_json::from_slice::<Invoice>(bytes);
    let _ = serde_json::from_slice::<PaymentWidget>(bytes);
    let _ = serde_json::from_slice::<Rate>(bytes);
}

/// A JSON value, valid or nearly so.
fn value() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "0",
        "-1",
        "1e5",
        "1E-400",
        "1.",
        ".5",
        "99999999999999999999999999999999999999999",
        "\"\"",
        "\"1.5\"",
        "\"2022-09-05T06:54:41\"",
        "\"2022-09-05T06:54:41+é\"",
        "\"T\"",
        "\"é\"",
        "\"\\ud800\"",
        "\"",
        "null",
        "true",
        "{}",
        "{\"name\":1}",
        "{\"name\":\"BTC\"}",
        "[]",
        "[1]",
        "[[[[",
        "\u{0}",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn reading_any_bytes_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes);
    }

    #[test]
    fn reading_any_value_in_any_field_never_panics(
        field in prop::sample::select(vec!["id", "amount", "currency", "state", "createdDate", "fiatAmount", "type", "externalId", "autoconversion"]),
        value in value(),
    ) {
        read_all(invoice(&[(field, &value)]).as_bytes());
    }

    #[test]
    fn reading_an_invoice_with_one_changed_byte_never_panics(at in 0..200_usize, byte in any::<u8>()) {
        let mut bytes = invoice(&[("createdDate", "\"2022-09-05T06:54:41.421731\"")]).into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        read_all(&bytes);
    }

    #[test]
    fn an_amount_is_read_as_it_is_printed(units in any::<u128>(), scale in 0..=Amount::MAX_SCALE) {
        let amount = Amount::from_units(units, scale).unwrap();
        let read: Invoice = serde_json::from_str(&invoice(&[("amount", &amount.to_string())])).unwrap();
        prop_assert_eq!(read.amount.unwrap().to_string(), amount.to_string());
    }
}
