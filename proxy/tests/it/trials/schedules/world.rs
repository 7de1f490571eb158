//! Two shops with a gateway each, one proxy that lives and dies, and what happens to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use calypso_proxy::{Clock, Config, DatabasePlace, ShopId};
use calypso_sandbox::WallClock;
use checkout::{Amount, Currency};
use serde_json::json;

use crate::dice::Dice;
use crate::support::hook::{Hook, NOWHERE, PATH, event};
use crate::support::{Gateway, Home, MERCHANT_KEY, Reply, TestClock, config, text};
use crate::trials::made::Made;
use crate::trials::mortal::{Asked, Mortal};

const SHOPS: [&str; 2] = ["default", "garden"];
const CURRENCIES: [&str; 3] = ["USDT_TRX", "BTC", "ETH"];
/// So many things happen in one schedule.
const STEPS: u64 = 40;

/// A checkout of the schedule that is being played.
struct Shown {
    shop: usize,
    id: String,
    /// What its shop calls it.
    order: String,
    kind: &'static str,
    /// Invoices by the gateway's id of each, with address and currency.
    invoices: Vec<(String, String, &'static str)>,
}

/// News of the gateway, told until they are acknowledged.
#[derive(Clone)]
struct News {
    shop: usize,
    body: String,
    is_acknowledged: bool,
}

pub(super) struct World {
    _home: Home,
    config: Config,
    clock: Arc<TestClock>,
    gateways: Vec<Gateway>,
    /// The subscription at each.
    hooks: Vec<Hook>,
    made: Made,
    proxy: Option<Mortal>,
    shown: Vec<Shown>,
    news: Vec<News>,
    /// Answers still to come, with the news that they acknowledge.
    open: Vec<(Asked, Option<usize>)>,
    /// What was sent to a checkout and has arrived, by the checkout's id and the currency.
    arrived: BTreeMap<(String, &'static str), Amount>,
    /// What was sent and has not arrived: where it stands in `shown`, the gateway's id, amount and currency.
    under_way: Vec<(usize, String, Amount, &'static str)>,
    events: u64,
    deposits: usize,
    lives: usize,
}

impl World {
    /// Both shops subscribe to their gateway's news, which a schedule tells as it likes: at the address named nobody listens.
    pub(super) async fn new(home: Home, connections: usize) -> Self {
        let mut world = Self::unsubscribed(home, connections).await;
        for (shop, gateway) in SHOPS.iter().zip(0..) {
            let shop = ShopId::parse(shop).unwrap();
            let url = NOWHERE.parse().unwrap();
            let proxy = world.proxy().await.proxy.clone();
            let id = proxy.subscribe(&shop, &url, false).await.unwrap();
            let hook = Hook::at(&world.gateways[gateway], &id.to_string()).await;
            world.hooks.push(hook);
        }
        world
    }

    async fn unsubscribed(home: Home, connections: usize) -> Self {
        let other = Gateway::seeded(8, WallClock::system(), |router| router);
        let gateways = vec![Gateway::start().await, other.await];
        let made = Made::default();
        for gateway in &gateways {
            made.listen(gateway);
        }
        let mut both = config(&gateways[0], home.place());
        if let DatabasePlace::Postgres(place) = &mut both.database {
            place.connections = connections;
        }
        let mut garden = config(&gateways[1], home.place()).shops.remove(0);
        garden.name = ShopId::parse(SHOPS[1]).unwrap();
        garden.merchant_key = format!("{MERCHANT_KEY}-of-the-garden").into();
        garden.allowed_origins.clear();
        both.shops.push(garden);
        let clock = TestClock::of(&gateways[0]);
        Self {
            _home: home,
            config: both,
            clock,
            gateways,
            hooks: Vec::new(),
            made,
            proxy: None,
            shown: Vec::new(),
            news: Vec::new(),
            open: Vec::new(),
            arrived: BTreeMap::new(),
            under_way: Vec::new(),
            events: 0,
            deposits: 0,
            lives: 0,
        }
    }

    pub(super) fn deposits(&self) -> usize {
        self.deposits
    }

    pub(super) fn lives(&self) -> usize {
        self.lives
    }

    async fn proxy(&mut self) -> &Mortal {
        if self.proxy.is_none() {
            let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
            self.proxy = Some(Mortal::open(self.config.clone(), clock).await);
            self.lives += 1;
        }
        self.proxy.as_ref().unwrap()
    }

    /// One schedule, from its first checkout to the comparison.
    pub(super) async fn play(&mut self, seed: u64, number: u64) {
        let mut dice = Dice::new(seed.wrapping_add(number << 20));
        self.shown.clear();
        self.news.clear();
        self.arrived.clear();
        self.under_way.clear();
        for _ in 0..4 {
            self.make(&mut dice, number).await;
        }
        for _ in 0..STEPS {
            self.step(&mut dice).await;
        }
        self.come_to_rest().await;
        self.compare(seed, number).await;
    }

    async fn make(&mut self, dice: &mut Dice, schedule: u64) {
        let shop = dice.place(SHOPS.len());
        let kind = *dice.one_of(&["payment", "payment", "topup"]);
        let mut body = if kind == "payment" {
            json!({"price": {"amount": "25.00", "currency": "EUR"}, "description": "Order"})
        } else {
            json!({"kind": "topup", "description": "Top up"})
        };
        // Both shops count their orders alike.
        let of_shop = self.shown.iter().filter(|shown| shown.shop == shop).count();
        let key = format!("order-{schedule}-{of_shop}");
        body["externalId"] = key.clone().into();
        let request = self
            .request("POST", shop, "/v1/checkouts")
            .header("idempotency-key", &key);
        let request = request.header("content-type", "application/json");
        let reply = self
            .answer(request.body(body.to_string().into()).unwrap())
            .await;
        let view = reply.expect(201).json();
        self.shown.push(Shown {
            shop,
            id: text(&view, "/id").to_owned(),
            order: key,
            kind,
            invoices: Vec::new(),
        });
        let place = self.shown.len() - 1;
        self.pick(dice, place).await;
    }

    async fn pick(&mut self, dice: &mut Dice, place: usize) {
        let currency = *dice.one_of(&CURRENCIES);
        let path = format!("/v1/checkouts/{}/invoice", self.shown[place].id);
        let request = Request::post(path).header("content-type", "application/json");
        let body = format!(r#"{{"currency":"{currency}"}}"#);
        let reply = self.answer(request.body(body.into()).unwrap()).await;
        if reply.status != 200 {
            assert_eq!(reply.code(), "checkout_closed");
            return;
        }
        let view = reply.json();
        let shown = &mut self.shown[place];
        let part = if shown.kind == "topup" {
            "receiving"
        } else {
            "invoice"
        };
        // While money is on its way to another invoice, that one stays in view.
        if view[part]["currency"] != currency {
            return;
        }
        let Some(address) = view[part]["address"].as_str() else {
            return;
        };
        if shown.invoices.iter().all(|(_, known, _)| known != address) {
            let id = self.made.at(address);
            shown.invoices.push((id, address.to_owned(), currency));
        }
    }

    async fn step(&mut self, dice: &mut Dice) {
        let place = dice.place(self.shown.len());
        match dice.roll(100) {
            0..18 => self.send(dice, place).await,
            18..28 => self.move_on(dice).await,
            28..46 => self.tell(dice).await,
            46..60 => self.poll(dice, place).await,
            60..66 => self.watch().await,
            66..70 => self.pick(dice, place).await,
            70..78 => self.hear(dice).await,
            78..84 => self.crash(),
            _ => self.advance(1 + dice.roll(90)),
        }
    }

    /// Money is sent, and the gateway has news of it.
    async fn send(&mut self, dice: &mut Dice, place: usize) {
        let shown = &self.shown[place];
        if shown.invoices.is_empty() {
            return;
        }
        let (invoice, address, currency) = dice.one_of(&shown.invoices).clone();
        let scale = Currency::find(currency).unwrap().scale;
        let units = u128::from(1 + dice.roll(40_000_000));
        let amount = Amount::from_units(units, scale.min(6)).unwrap();
        let stage = *dice.one_of(&["confirmed", "confirmed", "mempool"]);
        let body = json!({
            "address": address, "amount": amount.normalized().to_string(), "stage": stage, "currency": currency,
        });
        let made = self.gateways[shown.shop].send(&body).await;
        let shop = shown.shop;
        if made["lost"] == true {
            return;
        }
        self.deposits += 1;
        if stage == "confirmed" {
            self.has_arrived(place, amount, currency);
            self.has_news(shop, &invoice, "INVOICE_FUNDS_RECEIVED_FOR_INVOICE");
        } else {
            let id = text(&made, "/id").to_owned();
            self.under_way.push((place, id, amount, currency));
            self.has_news(shop, &invoice, "INVOICE_MEMPOOL_FOUND");
        }
    }

    fn has_arrived(&mut self, place: usize, amount: Amount, currency: &'static str) {
        let key = (self.shown[place].id.clone(), currency);
        let sum = self.arrived.entry(key).or_insert(Amount::ZERO);
        *sum = sum.checked_add(amount).unwrap();
    }

    fn has_news(&mut self, shop: usize, invoice: &str, kind: &str) {
        self.events += 1;
        self.news.push(News {
            shop,
            body: event(self.events, kind, json!({"parentExternalId": invoice})),
            is_acknowledged: false,
        });
    }

    async fn move_on(&mut self, dice: &mut Dice) {
        if self.under_way.is_empty() {
            return;
        }
        let (place, id, amount, currency) =
            self.under_way.swap_remove(dice.place(self.under_way.len()));
        let stage = *dice.one_of(&["confirmed", "confirmed", "confirmed", "dropped"]);
        let shop = self.shown[place].shop;
        let moved = self.gateways[shop].moved(&id, stage).await;
        if stage == "confirmed" && moved["lost"] != true {
            self.has_arrived(place, amount, currency);
        }
        let invoices = &self.shown[place].invoices;
        let invoice = invoices.iter().find(|(.., known)| *known == currency);
        let invoice = invoice.unwrap().0.clone();
        self.has_news(shop, &invoice, "INVOICE_PAID");
    }

    /// Some news are told, for the first time or again, and nobody waits for the answer.
    async fn tell(&mut self, dice: &mut Dice) {
        if self.news.is_empty() {
            return;
        }
        let times = 1 + dice.roll(3);
        let place = dice.place(self.news.len());
        for _ in 0..times {
            self.tell_one(place).await;
        }
    }

    async fn tell_one(&mut self, place: usize) {
        let News { shop, ref body, .. } = self.news[place];
        let hook = &self.hooks[shop];
        let request = Request::post(PATH)
            .header("content-type", "application/json")
            .header("key", &hook.key)
            .header("sign", hook.sign(body.as_bytes()));
        let request = request.body(body.clone().into()).unwrap();
        let asked = self.proxy().await.ask(request);
        self.open.push((asked, Some(place)));
    }

    /// A page or the merchant looks; nobody waits for the answer.
    async fn poll(&mut self, dice: &mut Dice, place: usize) {
        let Shown { shop, ref id, .. } = self.shown[place];
        let path = format!("/v1/checkouts/{id}");
        let request = if dice.roll(3) == 0 {
            self.request("GET", shop, &path)
        } else {
            Request::get(path)
        };
        let request = request.body(Body::empty()).unwrap();
        let asked = self.proxy().await.ask(request);
        self.open.push((asked, None));
    }

    async fn watch(&mut self) {
        self.advance(30);
        let proxy = self.proxy().await;
        let known = proxy.proxy.clone();
        let round = proxy.run(async move {
            // It may end in the middle of its round.
            drop(known.watch_once().await);
            Reply {
                status: 200,
                headers: axum::http::HeaderMap::new(),
                bytes: Vec::new(),
            }
        });
        self.open.push((round, None));
    }

    /// Some of the open answers come in.
    async fn hear(&mut self, dice: &mut Dice) {
        if self.open.is_empty() {
            return;
        }
        let (asked, news) = self.open.swap_remove(dice.place(self.open.len()));
        self.heard(asked, news).await;
    }

    async fn heard(&mut self, asked: Asked, news: Option<usize>) {
        // An error is an answer that never came, because the proxy died.
        let Ok(reply) = asked.await else { return };
        if let (200, Some(place)) = (reply.status, news) {
            self.news[place].is_acknowledged = true;
        }
    }

    fn crash(&mut self) {
        self.proxy = None;
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(seconds);
        self.gateways[1].sandbox.clock().advance_seconds(seconds);
    }

    /// What is on its way comes in, and what was never acknowledged is told until it is. Then nobody tells anything more, and what was put
    /// off is worked off.
    async fn come_to_rest(&mut self) {
        while let Some((asked, news)) = self.open.pop() {
            self.heard(asked, news).await;
        }
        for place in 0..self.news.len() {
            while !self.news[place].is_acknowledged {
                self.tell_one(place).await;
                let (asked, news) = self.open.pop().unwrap();
                self.heard(asked, news).await;
            }
        }
        while self
            .proxy()
            .await
            .proxy
            .books()
            .await
            .unwrap()
            .deliveries_open
            > 0
        {
            self.watch().await;
            let (asked, news) = self.open.pop().unwrap();
            self.heard(asked, news).await;
        }
    }

    /// Looks through the books of all schedules so far: each history can be true, and ends with what is kept.
    pub(super) async fn audit(&mut self) {
        let audit = self.proxy().await.proxy.audit().await.unwrap();
        assert_eq!(audit.differences, [""; 0]);
        assert!(audit.entries > 0);
    }

    /// Compares what each merchant has with what was sent. A list is told as it is stored: nothing can be learned late.
    async fn compare(&mut self, seed: u64, number: u64) {
        self.crash();
        for place in 0..self.shown.len() {
            let Shown {
                shop,
                ref order,
                ref id,
                ..
            } = self.shown[place];
            let id = id.clone();
            let path = format!("/v1/checkouts?externalId={order}");
            let request = self.request("GET", shop, &path);
            let request = request.body(Body::empty()).unwrap();
            let list = self.answer(request).await.expect(200).json();
            let found = list["checkouts"].as_array().unwrap();
            assert_eq!(found.len(), 1, "one shop's order: {list:#}");
            let view = &found[0];
            assert_eq!(view["id"], *id);
            let mut credited = BTreeMap::new();
            for total in view["merchant"]["totals"].as_array().unwrap() {
                let currency = Currency::find(text(total, "/currency")).unwrap().code;
                let received = Amount::parse(text(total, "/received")).unwrap();
                if !received.is_zero() {
                    credited.insert(currency, received.normalized().to_string());
                }
            }
            let arrived = self.arrived.iter().filter(|((to, _), _)| *to == id);
            let arrived: BTreeMap<_, _> = arrived
                .map(|((_, currency), sum)| (*currency, sum.normalized().to_string()))
                .collect();
            assert_eq!(
                credited, arrived,
                "seed {seed}, schedule {number}, {} {view:#}",
                self.shown[place].kind
            );
        }
    }

    async fn answer(&mut self, request: Request<Body>) -> Reply {
        self.proxy().await.ask(request).await.unwrap()
    }

    /// A request of a shop's merchant.
    fn request(&self, method: &str, shop: usize, path: &str) -> axum::http::request::Builder {
        use secrecy::ExposeSecret as _;
        let key = self.config.shops[shop].merchant_key.expose_secret();
        Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {key}"))
    }
}
