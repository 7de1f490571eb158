//! One attempt to make an invoice, as it is asked of the gateway.

use checkout::{Currency, Timestamp, words};
use uuid::Uuid;

use super::checkout::Checkout;
use super::id::CheckoutId;
use super::key;
use super::shop_id::ShopId;

/// How much shorter than the gateway's own limit a named expiration must be, so that a clock that differs a little does
/// not turn it into "too far ahead".
const LIFE_MARGIN_SECONDS: i64 = 5 * 60;
/// How old an attempt is whose invoice may be over when it is found.
const OLD_ATTEMPT_MILLIS: i64 = 60 * 60 * 1000;

/// What is asked of the gateway. It is on disk before the gateway is called, so that whoever comes after a crash asks for
/// exactly the same thing under the same key and finds the first invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvoiceAttempt {
    pub(crate) key: Uuid,
    pub(crate) checkout_id: CheckoutId,
    /// The shop whose gateway is asked.
    pub(crate) shop: ShopId,
    pub(crate) currency: &'static Currency,
    /// Which attempt of its checkout in this currency it is, from 1.
    pub(crate) number: u32,
    /// Sent only when the checkout closes before the invoice would by itself. Everything else that is sent comes from the
    /// checkout, which never changes.
    pub(crate) expiration: Option<Timestamp>,
    pub(crate) state: AttemptState,
    pub(crate) started_at: Timestamp,
}

words! {
    /// How far an attempt has come; the word is the one in the store.
    pub(crate) enum AttemptState expecting "started, made or refused" {
        /// It may or may not have reached the gateway.
        Started = "started",
        /// Its invoice is in the store.
        Made = "made",
        /// The gateway has said that there is no such invoice and will be none.
        Refused = "refused",
    }
}

impl InvoiceAttempt {
    /// The attempt to make a checkout's invoice in one currency; `number` counts from 1.
    pub(crate) fn new(
        checkout: &Checkout,
        currency: &'static Currency,
        number: u32,
        now: Timestamp,
    ) -> Self {
        let life = i64::from(currency.network().life_seconds());
        // An invoice of a top-up has no end that could be named (gateway reference §2.9).
        let closes_first = checkout.purpose.price().is_some()
            && checkout.expires_at < now.plus_seconds(life - LIFE_MARGIN_SECONDS);
        Self {
            key: key::invoice(checkout.id, currency, number),
            checkout_id: checkout.id,
            shop: checkout.shop.clone(),
            currency,
            number,
            expiration: closes_first.then_some(checkout.expires_at),
            state: AttemptState::Started,
            started_at: now,
        }
    }

    /// Whether the gateway may still make its invoice: one that would be over already it will not.
    pub(crate) fn may_still_be_made(&self, now: Timestamp) -> bool {
        self.expiration.is_none_or(|expiration| expiration > now)
    }

    /// Whether it was made so long ago that its invoice, if it is found only now, may have come to its end meanwhile.
    pub(crate) fn is_old(&self, now: Timestamp) -> bool {
        now.millis_since(self.started_at) > OLD_ATTEMPT_MILLIS
    }
}
