//! Whether the gateway's webhooks arrive, for each shop; and what was found by reading that none had told.
//!
//! Silence alone says nothing: where nobody pays, nothing is told. But an invoice that is made is told, and so is one that moves. Where
//! something was to be told and nothing came for a while, webhooks count as stopped until the next one comes, and reading goes on at the pace
//! it has without them.

use std::collections::HashMap;
use std::sync::Mutex;

use checkout::Timestamp;
use uuid::Uuid;

use crate::checkouts::shop_id::ShopId;
use crate::lock::lock;

/// How long the gateway may take to tell something.
pub(crate) const GRACE_SECONDS: i64 = 2 * 60;
/// How many findings of one shop are remembered while the gateway may still tell them.
const MOST: usize = 1_000;

/// What is known of the webhooks of all shops.
#[derive(Default)]
pub(crate) struct Telling(Mutex<HashMap<ShopId, State>>);

#[derive(Default)]
struct State {
    /// When the last webhook came.
    last: Option<Timestamp>,
    /// Since when one should have come, and none has.
    expected_since: Option<Timestamp>,
    found: Vec<Found>,
}

/// A change of an invoice, or to a customer's addresses, that was found by reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Found {
    /// The invoice's key, or the customer's.
    pub(in crate::app) key: Uuid,
    pub(in crate::app) gateway_id: String,
    pub(in crate::app) at: Timestamp,
}

impl Telling {
    /// A webhook has come.
    pub(in crate::app) fn came(&self, shop: &ShopId, at: Timestamp) {
        let mut all = lock(&self.0);
        let state = all.entry(shop.clone()).or_default();
        if state.last.is_none_or(|last| last < at) {
            state.last = Some(at);
        }
        // What was to come before it has come, or is late; they do arrive.
        if state.expected_since.is_some_and(|since| since <= at) {
            state.expected_since = None;
        }
    }

    /// Something has happened since `at` that is told.
    pub(in crate::app) fn expect(&self, shop: &ShopId, at: Timestamp) {
        let mut all = lock(&self.0);
        let state = all.entry(shop.clone()).or_default();
        if state.last.is_some_and(|last| last < at) {
            state.expected_since.get_or_insert(at);
        }
    }

    /// Whether webhooks arrive.
    pub(in crate::app) fn is_on(&self, shop: &ShopId, now: Timestamp) -> bool {
        let all = lock(&self.0);
        let Some(state) = all.get(shop) else {
            return false;
        };
        let is_late = |since: Timestamp| now >= since.plus_seconds(GRACE_SECONDS);
        state.last.is_some() && !state.expected_since.is_some_and(is_late)
    }

    /// Notes what was found by reading. Without webhooks everything is.
    pub(in crate::app) fn found(&self, shop: &ShopId, found: Found) {
        let mut all = lock(&self.0);
        let state = all.entry(shop.clone()).or_default();
        if state.last.is_some() && state.found.len() < MOST {
            state.found.push(found);
        }
    }

    /// What was found so long ago that it should have been told by now. Each is handed out once.
    pub(in crate::app) fn overdue(&self, shop: &ShopId, now: Timestamp) -> Vec<Found> {
        let mut all = lock(&self.0);
        let Some(state) = all.get_mut(shop) else {
            return Vec::new();
        };
        let is_late = |found: &mut Found| now >= found.at.plus_seconds(GRACE_SECONDS);
        state.found.extract_if(.., is_late).collect()
    }
}

#[cfg(test)]
mod tests {
    use checkout::Timestamp;
    use uuid::Uuid;

    use super::{Found, GRACE_SECONDS, Telling};
    use crate::checkouts::shop_id::ShopId;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn webhooks_are_on_from_the_first_until_one_that_was_to_come_has_not() {
        let (telling, shop) = (Telling::default(), ShopId::default());
        assert!(!telling.is_on(&shop, at(0)));
        telling.expect(&shop, at(0));
        assert!(!telling.is_on(&shop, at(0)));
        telling.came(&shop, at(10));
        assert!(telling.is_on(&shop, at(100_000)), "silence says nothing");
        // What was told before it was known to be expected.
        telling.expect(&shop, at(9));
        assert!(telling.is_on(&shop, at(100_000)));
        telling.expect(&shop, at(200));
        telling.expect(&shop, at(250));
        assert!(telling.is_on(&shop, at(200 + GRACE_SECONDS - 1)));
        assert!(!telling.is_on(&shop, at(200 + GRACE_SECONDS)));
        telling.came(&shop, at(150));
        assert!(!telling.is_on(&shop, at(400)), "one of before");
        telling.came(&shop, at(400));
        assert!(telling.is_on(&shop, at(500)));
        let other = ShopId::parse("other").unwrap();
        assert!(!telling.is_on(&other, at(500)), "each store by itself");
    }

    #[test]
    fn what_was_found_is_handed_out_when_it_should_have_been_told() {
        let (telling, shop) = (Telling::default(), ShopId::default());
        let found = |seconds: i64| Found {
            key: Uuid::from_u128(7),
            gateway_id: "7".to_owned(),
            at: at(seconds),
        };
        telling.found(&shop, found(0));
        telling.came(&shop, at(1));
        for seconds in [2, 3] {
            telling.found(&shop, found(seconds));
        }
        assert_eq!(telling.overdue(&shop, at(2 + GRACE_SECONDS - 1)), []);
        assert_eq!(telling.overdue(&shop, at(2 + GRACE_SECONDS)), [found(2)]);
        assert_eq!(telling.overdue(&shop, at(1000)), [found(3)]);
        assert_eq!(telling.overdue(&shop, at(1000)), []);
        for seconds in 0..2_000 {
            telling.found(&shop, found(seconds));
        }
        assert_eq!(telling.overdue(&shop, at(10_000)).len(), 1_000, "bounded");
    }
}
