//! `POST /v1/checkouts` where it makes something.

use super::shop::{DEPOSIT, PAYMENT, PLAIN, PRODUCT, Shop, TOPUP};
use super::transcript::Transcript;
use crate::support::SHOP;

/// What the merchant's server gets for its orders.
pub(super) async fn by_the_merchant(said: &mut Transcript, shop: &Shop) {
    for (case, key, body) in [
        ("a payment", "order-1001", PAYMENT),
        (
            "a payment in dollars, without anything optional",
            "order-1002",
            PLAIN,
        ),
        ("a top-up", "topup-7", TOPUP),
        ("a deposit", "deposit-7", DEPOSIT),
        ("the first payment once more", "order-1001", PAYMENT),
    ] {
        said.answered(case, 201, &shop.merchant(body, key).await);
    }
}

/// What a page gets for a product.
pub(super) async fn by_a_page(said: &mut Transcript, shop: &Shop) {
    let key = ("idempotency-key", "8e03978e-40d5-43e8-bc93-6894a57f9324");
    for (case, headers) in [
        ("a product", &[("origin", SHOP)][..]),
        ("a product, with a key", &[("origin", SHOP), key]),
        ("the one with the key once more", &[("origin", SHOP), key]),
        ("a product for who is no page", &[]),
    ] {
        let made = shop.post("/v1/checkouts", PRODUCT, headers).await;
        said.answered(case, 201, &made);
    }
}
