//! Which events follow from which change.

mod facts;

use std::sync::Arc;

use super::facts::Fact;
use super::teller::{Subject, Teller, Words};
use crate::checkouts::shop_id::ShopId;

/// Few words, and somebody to send them to.
struct Plain;

impl Words for Plain {
    fn has_target(&self, shop: &ShopId) -> bool {
        // A shop by this name has none.
        shop.as_str() != "mute"
    }

    fn body(&self, fact: &Fact, subject: &Subject) -> String {
        let (state, _) = subject.snapshot.standing(fact.at);
        let id = subject.snapshot.checkout.id;
        let deposits = subject.known.deposits.len();
        let kind = fact.kind;
        format!(
            r#"{{"type":"{kind}","timestamp":"{}","data":{{"checkout":{{"id":"{id}","state":"{state}","deposits":{deposits}}}}}}}"#,
            fact.at
        )
    }
}

/// A teller for tests.
pub(crate) fn teller() -> Teller {
    Teller::new(Arc::new(Plain))
}
