//! How many requests of one kind are worked on at the same time for each shop. Further ones are told at once to come again: a queue would only
//! make everybody wait longer for the same work.

use std::time::Duration;

use checkout::RefusalCode;

use super::places::{Place, Places};
use crate::checkouts::shop_id::ShopId;
use crate::config::Limits;
use crate::refusal::{Limit, Refusal};

/// After how long it is worth trying again: what is under way is done by then, or the gateway is slow.
const AGAIN: Duration = Duration::from_secs(1);

/// What is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Act {
    /// Making a checkout: a write.
    Create,
    /// Picking a currency: writes, and a call of the gateway, which may take long.
    Choose,
    /// What a merchant's server looks up or changes.
    Serve,
}

/// The places of one proxy.
pub(crate) struct Rush {
    places: Places<(ShopId, Act)>,
    creations: usize,
    choices: usize,
    merchant_calls: usize,
}

/// A request that is being worked on. Its place is free again when this is dropped.
pub(crate) struct UnderWay {
    _place: Place<(ShopId, Act)>,
}

impl Rush {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            places: Places::default(),
            creations: limits.creations_at_once,
            choices: limits.choices_at_once,
            merchant_calls: limits.merchant_calls_at_once,
        }
    }

    /// One more for a shop. Its body has been read by now: a client that sends slowly takes no place.
    ///
    /// # Errors
    /// `overloaded` while as many are under way as may be.
    pub(crate) fn enter(&self, shop: &ShopId, act: Act) -> Result<UnderWay, Refusal> {
        let most = match act {
            Act::Create => self.creations,
            Act::Choose => self.choices,
            Act::Serve => self.merchant_calls,
        };
        match self.places.take((shop.clone(), act), most) {
            Some(place) => Ok(UnderWay { _place: place }),
            None => Err(Refusal {
                by: Some(Limit::AtOnce),
                retry_after: Some(AGAIN),
                ..Refusal::new(
                    RefusalCode::Overloaded,
                    format!(
                        "{most} such requests are being worked on for this store, as many as may be at a time; nothing was done, try again in a moment"
                    ),
                )
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use checkout::RefusalCode;

    use super::{Act, Rush};
    use crate::checkouts::shop_id::ShopId;
    use crate::config::Limits;

    #[test]
    fn each_kind_of_each_shop_has_its_places_and_gets_them_back() {
        let rush = Rush::new(&Limits {
            creations_at_once: 2,
            choices_at_once: 1,
            merchant_calls_at_once: 3,
            ..Limits::default()
        });
        let shops = [ShopId::default(), ShopId::parse("garden").unwrap()];
        let mut all = Vec::new();
        for shop in &shops {
            for (act, most) in [(Act::Create, 2), (Act::Choose, 1), (Act::Serve, 3)] {
                for _ in 0..most {
                    all.push(rush.enter(shop, act).unwrap());
                }
                let refused = rush.enter(shop, act).err().unwrap();
                assert_eq!(refused.code, RefusalCode::Overloaded);
                assert!(refused.retry_after.is_some());
            }
        }
        all.clear();
        assert!(rush.enter(&shops[1], Act::Choose).is_ok());
    }
}
