//! The keys under which things are asked of the gateway. All are derived here, so that it can be read that no two meet.

use checkout::Currency;
use uuid::Uuid;

use super::customer::CustomerId;
use super::id::CheckoutId;
use super::shop_id::ShopId;

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
    key(&format!(
        "{}customer/{}",
        space(customer),
        customer.as_str()
    ))
}

/// The proxy's own name for a customer's address for one currency, under which readings are counted.
pub(crate) fn purse(customer: &CustomerId, currency: &Currency) -> Uuid {
    key(&format!(
        "{}purse/{}/{}",
        space(customer),
        currency.code,
        customer.as_str()
    ))
}

/// What stands before the names of a shop's customers. A shop's name holds no `/`, so no customer's id leads into another shop. Those of
/// the shop that was there before shops had names stay what they were.
fn space(customer: &CustomerId) -> String {
    let shop = customer.shop();
    if shop.is_default() {
        String::new()
    } else {
        format!("shop/{shop}/")
    }
}

/// The number in the id of an event: the same for one fact, whichever proxy writes it down, and after the books were restored.
pub(crate) fn event(shop: &ShopId, cause: &str) -> Uuid {
    key(&format!("event/{shop}/{cause}"))
}

fn key(name: &str) -> Uuid {
    Uuid::new_v5(&SPACE, name.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use checkout::Currency;

    use super::{customer, purse};
    use crate::checkouts::customer::CustomerId;
    use crate::checkouts::shop_id::ShopId;

    #[test]
    fn no_two_shops_share_a_customers_key_whatever_their_ids_are() {
        let currency = Currency::find("TRX").unwrap();
        let ids = [
            "7",
            "customer/7",
            "b/customer/7",
            "shop/b/customer/7",
            "purse/TRX/7",
            "TRX/7",
        ];
        let mut keys = HashSet::new();
        for shop in ["default", "a", "b", "customer", "purse", "shop"] {
            for id in ids {
                let id = CustomerId::parse(ShopId::parse(shop).unwrap(), id.to_owned()).unwrap();
                assert!(keys.insert(customer(&id)), "{id:?}");
                assert!(keys.insert(purse(&id, currency)), "{id:?}");
            }
        }
    }

    #[test]
    fn what_was_there_before_shops_had_names_keeps_its_key() {
        let id = CustomerId::parse(ShopId::default(), "user-7".to_owned()).unwrap();
        assert_eq!(
            customer(&id).to_string(),
            "6a2f9d9d-5f2d-5089-93bf-232ae5b338e8"
        );
    }
}
