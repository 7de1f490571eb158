//! Thousands of random deposits, most of them while nobody looks: each is in the merchant's view once, and the sums are exact.
//!
//! `CALYPSO_DEPOSITS` and `CALYPSO_SEED` in the environment say how many and which; without them the run is short and always the
//! same. A failing run prints both.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use checkout::{Amount, Currency, Timestamp};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::support::{TestProxy, text};

const LISTS: [&str; 2] = [
    "/api/v1/invoice/deposit-history",
    "/api/v1/customer-purse/transaction/find",
];
const HOUR: u64 = 3600;
/// A payment's address gets money for so long after it was made: late, and within the time for which it is watched. What is still on its
/// way then stays there: the gateway tells of an invoice's money when it has arrived, and that would be after the watch.
const PAYABLE_SECONDS: i64 = 60 * 3600;

/// A checkout of the run.
struct Shown {
    id: String,
    kind: &'static str,
    made: Timestamp,
    /// Addresses with the currencies they take, and the amount asked for.
    addresses: Vec<(String, Vec<&'static str>, Option<String>)>,
    sent: Vec<Sent>,
}

/// A deposit of the run, as the gateway last told of it.
struct Sent {
    id: String,
    currency: String,
    amount: Amount,
    stage: String,
    lost: bool,
    at: Timestamp,
    to: String,
}

impl Sent {
    /// What the gateway's lists must have told: of an invoice only money that has arrived, of a customer all that is not void.
    fn is_told(&self, kind: &str) -> bool {
        let listed = if kind == "deposit" {
            self.stage != "dropped"
        } else {
            self.stage == "confirmed"
        };
        listed && !self.lost
    }

    fn state(&self) -> &'static str {
        match self.stage.as_str() {
            "confirmed" => "confirmed",
            "mempool" => "detected",
            "review" => "reviewing",
            _ => "declined",
        }
    }
}

struct Run {
    shop: TestProxy,
    dice: Dice,
    all: Vec<Shown>,
    /// Amounts that the gateway has changed after the fact, by deposit.
    corrected: Arc<Mutex<BTreeMap<String, String>>>,
    count: usize,
}

