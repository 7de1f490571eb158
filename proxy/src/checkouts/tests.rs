//! Checkouts and invoices for tests.

use checkout::{Address, Amount, Currency, InvoiceStatus, NetworkId, Phase, Timestamp};
use uuid::Uuid;

use super::checkout::{Checkout, Order};
use super::customer::CustomerId;
use super::invoice::Invoice;
use super::links::ShopLinks;
use super::offer::Offer;
use super::price::Price;
use super::purpose::Purpose;
use super::shop_id::ShopId;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

/// An order that says no more than it has to.
pub(crate) fn order(purpose: Purpose) -> Order {
    Order {
        shop: ShopId::default(),
        purpose,
        description: "Order 1001".to_owned(),
        currencies: Offer::parse(["ETH", "USDT", "USDT_TRX", "BTC"]).unwrap(),
        product: None,
        signed_order: None,
        external_id: None,
        links: ShopLinks::default(),
        expires_at: None,
    }
}

/// 25.00 EUR.
pub(crate) fn price() -> Purpose {
    Purpose::Payment(Price::parse("25.00", "EUR").unwrap())
}

pub(crate) fn made(order: Order) -> Checkout {
    Checkout::new(order, NOW).unwrap()
}

/// A payment of 25.00 EUR that is open for a day.
pub(crate) fn payment() -> Checkout {
    made(order(price()))
}

/// A payment of 25.00 EUR that closes after so many seconds.
pub(crate) fn payment_closing_in(seconds: i64) -> Checkout {
    made(Order {
        expires_at: Some(NOW.plus_seconds(seconds)),
        ..order(price())
    })
}

pub(crate) fn topup() -> Checkout {
    made(order(Purpose::Topup))
}

/// A deposit of the customer `user-7`.
pub(crate) fn deposit() -> Checkout {
    let customer = CustomerId::parse(ShopId::default(), "user-7".to_owned()).unwrap();
    made(order(Purpose::Deposit(customer)))
}

/// A USDT invoice over 10, in this phase, made now for an hour.
pub(crate) fn invoice(checkout: &Checkout, key: u128, phase: Phase) -> Invoice {
    let currency = Currency::find("USDT").unwrap();
    Invoice {
        key: Uuid::from_u128(key),
        checkout_id: checkout.id,
        shop: checkout.shop.clone(),
        currency,
        attempt: 1,
        gateway_id: key.to_string(),
        address: Address::parse(
            NetworkId::Ethereum,
            "0xdAC17F958D2ee523a2206206994597C13D831ec7",
        )
        .unwrap(),
        amount: Some(amount("10")),
        received: Amount::ZERO,
        fee: None,
        phase,
        status: InvoiceStatus::PendingPayment,
        intervention: None,
        transaction: None,
        priced_at: NOW,
        expires_at: NOW.plus_seconds(3600),
        latest_expiry: NOW.plus_seconds(3600),
        moved_at: NOW,
        held_at: None,
        paid_at: None,
        second_payment_at: None,
        accepted_at: None,
    }
}
