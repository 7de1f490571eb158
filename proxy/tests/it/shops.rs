//! Two shops on one proxy: whatever one of them tries, it reaches nothing of the other; and what happens to one happens to it alone.

mod apart;
mod commands;
mod floods;
mod keys;
mod news;
mod outbox;
mod pairs;
mod reach;
mod routes;
mod silence;

use std::ops::Deref;
use std::process::Command;

use calypso::Credentials;
use calypso_proxy::{Config, Offer, Origin, PriceList, ShopConfig, ShopId, ShopLinks};
use calypso_sandbox::Settings;
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use crate::program::program;
use crate::support::{
    ACCOUNT, GATEWAY_KEY, GATEWAY_SECRET, Gateway, Home, MERCHANT_KEY, Reply, TestProxy, text,
};

/// What the second shop, `garden`, is known by. The first is that of every other test.
pub(crate) const GARDEN_KEY: &str = "garden-canary-71b0d9e24c5f";
pub(crate) const GARDEN: &str = "https://garden.example";
const GARDEN_ACCOUNT: &str = "0x00000000000000000000000000000000000000bb";
const GARDEN_GATEWAY_KEY: &str = "garden-public-key";
pub(crate) const GARDEN_GATEWAY_SECRET: &str = "garden-gateway-canary-2f90";

pub(crate) const PAYMENT: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001","externalId":"order-1001"}"#;

/// The program, told the secrets of both shops.
pub(crate) fn program_of_both() -> Command {
    let mut command = program();
    command
        .env_remove("CALYPSO_PROXY_MERCHANT_KEY")
        .env_remove("CALYPSO_PROXY_GATEWAY__SECRET")
        .env("CALYPSO_PROXY_STORES__DEFAULT__MERCHANT_KEY", MERCHANT_KEY)
        .env(
            "CALYPSO_PROXY_STORES__DEFAULT__GATEWAY__SECRET",
            GATEWAY_SECRET,
        )
        .env("CALYPSO_PROXY_STORES__GARDEN__MERCHANT_KEY", GARDEN_KEY)
        .env(
            "CALYPSO_PROXY_STORES__GARDEN__GATEWAY__SECRET",
            GARDEN_GATEWAY_SECRET,
        );
    command
}

/// The first shop's table in a configuration.
pub(crate) fn default_table(gateway: &Gateway) -> String {
    table("default", gateway, ACCOUNT, GATEWAY_KEY)
}

/// The table of `garden`.
pub(crate) fn garden_table(gateway: &Gateway) -> String {
    let settings = garden_settings();
    table("garden", gateway, &settings.account, &settings.key)
}

fn table(name: &str, gateway: &Gateway, account: &str, key: &str) -> String {
    let base = &gateway.base;
    format!(
        "[[stores]]\nname = \"{name}\"\n[stores.gateway]\nbase_url = \"{base}\"\naccount = \"{account}\"\nkey = \"{key}\"\n"
    )
}

/// A proxy with both shops.
pub(crate) struct Two {
    pub(crate) proxy: TestProxy,
    pub(crate) garden: Gateway,
}

impl Deref for Two {
    type Target = TestProxy;

    fn deref(&self) -> &TestProxy {
        &self.proxy
    }
}