impl Run {
    async fn make(&mut self) {
        let place = self.all.len();
        let kind = *self
            .dice
            .one_of(&["payment", "payment", "topup", "deposit"]);
        let body = match kind {
            "payment" => format!(
                r#"{{"price":{{"amount":"25.00","currency":"EUR"}},"description":"Order","externalId":"order-{place}"}}"#
            ),
            "topup" => {
                format!(r#"{{"kind":"topup","description":"Top up","externalId":"order-{place}"}}"#)
            }
            _ => format!(
                r#"{{"kind":"deposit","customer":"user-{place}","description":"Address","externalId":"order-{place}"}}"#
            ),
        };
        let id = self.shop.made(&body).await;
        self.all.push(Shown {
            id,
            kind,
            made: self.shop.now(),
            addresses: Vec::new(),
            sent: Vec::new(),
        });
        self.pick(place).await;
    }

    /// The buyer picks a currency, if the checkout still has one to offer.
    async fn pick(&mut self, place: usize) {
        let currency = *self
            .dice
            .one_of(&["USDT_TRX", "BTC", "ETH", "USDT_BSC", "LTC"]);
        let reply = self.shop.choose(&self.all[place].id, currency).await;
        if reply.status != 200 {
            assert_eq!(reply.code(), "checkout_closed");
            return;
        }
        let view = reply.json();
        let part = if view["invoice"].is_object() {
            "invoice"
        } else {
            "receiving"
        };
        let Some(address) = view[part]["address"].as_str() else {
            return;
        };
        // Whatever is decided, the address of the currency that was picked last takes it.
        if view[part]["currency"] != currency {
            return;
        }
        let takes = match (self.all[place].kind, currency) {
            ("deposit", "ETH" | "USDT_BSC") => {
                vec!["ETH", "USDT", "USDC", "BNB", "USDT_BSC", "POL"]
            }
            ("deposit", "USDT_TRX") => vec!["USDT_TRX", "TRX"],
            _ => vec![currency],
        };
        let asked = view["invoice"]["amount"].as_str().map(str::to_owned);
        let known = &mut self.all[place].addresses;
        if known.iter().all(|(known, ..)| known != address) {
            known.push((address.to_owned(), takes, asked));
        }
    }

    fn is_over(&self, place: usize) -> bool {
        let shown = &self.all[place];
        let age = self.shop.now().millis_since(shown.made);
        shown.kind == "payment" && age > PAYABLE_SECONDS * 1000
    }

    async fn send(&mut self, place: usize) {
        let now = self.shop.now();
        let shown = &self.all[place];
        if self.is_over(place) || shown.addresses.is_empty() {
            return;
        }
        let (address, takes, asked) = self.dice.one_of(&shown.addresses).clone();
        let currency = *self.dice.one_of(&takes);
        let scale = Currency::find(currency).unwrap().scale;
        let right = asked.filter(|_| self.dice.roll(3) == 0);
        let amount = right.unwrap_or_else(|| {
            let units = 1 + self.dice.roll(40_000_000);
            let amount = Amount::from_units(u128::from(units), scale.min(6)).unwrap();
            amount.normalized().to_string()
        });
        let stage = *self.dice.one_of(&["confirmed", "confirmed", "mempool"]);
        let mut body =
            json!({"address": address, "amount": amount, "stage": stage, "currency": currency});
        if self.dice.roll(4) == 0 {
            body["from"] = json!(format!("sender-{}", self.dice.roll(3)));
        }
        let made = self.shop.gateway.send(&body).await;
        self.all[place].sent.push(Sent {
            id: text(&made, "/id").to_owned(),
            currency: currency.to_owned(),
            amount: Amount::parse(&amount).unwrap(),
            stage: stage.to_owned(),
            lost: made["lost"] == true,
            at: now,
            to: address,
        });
        self.count += 1;
    }

    /// Moves one deposit on that is on its way.
    async fn move_on(&mut self, place: usize) {
        if self.is_over(place) {
            return;
        }
        let open = ["mempool", "review"];
        let sent = &mut self.all[place].sent;
        let Some(sent) = sent.iter_mut().find(|sent| open.contains(&&*sent.stage)) else {
            return;
        };
        let next = match sent.stage.as_str() {
            "mempool" => *self
                .dice
                .one_of(&["confirmed", "confirmed", "dropped", "review"]),
            _ => *self.dice.one_of(&["confirmed", "confirmed", "declined"]),
        };
        let moved = self.shop.gateway.moved(&sent.id, next).await;
        next.clone_into(&mut sent.stage);
        sent.lost |= moved["lost"] == true;
    }

    /// The gateway changes the amount of a deposit that was read as certain.
    async fn correct(&mut self, place: usize) {
        // A list of checkouts is told as they are stored, without asking the gateway.
        let path = format!("/v1/checkouts?externalId=order-{place}");
        let listed = self.shop.as_merchant(&path).await.expect(200).json();
        let known = listed["checkouts"][0]["merchant"]["deposits"].as_array();
        let known = known.unwrap();
        let is_certain = |sent: &&Sent| {
            known.iter().any(|deposit| {
                text(deposit, "/id") == sent.id && text(deposit, "/state") == "confirmed"
            })
        };
        let certain: Vec<&Sent> = self.all[place].sent.iter().filter(is_certain).collect();
        if certain.is_empty() {
            return;
        }
        let sent = *self.dice.one_of(&certain);
        let other = format!("{}", 1 + self.dice.roll(1000));
        let mut corrected = self.corrected.lock().unwrap();
        corrected.insert(sent.id.clone(), other);
    }

    async fn step(&mut self) {
        let places: Vec<usize> = (0..self.all.len()).collect();
        let place = *self.dice.one_of(&places);
        match self.dice.roll(1000) {
            0..620 => self.send(place).await,
            620..760 => self.move_on(place).await,
            760..790 => self.pick(place).await,
            790..800 => self.make().await,
            800..830 => self.correct(place).await,
            830..840 => drop(self.shop.fresh(&self.all[place].id).await),
            840..842 => self.shop.restarted().await,
            842..860 => self.watch().await,
            _ => self.shop.advance(1 + self.dice.roll(600)),
        }
    }

    async fn watch(&mut self) {
        self.shop.advance(30);
        self.shop.proxy.watch_once().await.unwrap();
    }

    /// Compares what the merchant is told with what was sent.
    async fn compare(&self) {
        for shown in &self.all {
            let view = self
                .shop
                .as_merchant(&format!("/v1/checkouts/{}", shown.id))
                .await;
            let view = view.expect(200).json();
            let told = view["merchant"]["deposits"].as_array().unwrap();
            let mut ids = HashSet::new();
            let mut sums: BTreeMap<&str, Amount> = BTreeMap::new();
            for deposit in told {
                let id = text(deposit, "/id");
                assert!(ids.insert(id), "{id} is there twice");
                let sent = shown.sent.iter().find(|sent| sent.id == id);
                let sent = sent.unwrap_or_else(|| panic!("nobody sent {deposit}"));
                if !sent.is_told(shown.kind) {
                    let is_void =
                        deposit["state"] == "detected" && !deposit["missingSince"].is_null();
                    assert!(is_void, "{} {deposit}", sent.stage);
                    continue;
                }
                assert_eq!(
                    text(deposit, "/amount"),
                    sent.amount.normalized().to_string(),
                    "{deposit}"
                );
                assert_eq!(text(deposit, "/currency"), sent.currency);
                assert_eq!(text(deposit, "/state"), sent.state(), "{deposit}");
                let is_corrected = self.corrected.lock().unwrap().contains_key(id);
                let flags = deposit["flags"].as_array().unwrap();
                let is_about_amount = |flag: &Value| flag["kind"] == "amount_changed";
                assert!(
                    flags
                        .iter()
                        .all(|flag| is_corrected && is_about_amount(flag)),
                    "{deposit}"
                );
                let sum = sums.entry(&sent.currency).or_insert(Amount::ZERO);
                if sent.state() == "confirmed" {
                    *sum = sum.checked_add(sent.amount).unwrap();
                }
            }
            for sent in shown.sent.iter().filter(|sent| sent.is_told(shown.kind)) {
                assert!(
                    ids.contains(&*sent.id),
                    "{} {} of a {} made at {}, sent at {} to {}, is not told: {view}",
                    sent.amount,
                    sent.currency,
                    shown.kind,
                    shown.made,
                    sent.at,
                    sent.to,
                );
            }
            for total in view["merchant"]["totals"].as_array().unwrap() {
                let sum = sums
                    .remove(text(total, "/currency"))
                    .unwrap_or(Amount::ZERO);
                assert_eq!(
                    text(total, "/received"),
                    sum.normalized().to_string(),
                    "{total}"
                );
            }
            assert!(sums.is_empty(), "{sums:?} have no total");
        }
    }
}

/// Gives the corrected amounts in the place of the true ones. The digits of all others stay as they are.
fn correcting(page: String, corrected: &BTreeMap<String, String>) -> String {
    let mut page = page;
    for (id, amount) in corrected {
        let Some(at) = page.find(&format!("\"id\":\"{id}\",\"amount\":")) else {
            continue;
        };
        let start = at + id.len() + "\"id\":\"\",\"amount\":".len();
        let end = start + page[start..].find([',', '}']).unwrap();
        page.replace_range(start..end, amount);
    }
    page
}

fn from_environment(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

#[tokio::test]
async fn every_deposit_of_a_random_run_is_told_once_with_the_exact_sum() {
    let most = usize::try_from(from_environment("CALYPSO_DEPOSITS", 250)).unwrap();
    let seed = from_environment("CALYPSO_SEED", 7);
    println!("CALYPSO_DEPOSITS={most} CALYPSO_SEED={seed}");
    let corrected: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
    let shop = TestProxy::start().await;
    let amounts = Arc::clone(&corrected);
    shop.gateway.rewrite(move |path, page| {
        if LISTS.contains(&path) {
            correcting(page, &amounts.lock().unwrap())
        } else {
            page
        }
    });
    let mut run = Run {
        shop,
        dice: Dice::new(seed),
        all: Vec::new(),
        corrected,
        count: 0,
    };
    for _ in 0..8 {
        run.make().await;
    }
    while run.count < most {
        run.step().await;
    }
    // From now on nobody looks, and in the end there is no gateway left to ask.
    for _ in 0..16 {
        run.shop.advance(2 * HOUR);
        run.shop.proxy.watch_once().await.unwrap();
    }
    run.shop.gateway.stop().await;
    run.compare().await;
    let told: usize = run
        .all
        .iter()
        .map(|shown| {
            shown
                .sent
                .iter()
                .filter(|sent| sent.is_told(shown.kind))
                .count()
        })
        .sum();
    let corrections = run.corrected.lock().unwrap().len();
    println!(
        "{} deposits to {} checkouts, {told} told by the gateway, {corrections} corrected: each is in the merchant's view once",
        run.count,
        run.all.len()
    );
    assert!(
        told * 2 > most && corrections > 0,
        "the run has shown too little"
    );
}
