//! A proxy, a sandbox gateway and a client, started for one test.

pub(crate) mod event_stream;
mod gateway;
mod home;
pub(crate) mod hook;
mod log;
pub(crate) mod order_token;
pub(crate) mod receiving;
mod reply;
pub(crate) mod target;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use calypso::Credentials;
use calypso_proxy::{
    Books, Clock, Config, DatabasePlace, GatewayConfig, Limits, Offer, Operations, Origin, Paces,
    PriceList, Proxy, ShopConfig, ShopId, ShopLinks, Topology,
};
use calypso_sandbox::VirtualClock;
use checkout::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

pub(crate) use gateway::{CREATE, Gateway, READ};
pub(crate) use home::Home;
pub(crate) use log::logged;
pub(crate) use reply::Reply;

/// The secrets of every test. The canary test searches for them in everything that leaves the proxy.
pub(crate) const MERCHANT_KEY: &str = "merchant-canary-5d1c9a70e4b2";
pub(crate) const GATEWAY_SECRET: &str = "gateway-canary-8f27ab31c09d";
pub(crate) const GATEWAY_KEY: &str = "test-public-key";
pub(crate) const ACCOUNT: &str = "0x00000000000000000000000000000000000000aa";
pub(crate) const SHOP: &str = "https://shop.example";

/// How long the proxy waits for its gateway: for any answer that comes in the end, however busy the computer is.
const PATIENT: Duration = Duration::from_secs(60);
/// How long it waits where the gateway is to keep silent once, or now and then.
pub(crate) const HASTY: Duration = Duration::from_secs(3);

/// The currencies every test proxy offers.
pub(crate) const OFFERED: [&str; 11] = [
    "USDT_TRX", "USDT", "USDC", "BTC", "ETH", "LTC", "XDG", "TRX", "BNB", "USDT_BSC", "POL",
];

/// The sandbox's clock for civil time, and hands of our own for paces: a pace passes when a test says so.
pub(crate) struct TestClock {
    civil: VirtualClock,
    monotonic_millis: AtomicU64,
}

impl TestClock {
    /// The time of a gateway's sandbox.
    pub(crate) fn of(gateway: &Gateway) -> Arc<Self> {
        Arc::new(Self {
            civil: gateway.sandbox.clock(),
            monotonic_millis: AtomicU64::new(0),
        })
    }

    /// Moves civil time, and the paces with it.
    pub(crate) fn advance(&self, seconds: u64) {
        self.civil.advance_seconds(seconds);
        self.wait(seconds * 1000);
    }

    /// Lets paces pass, without moving civil time.
    pub(crate) fn wait(&self, millis: u64) {
        self.monotonic_millis.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.civil.now()
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.monotonic_millis.load(Ordering::SeqCst))
    }
}

/// One running proxy.
pub(crate) struct TestProxy {
    pub(crate) gateway: Gateway,
    pub(crate) proxy: Proxy,
    pub(crate) address: SocketAddr,
    pub(crate) home: Home,
    clock: Arc<TestClock>,
    http: reqwest::Client,
    shutdown: CancellationToken,
}

