//! Events through days of virtual time: a server that mostly refuses, two proxies on one database, kills in the middle of deliveries, restarts
//! and replays. Whatever happens, no event is lost, none overtakes another of its checkout, and none has two attempts at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::Size;
use crate::dice::Dice;
use crate::outbox::pay;
use crate::postgres::TestDatabase;
use crate::support::target::{Came, Reply, Target};
use crate::support::{Beside, Gateway, Home, MERCHANT_KEY, TestProxy, text};

/// Checkouts of a schedule, and steps after each of them was paid.
const CHECKOUTS: u64 = 4;
const STEPS: u64 = 40;
/// The longest pause of the retry schedule, with its spread.
const LONGEST: u64 = 29 * 3600;

/// One schedule.
struct World {
    here: TestProxy,
    there: Beside,
    target: Target,
    dice: Dice,
    paid: Vec<String>,
}

impl World {
    async fn open(dice: Dice) -> Self {
        let target = Target::start().await;
        let events = target.config();
        let home = Home::Postgres(TestDatabase::without_tables().await);
        let here = TestProxy::at_home(home, Gateway::start().await, |config| {
            config.shops[0].events = events;
        })
        .await;
        let there = here.beside().await;
        Self {
            here,
            there,
            target,
            dice,
            paid: Vec::new(),
        }
    }

    /// How the server answers next: mostly not.
    fn prepare(&mut self) {
        let replies: Vec<Reply> = (0..12)
            .map(|_| match self.dice.roll(8) {
                0 | 1 => Reply::Status(204),
                2 => Reply::Later(503, self.dice.roll(7200)),
                3 => Reply::Status(302),
                4 => Reply::Status(429),
                _ => Reply::Status(500),
            })
            .collect();
        self.target.next(replies);
    }

    /// Money comes to a new checkout, and whoever is nearest learns of it.
    async fn sell(&mut self) {
        let (id, invoice) = self.here.awaiting("USDT_TRX").await;
        let amount = text(&invoice, "/amount");
        let deposit = pay(&self.here, &invoice, amount, "mempool").await;
        self.here.fresh(&id).await;
        self.here.gateway.move_on(&deposit, "confirmed").await;
        self.here.advance(10);
        let both = (self.here.proxy.watch_once(), self.there.proxy.watch_once());
        let (one, other) = tokio::join!(both.0, both.1);
        one.and(other).unwrap();
        assert_eq!(self.here.fresh(&id).await["state"], "completed");
        self.paid.push(id);
    }

    async fn step(&mut self) {
        self.prepare();
        match self.dice.roll(6) {
            0 => drop(self.here.proxy.tell_once().await.unwrap()),
            1 => drop(self.there.proxy.tell_once().await.unwrap()),
            2 | 3 => {
                let both = (self.here.proxy.tell_once(), self.there.proxy.tell_once());
                let (one, other) = tokio::join!(both.0, both.1);
                one.and(other).unwrap();
            }
            4 => self.kill().await,
            _ => self.replay().await,
        }
        let pause = match self.dice.roll(4) {
            0 => self.dice.roll(60),
            1 => self.dice.roll(3600),
            _ => self.dice.roll(LONGEST),
        };
        self.here.advance(pause);
    }

    /// One proxy is killed while the server has what it sent; another one starts in its place.
    async fn kill(&mut self) {
        self.target.forget_next();
        self.target.usual(Reply::Held);
        let before = self.target.came().len();
        let proxy = self.here.proxy.clone();
        let sending = tokio::spawn(async move { proxy.tell_once().await });
        tokio::select! {
            () = self.target.has(before + 1) => {}
            () = async { while !sending.is_finished() { tokio::task::yield_now().await } } => {}
        }
        sending.abort();
        drop(sending.await);
        self.target.senders_have_died();
        self.target.usual(Reply::Status(204));
        self.here.restarted().await;
    }

