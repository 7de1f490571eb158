//! The questions a buyer's page asks its proxy.

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// `POST /v1/checkouts`: a checkout for something on the proxy's price list, or for an order that the merchant's server signed. Asked twice under
    /// one key, it is made once.
    Open {
        /// Which of the two: `product` or `order`.
        named: String,
        /// The product's key in the price list, or the order's token.
        value: String,
        /// The `Idempotency-Key`.
        idempotency_key: String,
    },
    /// `GET /v1/checkouts/{id}`: where the checkout stands.
    Read {
        /// The checkout.
        id: String,
        /// The `ETag` of the answer that is already known; the proxy may say that nothing changed.
        etag: Option<String>,
    },
    /// `GET /v1/checkouts/{id}/events`: where the checkout stands, now and at each change, until one side ends it.
    Follow {
        /// The checkout.
        id: String,
    },
    /// `POST /v1/checkouts/{id}/invoice`: the buyer chooses a currency. Chosen twice, it gives one invoice.
    Choose {
        /// The checkout.
        id: String,
        /// The currency's code.
        currency: String,
    },
}
