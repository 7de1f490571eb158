//! The keys under which things are asked of the gateway. All are derived here, so that it can be read that no two meet.

use checkout::Currency;
use uuid::Uuid;

use super::customer::CustomerId;
use super::id::CheckoutId;

/// The namespace in which the keys are derived. Changing it would let a retry make a second invoice.
const SPACE: Uuid = Uuid::from_u128(0x6f1d_2b0e_53c7_4b5a_9a54_8c1e_0f27_d3b9);

/// The key of an attempt to make an invoice; `attempt` counts from 1.
pub(crate) fn invoice(checkout: CheckoutId, currency: &Currency, attempt: u32) -> Uuid {
    key(&format!("{checkout}/{}/{attempt}", currency.code))
}

/// The key of a checkout's widget at the gateway, so that there is never more than one.
pub(crate) fn hosted_widget(checkout: CheckoutId) -> Uuid {
    key(&format!("{checkout}/hosted-widget"))
}

/// The proxy's own name for a customer, under which deposits are kept.
pub(crate) fn customer(customer: &CustomerId) -> Uuid {
    key(&format!("customer/{}", customer.as_str()))
}

/// The proxy's own name for a customer's address for one currency, under which readings are counted.
pub(crate) fn purse(customer: &CustomerId, currency: &Currency) -> Uuid {
    key(&format!("purse/{}/{}", currency.code, customer.as_str()))
}

fn key(name: &str) -> Uuid {
    Uuid::new_v5(&SPACE, name.as_bytes())
}