    async fn replay(&mut self) {
        let all = self.listed().await;
        if all.is_empty() {
            return;
        }
        let event = self.dice.one_of(&all);
        let path = format!("/v1/events/{}/replay", text(event, "/id"));
        let bearer = format!("Bearer {MERCHANT_KEY}");
        let headers = [("authorization", bearer.as_str())];
        let asked = self.here.request("POST", &path, &headers, None).await;
        asked.expect(202);
    }

    /// Every event, the oldest first.
    async fn listed(&self) -> Vec<Value> {
        let (mut all, mut path) = (Vec::new(), "/v1/events".to_owned());
        loop {
            let page = self.here.as_merchant(&path).await.expect(200).json();
            all.extend(page["events"].as_array().unwrap().clone());
            match page["cursor"].as_str() {
                Some(cursor) => path = format!("/v1/events?cursor={cursor}"),
                None => break,
            }
        }
        all.reverse();
        all
    }

    /// The server is well again, and hears the rest.
    async fn recover(&mut self) {
        self.target.forget_next();
        self.target.usual(Reply::Status(204));
        for _ in 0..100 {
            self.here.advance(LONGEST);
            self.there.proxy.tell_once().await.unwrap();
            if self
                .listed()
                .await
                .iter()
                .all(|event| event["state"] != "pending")
            {
                return;
            }
        }
        panic!("events are pending for ever: {:?}", self.listed().await);
    }

    async fn judge(&self) {
        let (events, came) = (self.listed().await, self.target.came());
        assert_eq!(self.target.at_once().len(), 0, "two attempts at once");
        let mut order: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let (mut dead, mut mourned) = (BTreeSet::new(), BTreeSet::new());
        for event in &events {
            let (id, kind) = (text(event, "/id").to_owned(), text(event, "/type"));
            let checkout = text(event, "/checkout").to_owned();
            if kind == "webhook.dead" {
                let whole = format!("/v1/events/{id}");
                let whole = self.here.as_merchant(&whole).await.expect(200).json();
                let body: Value = serde_json::from_str(text(&whole, "/body")).unwrap();
                mourned.insert(text(&body, "/data/event/id").to_owned());
            } else if event["state"] == "dead" {
                dead.insert(id.clone());
            }
            if event["state"] == "delivered" {
                let attempts = event["attempts"].as_array().unwrap();
                assert!(
                    attempts.iter().any(|one| one["outcome"] == "taken"),
                    "{event}"
                );
            }
            order.entry(checkout).or_default().push(id);
        }
        assert!(dead.is_subset(&mourned), "{dead:?} {mourned:?}");
        for id in &self.paid {
            let of_it = events
                .iter()
                .filter(|event| event["checkout"] == id.as_str());
            let kinds: Vec<_> = of_it.map(|event| text(event, "/type").to_owned()).collect();
            let told = ["checkout.detected", "checkout.paid", "checkout.completed"];
            assert_eq!(kinds[..3], told, "{id}");
        }
        assert_eq!(
            first_arrivals(&came),
            order,
            "an event has overtaken another"
        );
        let mut bodies = HashMap::new();
        for one in &came {
            let first = bodies.entry(&one.id).or_insert(&one.body);
            assert_eq!(*first, &one.body, "{} was sent as other bytes", one.id);
        }
    }
}

/// In which order the events of each checkout came for the first time.
fn first_arrivals(came: &[Came]) -> BTreeMap<String, Vec<String>> {
    let mut order: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in came {
        let of_it = order.entry(one.checkout()).or_default();
        if !of_it.contains(&one.id) {
            of_it.push(one.id.clone());
        }
    }
    order
}

#[tokio::test(flavor = "multi_thread")]
async fn no_event_is_lost_or_overtaken_or_sent_twice_at_once() {
    let size = Size::of("events", 1);
    let mut dice = size.dice();
    let (mut told, mut sent) = (0, 0);
    for _ in 0..size.count {
        let mut world = World::open(dice.another()).await;
        for _ in 0..CHECKOUTS {
            world.sell().await;
            for _ in 0..STEPS / CHECKOUTS {
                world.step().await;
            }
        }
        world.recover().await;
        world.judge().await;
        told += world.listed().await.len();
        sent += world.target.came().len();
    }
    println!("{told} events, {sent} deliveries");
}
