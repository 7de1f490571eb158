//! Orders that a merchant's server has signed.

use calypso_proxy::{Config, OrderAlgorithm, OrderTokens};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::TestProxy;

/// What the tests' orders are signed with.
pub(crate) const ORDER_KEY: &str = "order-canary-9d41e07b6c3258af17e0b4d9c2a6f385";

/// Takes orders that are signed with [`ORDER_KEY`].
pub(crate) fn with_order_tokens(config: &mut Config) {
    config.shops[0].order_tokens = Some(OrderTokens {
        algorithm: OrderAlgorithm::Hs256,
        keys: vec![ORDER_KEY.into()],
    });
}

/// A token of these claims.
pub(crate) fn signed(claims: &Value, key: &str) -> String {
    let key = EncodingKey::from_secret(key.as_bytes()).unwrap();
    encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

impl TestProxy {
    /// The claims of an order of 25.00 EUR that is good for so many seconds.
    pub(crate) fn order_claims(&self, order: &str, seconds: i64) -> Value {
        let until = self.now().plus_seconds(seconds).millis() / 1000;
        json!({"store": "default", "order": order, "amount": "25.00", "currency": "EUR", "exp": until})
    }

    /// A token of such an order.
    pub(crate) fn order_token(&self, order: &str) -> String {
        signed(&self.order_claims(order, 600), ORDER_KEY)
    }
}
