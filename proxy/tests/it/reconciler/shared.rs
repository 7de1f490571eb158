//! Two proxies on one database share the turns.

use std::sync::Arc;
use std::time::Duration;

use calypso_proxy::{Clock, Proxy};
use checkout::Timestamp;

use crate::support::{READ, TestProxy};

/// The shop's civil clock, for another proxy; its paces pass with it.
struct Beside(calypso_sandbox::VirtualClock);

impl Clock for Beside {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.0.now().millis().unsigned_abs())
    }
}

#[tokio::test]
async fn each_invoice_has_one_turn_however_many_proxies_watch() {
    let shop = TestProxy::start().await;
    for _ in 0..20 {
        shop.awaiting("LTC").await;
    }
    let clock = Arc::new(Beside(shop.gateway.sandbox.clock()));
    let config = shop.proxy.config().clone();
    let other = Proxy::open(config, clock).await.unwrap();
    for round in 1..=3 {
        shop.advance(60);
        let (one, two) = tokio::join!(shop.proxy.watch_once(), other.watch_once());
        assert_eq!((one.unwrap().failed, two.unwrap().failed), (0, 0));
        assert_eq!(shop.gateway.calls(READ).await, 20 * round);
    }
}