impl Two {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// The same, with a changed configuration.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::with(change).await
    }

    /// On a SQLite file, whatever database the other tests run on.
    pub(crate) async fn on_file() -> Self {
        Self::at(Home::file(), |_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::at(Home::as_asked().await, change).await
    }

    async fn at(home: Home, change: impl FnOnce(&mut Config)) -> Self {
        let garden = Gateway::of(garden_settings(), |router| router).await;
        let proxy = TestProxy::at_home(home, Gateway::start().await, |config| {
            config.shops.push(garden_config(&garden));
            change(config);
        });
        Self {
            proxy: proxy.await,
            garden,
        }
    }

    /// Calls with a merchant's key.
    pub(crate) async fn call(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> Reply {
        let bearer = format!("Bearer {key}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        let body = body.map(str::as_bytes);
        self.request(method, path, &headers, body).await
    }

    /// Calls as a page of this origin.
    pub(crate) async fn page(
        &self,
        origin: &str,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> Reply {
        let headers = [("origin", origin), ("content-type", "application/json")];
        let body = body.map(str::as_bytes);
        self.request(method, path, &headers, body).await
    }

    /// Asks for a checkout with a merchant's key, under an idempotency key.
    async fn ask(&self, key: &str, body: &str, idempotency_key: &str) -> Reply {
        let bearer = format!("Bearer {key}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("idempotency-key", idempotency_key),
        ];
        self.post("/v1/checkouts", body, &headers).await
    }

    /// Asks for a refund with a merchant's key, under an idempotency key.
    async fn ask_refund(&self, key: &str, body: &str, idempotency_key: &str) -> Reply {
        let bearer = format!("Bearer {key}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("idempotency-key", idempotency_key),
        ];
        self.post("/v1/refunds", body, &headers).await
    }

    /// A checkout that a merchant makes; its id.
    pub(crate) async fn made_by(&self, key: &str, body: &str) -> String {
        let made = self.ask(key, body, &Uuid::new_v4().to_string()).await;
        text(&made.expect(201).json(), "/id").to_owned()
    }

    /// What a merchant is told of a checkout of theirs, read anew.
    pub(crate) async fn told_to(&self, key: &str, id: &str) -> Value {
        self.wait(60_000);
        let path = format!("/v1/checkouts/{id}");
        self.call(key, "GET", &path, None).await.expect(200).json()
    }

    /// How many requests each gateway has had.
    async fn asked(&self) -> (usize, usize) {
        (
            self.gateway.requests().await.len(),
            self.garden.requests().await.len(),
        )
    }
}

pub(crate) fn garden_settings() -> Settings {
    Settings {
        key: GARDEN_GATEWAY_KEY.to_owned(),
        secret: GARDEN_GATEWAY_SECRET.into(),
        account: GARDEN_ACCOUNT.to_owned(),
        seed: 8,
        ..Settings::default()
    }
}

/// The second shop: a product with the key of the first one's at another price, and links of its own.
pub(crate) fn garden_config(gateway: &Gateway) -> ShopConfig {
    let mut products = PriceList::default();
    products
        .add("demo-order", "9.50", "EUR", "Coffee plant", None)
        .unwrap();
    ShopConfig {
        name: garden_id(),
        allowed_origins: vec![Origin::parse(GARDEN).unwrap()],
        merchant_key: GARDEN_KEY.into(),
        previous_merchant_key: None,
        keys: Vec::new(),
        order_tokens: None,
        currencies: Offer::try_from(&["BTC", "USDT_TRX", "TRX"][..]).unwrap(),
        links: ShopLinks {
            support_url: Some("https://garden.example/help".to_owned()),
            ..ShopLinks::default()
        },
        products,
        gateway: calypso_proxy::GatewayConfig {
            base_url: Url::parse(&gateway.base).unwrap(),
            pay_url: Some(Url::parse("https://pay.garden-gateway.example/").unwrap()),
            account: GARDEN_ACCOUNT.to_owned(),
            credentials: Credentials::new(GARDEN_GATEWAY_KEY, GARDEN_GATEWAY_SECRET),
            timeout: std::time::Duration::from_secs(60),
            reads_per_minute: calypso_proxy::GatewayConfig::READS_PER_MINUTE,
        },
        attestation: None,
        events: None,
    }
}

pub(crate) fn garden_id() -> ShopId {
    ShopId::parse("garden").unwrap()
}

/// Both merchants' keys, each with the other's.
const MERCHANTS: [(&str, &str); 2] = [(MERCHANT_KEY, GARDEN_KEY), (GARDEN_KEY, MERCHANT_KEY)];
