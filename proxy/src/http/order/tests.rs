//! What an order may say. Every field's errors are tested over HTTP; here is what only the two makers differ in.

use std::time::Duration;

use checkout::{RefusalCode, Timestamp};

use super::{by_merchant, by_page};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::links::ShopLinks;
use crate::checkouts::offer::Offer;
use crate::checkouts::price_list::PriceList;
use crate::checkouts::shop_id::ShopId;
use crate::config::{GatewayConfig, ShopConfig};
use crate::http::json::{Fields, Json};
use crate::refusal::Refusal;

const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);

fn fields(text: &str) -> Fields {
    Fields::of_body(Json::read(text.as_bytes()).unwrap()).unwrap()
}

/// A shop that sells nothing yet.
fn shop() -> ShopConfig {
    ShopConfig {
        name: ShopId::default(),
        allowed_origins: Vec::new(),
        merchant_key: "a-key-of-a-merchant".into(),
        previous_merchant_key: None,
        keys: Vec::new(),
        order_tokens: None,
        currencies: Offer::parse(["BTC", "USDT_TRX"]).unwrap(),
        links: ShopLinks::default(),
        products: PriceList::default(),
        gateway: GatewayConfig {
            base_url: "http://127.0.0.1:9/".parse().unwrap(),
            pay_url: None,
            account: "0x00000000000000000000000000000000000000aa".to_owned(),
            credentials: calypso::Credentials::new("key", "secret"),
            timeout: Duration::from_secs(1),
            reads_per_minute: GatewayConfig::READS_PER_MINUTE,
        },
        attestation: None,
        events: None,
    }
}

fn merchants(body: &str) -> Result<Checkout, Refusal> {
    let order = by_merchant(fields(body), &shop())?;
    Ok(Checkout::new(order, NOW)?)
}

#[test]
fn an_expiry_may_be_thirty_days_ahead_to_the_millisecond() {
    let ask = |expires: Timestamp| {
        let body = format!(
            r#"{{"price":{{"amount":"1","currency":"EUR"}},"description":"x","expiresAt":"{expires}"}}"#
        );
        merchants(&body)
            .map(|checkout| checkout.expires_at)
            .map_err(|refusal| refusal.code)
    };
    let month = 30 * 24 * 3600;
    assert_eq!(ask(NOW), Err(RefusalCode::ExpiryInPast));
    assert_eq!(ask(NOW.plus_millis(1)), Ok(NOW.plus_millis(1)));
    assert_eq!(ask(NOW.plus_seconds(month)), Ok(NOW.plus_seconds(month)));
    assert_eq!(
        ask(NOW.plus_seconds(month).plus_millis(1)),
        Err(RefusalCode::ExpiryTooFar)
    );
}

#[test]
fn a_product_decides_everything_but_the_currencies_it_leaves_open() {
    let mut shop = shop();
    shop.links.return_url = Some("https://shop.example/thanks".to_owned());
    let list = &mut shop.products;
    list.add("a", "1.50", "EUR", "A", None).unwrap();
    list.add("b", "2", "USD", "B", Some(Offer::parse(["ETH"]).unwrap()))
        .unwrap();
    let made = |key: &str| {
        let order = by_page(fields(&format!(r#"{{"product":"{key}"}}"#)), &shop).unwrap();
        Checkout::new(order, NOW).unwrap()
    };
    let (a, b) = (made("a"), made("b"));
    assert_eq!(
        (
            a.purpose.price().unwrap().amount().to_string(),
            a.purpose.price().unwrap().currency(),
            a.currencies.to_stored()
        ),
        ("1.50".to_owned(), "EUR", "BTC USDT_TRX".to_owned())
    );
    assert_eq!(
        (
            b.purpose.price().unwrap().amount().to_string(),
            b.purpose.price().unwrap().currency(),
            b.currencies.to_stored()
        ),
        ("2".to_owned(), "USD", "ETH".to_owned())
    );
    assert_ne!(a.id, b.id);
    let again = shop.products.add("a", "1", "EUR", "again", None);
    assert!(again.is_err());
}

#[test]
fn checkouts_without_a_price_live_a_year_at_most() {
    let ask = |rest: &str| {
        let body = format!(r#"{{"description":"x",{rest}}}"#);
        merchants(&body)
            .map(|checkout| checkout.expires_at)
            .map_err(|refusal| refusal.code)
    };
    let year = NOW.plus_seconds(365 * 24 * 3600);
    for kind in [
        r#""kind":"topup""#,
        r#""kind":"deposit","customer":"user-7""#,
    ] {
        assert_eq!(ask(kind), Ok(year), "{kind}");
        let until = |expires: Timestamp| ask(&format!(r#"{kind},"expiresAt":"{expires}""#));
        assert_eq!(until(year), Ok(year));
        assert_eq!(
            until(year.plus_millis(1)),
            Err(RefusalCode::ExpiryTooFar),
            "{kind}"
        );
        assert_eq!(until(NOW), Err(RefusalCode::ExpiryInPast));
    }
}

#[test]
fn a_hosted_widget_ends_with_its_checkout_or_in_thirty_days() {
    use crate::checkouts::key::hosted_widget as key;
    let ask = |body: &str| merchants(body).unwrap();
    let topup = ask(r#"{"kind":"topup","description":"x"}"#);
    let month = NOW.plus_seconds(30 * 24 * 3600);
    assert!(
        topup.widget_expiration(NOW) < month,
        "the gateway says: less than"
    );
    let payment = ask(r#"{"price":{"amount":"1","currency":"EUR"},"description":"x"}"#);
    assert_eq!(payment.widget_expiration(NOW), payment.expires_at);
    assert_eq!(key(payment.id), key(payment.id));
    assert_eq!(key(payment.id).get_version_num(), 5);
    assert_ne!(key(payment.id), key(topup.id));
}