/// A proxy that shares its database, its gateway and its clock with another one.
pub(crate) struct Beside {
    pub(crate) proxy: Proxy,
    pub(crate) address: SocketAddr,
    shutdown: CancellationToken,
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Drop for TestProxy {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl TestProxy {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a proxy that soon gives up waiting for its gateway.
    pub(crate) async fn hasty() -> Self {
        Self::with(|config| config.shops[0].gateway.timeout = HASTY).await
    }

    /// Starts with a changed configuration.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::behind(Gateway::start().await, change).await
    }

    /// Starts in front of a gateway that is there already.
    pub(crate) async fn behind(gateway: Gateway, change: impl FnOnce(&mut Config)) -> Self {
        Self::at_home(Home::as_asked().await, gateway, change).await
    }

    /// Starts on a SQLite file, whatever database the other tests run on.
    pub(crate) async fn on_file(change: impl FnOnce(&mut Config)) -> Self {
        Self::at_home(Home::file(), Gateway::start().await, change).await
    }

    /// Starts on a database of this kind.
    pub(crate) async fn at_home(
        home: Home,
        gateway: Gateway,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        log::start();
        let mut config = config(&gateway, home.place());
        change(&mut config);
        let clock = TestClock::of(&gateway);
        let (proxy, address, shutdown) = open(config, Arc::clone(&clock)).await;
        Self {
            gateway,
            proxy,
            address,
            home,
            clock,
            http: client(),
            shutdown,
        }
    }

    /// Closes the proxy and opens another one on the same file, which remembers nothing but what is on disk.
    pub(crate) async fn restarted(&mut self) {
        self.restarted_with(|_| {}).await;
    }

    /// The same, with a changed configuration.
    pub(crate) async fn restarted_with(&mut self, change: impl FnOnce(&mut Config)) {
        self.shutdown.cancel();
        let mut config = self.proxy.config().clone();
        change(&mut config);
        (self.proxy, self.address, self.shutdown) = open(config, Arc::clone(&self.clock)).await;
    }

    /// Opens another proxy on the same database, as on another computer.
    pub(crate) async fn beside(&self) -> Beside {
        let config = self.proxy.config().clone();
        let (proxy, address, shutdown) = open(config, Arc::clone(&self.clock)).await;
        Beside {
            proxy,
            address,
            shutdown,
        }
    }

    /// The SQLite file.
    pub(crate) fn database(&self) -> PathBuf {
        let file = self.proxy.config().database.file();
        file.expect("a test about the file starts on one")
            .to_owned()
    }

    /// Lets paces pass, without moving civil time.
    pub(crate) fn wait(&self, millis: u64) {
        self.clock.wait(millis);
    }

    /// Moves civil time, and the paces with it.
    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(seconds);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Reply {
        Reply::read(self.ask(method, path, headers, body).await).await
    }

    /// The same, as far as the head of the answer.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> reqwest::Response {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .http
            .request(method, format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body.to_vec());
        }
        request.send().await.unwrap()
    }

    /// Sends headers of any bytes.
    pub(crate) async fn raw(
        &self,
        method: &str,
        path: &str,
        headers: Vec<(String, Vec<u8>)>,
        body: Option<Vec<u8>>,
    ) -> Reply {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .http
            .request(method, format!("http://{}{path}", self.address));
        for (name, value) in headers {
            let value = reqwest::header::HeaderValue::from_bytes(&value).unwrap();
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        Reply::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.request("GET", path, &[], None).await
    }

    /// Asks with the merchant's key.
    pub(crate) async fn as_merchant(&self, path: &str) -> Reply {
        let bearer = format!("Bearer {MERCHANT_KEY}");
        self.request("GET", path, &[("authorization", &bearer)], None)
            .await
    }

    /// Posts JSON as a page or the merchant's server does.
    pub(crate) async fn post(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Reply {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.request("POST", path, &all, Some(body.as_bytes()))
            .await
    }

    /// Asks for a checkout with the merchant's key and an idempotency key.
    pub(crate) async fn merchant(&self, body: &str, key: &str) -> Reply {
        let bearer = format!("Bearer {MERCHANT_KEY}");
        self.post(
            "/v1/checkouts",
            body,
            &[("authorization", &bearer), ("idempotency-key", key)],
        )
        .await
    }

    /// A checkout the merchant makes, under a key of its own; its id.
    pub(crate) async fn made(&self, body: &str) -> String {
        let key = Uuid::new_v4().to_string();
        let made = self.merchant(body, &key).await.expect(201).json();
        text(&made, "/id").to_owned()
    }

    /// A checkout of the product `demo-order` (25.00 EUR), made by a page.
    pub(crate) async fn checkout(&self) -> String {
        let reply = self
            .post("/v1/checkouts", r#"{"product":"demo-order"}"#, &[])
            .await;
        reply.expect(201).json()["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn choose(&self, id: &str, currency: &str) -> Reply {
        self.post(
            &format!("/v1/checkouts/{id}/invoice"),
            &format!(r#"{{"currency":"{currency}"}}"#),
            &[],
        )
        .await
    }

    /// Picks a currency as a client at `address` behind a proxy in front.
    pub(crate) async fn post_choice(&self, id: &str, currency: &str, address: &str) -> Reply {
        self.post(
            &format!("/v1/checkouts/{id}/invoice"),
            &format!(r#"{{"currency":"{currency}"}}"#),
            &[("x-forwarded-for", address)],
        )
        .await
    }

    pub(crate) async fn show(&self, id: &str) -> Value {
        self.get(&format!("/v1/checkouts/{id}"))
            .await
            .expect(200)
            .json()
    }

    /// The view after every pace has passed, so that the gateway is read anew.
    pub(crate) async fn fresh(&self, id: &str) -> Value {
        self.wait(60_000);
        self.show(id).await
    }

    /// A checkout with an invoice in `currency`: its id and the invoice as shown.
    pub(crate) async fn awaiting(&self, currency: &str) -> (String, Value) {
        let id = self.checkout().await;
        let invoice = self.choose(&id, currency).await.expect(200).json()["invoice"].clone();
        (id, invoice)
    }

    /// How much is stored.
    pub(crate) async fn books(&self) -> Books {
        self.proxy.books().await.unwrap()
    }

    /// All that the merchant is told of a checkout.
    pub(crate) async fn told(&self, id: &str) -> Value {
        let path = format!("/v1/checkouts/{id}");
        self.as_merchant(&path).await.expect(200).json()["merchant"].clone()
    }
}

/// Believes what the requests of a test say about where they come from.
pub(crate) fn behind_a_proxy(config: &mut Config) {
    config.limits.topology = Topology::Proxies(vec!["127.0.0.1/32".parse().unwrap()]);
}

/// What every program has derived its keys from. It may never change, so it is written out here.
const KEY_SPACE: Uuid = Uuid::from_u128(0x6f1d_2b0e_53c7_4b5a_9a54_8c1e_0f27_d3b9);

/// The key of an attempt to make a checkout's invoice in a currency.
pub(crate) fn invoice_key(checkout: &str, currency: &str, attempt: u32) -> String {
    key(&format!("{checkout}/{currency}/{attempt}"))
}

/// The key under which deposits of a customer are kept.
pub(crate) fn customer_key(customer: &str) -> String {
    key(&format!("customer/{customer}"))
}

fn key(name: &str) -> String {
    Uuid::new_v5(&KEY_SPACE, name.as_bytes()).to_string()
}

/// The value of a text field.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no text at {pointer} in {value}"))
}

pub(crate) fn config(gateway: &Gateway, database: impl Into<DatabasePlace>) -> Config {
    let mut products = PriceList::default();
    products
        .add("demo-order", "25.00", "EUR", "Order 1001", None)
        .unwrap();
    products
        .add(
            "gift-card",
            "50",
            "USD",
            "Gift card",
            Some(Offer::try_from(&["BTC", "ETH"][..]).unwrap()),
        )
        .unwrap();
    let shop = ShopConfig {
        name: ShopId::default(),
        allowed_origins: vec![
            Origin::parse(SHOP).unwrap(),
            Origin::parse("http://localhost:3000").unwrap(),
        ],
        merchant_key: MERCHANT_KEY.into(),
        previous_merchant_key: None,
        keys: Vec::new(),
        order_tokens: None,
        currencies: Offer::try_from(&OFFERED[..]).unwrap(),
        links: ShopLinks::default(),
        products,
        gateway: GatewayConfig {
            base_url: Url::parse(&gateway.base).unwrap(),
            pay_url: Some(Url::parse("https://pay.gateway.example/").unwrap()),
            account: ACCOUNT.to_owned(),
            credentials: Credentials::new(GATEWAY_KEY, GATEWAY_SECRET),
            timeout: PATIENT,
            reads_per_minute: GatewayConfig::READS_PER_MINUTE,
        },
        attestation: None,
        events: None,
    };
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: Origin::parse("https://pay.shop.example").unwrap(),
        database: database.into(),
        assets: None,
        shops: vec![shop],
        paces: Paces::default(),
        limits: Limits::default(),
        operations: Operations::default(),
    }
}

async fn open(config: Config, clock: Arc<TestClock>) -> (Proxy, SocketAddr, CancellationToken) {
    let limits = config.limits.clone();
    let proxy = Proxy::open(config, clock).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    tokio::spawn(calypso_proxy::serve(
        listener,
        proxy.router(),
        limits,
        shutdown.clone(),
    ));
    (proxy, address, shutdown)
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        // Reading this computer's certificates takes longer than many a test.
        .tls_certs_only([])
        .build()
        .unwrap()
}
