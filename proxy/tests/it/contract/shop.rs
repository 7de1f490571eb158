//! A shop whose clock stands still and whose rates are fixed, so that nothing of an answer differs from run to run but its ids.

use std::ops::Deref;

use calypso_proxy::{Config, Offer, Proxy};
use calypso_sandbox::WallClock;
use checkout::Timestamp;
use serde_json::Value;

use super::recorder::Recorder;
use crate::support::{Gateway, MERCHANT_KEY, Reply, TestProxy, text};

/// Where every clock stands at first.
const MOMENT: &str = "2026-05-04T12:00:00Z";
/// How often is asked for rates that are on their way.
const MOST_QUESTIONS: usize = 100_000;

pub(super) const PAYMENT: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001","externalId":"1001","returnUrl":"https://shop.example/thanks","supportUrl":"https://shop.example/help","logoUrl":"https://shop.example/logo.png"}"#;
pub(super) const PLAIN: &str =
    r#"{"price":{"amount":"9.00","currency":"USD"},"description":"Order 1002"}"#;
pub(super) const TOPUP: &str = r#"{"kind":"topup","description":"Your balance","externalId":"7","returnUrl":"https://shop.example/thanks"}"#;
pub(super) const DEPOSIT: &str =
    r#"{"kind":"deposit","customer":"customer-7","description":"Your balance"}"#;
pub(super) const PRODUCT: &str = r#"{"product":"demo-order"}"#;

pub(super) struct Shop {
    proxy: TestProxy,
    pub(super) recorder: Recorder,
}

impl Deref for Shop {
    type Target = TestProxy;

    fn deref(&self) -> &TestProxy {
        &self.proxy
    }
}

impl Shop {
    pub(super) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(super) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let moment = Timestamp::parse(MOMENT).unwrap();
        let recorder = Recorder::new(moment);
        let gateway =
            Gateway::with(WallClock::fixed(moment), |router| recorder.before(router)).await;
        for (crypto, euros, dollars) in [
            ("USDT", "0.92", "1"),
            ("BTC", "79000", "86000"),
            ("ETH", "2600", "2830"),
        ] {
            gateway.rate(crypto, "EUR", euros).await;
            gateway.rate(crypto, "USD", dollars).await;
        }
        let proxy = TestProxy::behind(gateway, |config| {
            config.shops[0].currencies = Offer::try_from(&["USDT_TRX", "BTC", "ETH"][..]).unwrap();
            change(config);
        })
        .await;
        Self { proxy, recorder }
    }

    /// The proxy itself, for what is not asked over HTTP.
    pub(super) fn proxy(&self) -> &Proxy {
        &self.proxy.proxy
    }

    /// Ends the gateway.
    pub(super) async fn stop_gateway(&mut self) {
        self.proxy.gateway.stop().await;
    }

    /// Asks with the merchant's key; with one for the order if something is posted.
    pub(super) async fn by_merchant(&self, method: &str, path: &str, body: Option<&str>) -> Reply {
        let bearer = format!("Bearer {MERCHANT_KEY}");
        let mut headers = vec![("authorization", bearer.as_str())];
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.request(method, path, &headers, body.map(str::as_bytes))
            .await
    }

    /// A checkout the merchant makes, whose estimates are known.
    pub(super) async fn priced(&self, body: &str) -> String {
        let id = self.made(body).await;
        self.rates_are_known(&id).await;
        id
    }

    /// Looks at a checkout until the rates that it needs have come.
    pub(super) async fn rates_are_known(&self, id: &str) {
        for _ in 0..MOST_QUESTIONS {
            let view = self.show(id).await;
            let currencies = view["currencies"].as_array().unwrap();
            if currencies
                .iter()
                .all(|currency| currency["estimate"].is_string())
            {
                return;
            }
        }
        panic!("the rates of {id} do not come");
    }

    /// Sends money to the address that a view shows.
    pub(super) async fn pays(&self, view: &Value, amount: &str, stage: &str) -> String {
        let address = text(view, "/invoice/address");
        self.gateway.deposit(address, amount, stage).await
    }
}
