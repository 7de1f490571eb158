//! What a checkout may be made of. Every field's errors are tested over HTTP; here is what only the two makers differ in.

use checkout::{ErrorCode, Timestamp};

use super::Checkout;
use crate::json::{Fields, Json};
use crate::offer::Offer;
use crate::price_list::PriceList;

const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);

fn fields(text: &str) -> Fields {
    Fields::of_body(Json::read(text.as_bytes()).unwrap()).unwrap()
}

fn offered() -> Offer {
    Offer::parse(["BTC", "USDT_TRX"]).unwrap()
}

#[test]
fn an_expiry_may_be_thirty_days_ahead_to_the_millisecond() {
    let ask = |expires: Timestamp| {
        let body = format!(
            r#"{{"price":{{"amount":"1","currency":"EUR"}},"description":"x","expiresAt":"{expires}"}}"#
        );
        Checkout::by_merchant(fields(&body), &offered(), NOW)
            .map(|checkout| checkout.expires_at)
            .map_err(|refusal| refusal.code)
    };
    let month = 30 * 24 * 3600;
    assert_eq!(ask(NOW), Err(ErrorCode::ExpiryInPast));
    assert_eq!(ask(NOW.plus_millis(1)), Ok(NOW.plus_millis(1)));
    assert_eq!(ask(NOW.plus_seconds(month)), Ok(NOW.plus_seconds(month)));
    assert_eq!(
        ask(NOW.plus_seconds(month).plus_millis(1)),
        Err(ErrorCode::ExpiryTooFar)
    );
}

#[test]
fn a_product_decides_everything_but_the_currencies_it_leaves_open() {
    let mut list = PriceList::default();
    list.add("a", "1.50", "EUR", "A", None).unwrap();
    list.add("b", "2", "USD", "B", Some(Offer::parse(["ETH"]).unwrap()))
        .unwrap();
    let made = |key: &str| {
        Checkout::by_page(
            fields(&format!(r#"{{"product":"{key}"}}"#)),
            &list,
            &offered(),
            NOW,
        )
        .unwrap()
    };
    let (a, b) = (made("a"), made("b"));
    assert_eq!(
        (
            a.price.amount().to_string(),
            a.price.currency(),
            a.currencies.to_stored()
        ),
        ("1.50".to_owned(), "EUR", "BTC USDT_TRX".to_owned())
    );
    assert_eq!(
        (
            b.price.amount().to_string(),
            b.price.currency(),
            b.currencies.to_stored()
        ),
        ("2".to_owned(), "USD", "ETH".to_owned())
    );
    assert_ne!(a.id, b.id);
    assert!(list.add("a", "1", "EUR", "again", None).is_err());
}
