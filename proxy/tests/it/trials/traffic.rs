//! Shops that make checkouts, buyers who pick and pay, a gateway that tells its news, pages that look: all at once, and all that they are
//! told is written down.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use calypso_proxy::{Proxy, ShopId};
use checkout::Amount;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::caller::Caller;
use super::history::{Sent, What};
use super::made::Made;
use super::scribe::Scribe;
use crate::dice::Dice;
use crate::support::hook::{Hook, NOWHERE, event};
use crate::support::{Gateway, Reply, text};

const CURRENCIES: [&str; 2] = ["USDT_TRX", "BTC"];

/// A checkout that somebody was told of, and the money it waits for.
#[derive(Clone)]
struct Known {
    id: String,
    currency: &'static str,
    asks: Option<(String, String)>,
}

/// All that shops, buyers and pages share.
pub(crate) struct Traffic {
    pub(crate) gateway: Gateway,
    pub(crate) scribe: Scribe,
    pub(crate) caller: Caller,
    known: Mutex<Vec<Known>>,
    made: Made,
    hook: Hook,
    /// News of the gateway that nobody has acknowledged yet, and those that somebody has.
    untold: Mutex<Vec<String>>,
    pub(crate) acknowledged: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

impl Traffic {
    /// Subscribes to the gateway's news by a proxy that is open, for traffic to callers' proxies.
    pub(crate) async fn new(gateway: Gateway, proxy: &Proxy, caller: Caller) -> Arc<Self> {
        let made = Made::default();
        made.listen(&gateway);
        let url = NOWHERE.parse().unwrap();
        let id = proxy.subscribe(&ShopId::default(), &url, false).await;
        let hook = Hook::at(&gateway, &id.unwrap().to_string()).await;
        Arc::new(Self {
            gateway,
            scribe: Scribe::default(),
            caller,
            known: Mutex::default(),
            made,
            hook,
            untold: Mutex::default(),
            acknowledged: Mutex::default(),
            is_over: AtomicBool::new(false),
        })
    }

    /// Lets so many clients begin.
    pub(crate) fn begin(self: &Arc<Self>, clients: usize, dice: &mut Dice) -> Vec<JoinHandle<()>> {
        (0..clients)
            .map(|_| tokio::spawn(Arc::clone(self).client(dice.another())))
            .collect()
    }

    /// Ends all clients, and has everything acknowledged that is not yet.
    pub(crate) async fn end(&self, clients: Vec<JoinHandle<()>>) {
        self.is_over.store(true, Ordering::SeqCst);
        for client in clients {
            client.await.unwrap();
        }
        while !self.untold.lock().unwrap().is_empty() {
            self.tell().await;
        }
    }

    /// One of those who use the proxy, until the run is over.
    async fn client(self: Arc<Self>, mut dice: Dice) {
        while !self.is_over.load(Ordering::SeqCst) {
            match dice.roll(12) {
                0..=1 => self.make(&mut dice).await,
                2..=4 => self.choose(&mut dice).await,
                5..=6 => self.pay(&mut dice).await,
                7..=8 => self.tell().await,
                9 => self.tell_again(&mut dice).await,
                _ => self.look(&mut dice).await,
            }
        }
    }

    fn any(&self, dice: &mut Dice) -> Option<Known> {
        let known = self.known.lock().unwrap();
        (!known.is_empty()).then(|| dice.one_of(&known).clone())
    }

    /// A shop makes a checkout, and asks again under the same key until it is told of it.
    async fn make(&self, dice: &mut Dice) {
        let key = format!("order-{:016x}", dice.roll(u64::MAX));
        let body = format!(
            r#"{{"price":{{"amount":"25.00","currency":"EUR"}},"description":"Order","externalId":"{key}"}}"#
        );
        while !self.is_over.load(Ordering::SeqCst) {
            let began = self.scribe.now();
            let Some(reply) = self.heard(self.caller.make(&body, &key).await).await else {
                continue;
            };
            let id = text(&reply.expect(201).json(), "/id").to_owned();
            let known = Known {
                id: id.clone(),
                currency: CURRENCIES[dice.place(2)],
                asks: None,
            };
            self.scribe.told(began, What::Made { key, id });
            self.known.lock().unwrap().push(known);
            return;
        }
    }

    async fn choose(&self, dice: &mut Dice) {
        let Some(Known { id, currency, .. }) = self.any(dice) else {
            return;
        };
        let began = self.scribe.now();
        let Some(reply) = self.heard(self.caller.choose(&id, currency).await).await else {
            return;
        };
        if reply.status != 200 {
            let code = reply.code();
            assert!(
                ["checkout_closed", "gateway_unavailable", "gateway_failed"].contains(&&*code),
                "{code}"
            );
            return;
        }
        let view = reply.json();
        // The money may have come meanwhile: then there is no address to be paid any more.
        if let Some(address) = view["invoice"]["address"].as_str() {
            let asks = (
                address.to_owned(),
                text(&view, "/invoice/amount").to_owned(),
            );
            let (id, address) = (id.clone(), address.to_owned());
            let currency = currency.to_owned();
            self.scribe.told(
                began,
                What::Chosen {
                    id,
                    currency,
                    address,
                },
            );
            let mut known = self.known.lock().unwrap();
            // Somebody may have paid it while this answer was on its way.
            if let Some(known) = known.iter_mut().find(|known| known.id == view["id"]) {
                known.asks.get_or_insert(asks);
            }
        }
        self.seen(began, &view);
    }

    /// A buyer pays a checkout, once.
    async fn pay(&self, dice: &mut Dice) {
        let unpaid = {
            let mut known = self.known.lock().unwrap();
            let asked: Vec<usize> = (0..known.len())
                .filter(|place| known[*place].asks.is_some())
                .collect();
            if asked.is_empty() {
                return;
            }
            // It is looked at from now on, and picked no more.
            known.swap_remove(*dice.one_of(&asked)).asks
        };
        let Some((address, amount)) = unpaid else {
            return;
        };
        let deposit = self.gateway.deposit(&address, &amount, "confirmed").await;
        let amount = Amount::parse(&amount).unwrap();
        let invoice = self.made.at(&address);
        self.scribe.sent(Sent {
            deposit,
            address,
            amount,
        });
        let data = json!({"parentExternalId": invoice});
        let news = event(
            self.scribe.now(),
            "INVOICE_FUNDS_RECEIVED_FOR_INVOICE",
            data,
        );
        self.untold.lock().unwrap().push(news);
    }

    /// The gateway tells news, and keeps them when they are not acknowledged.
    async fn tell(&self) {
        let Some(news) = self.untold.lock().unwrap().pop() else {
            return;
        };
        let told = self.caller.tell(&self.hook, &news).await;
        let is_acknowledged = self
            .heard(told)
            .await
            .is_some_and(|reply| reply.status == 200);
        let to = if is_acknowledged {
            &self.acknowledged
        } else {
            &self.untold
        };
        to.lock().unwrap().push(news);
    }

    /// It tells something a second time.
    async fn tell_again(&self, dice: &mut Dice) {
        let news = {
            let acknowledged = self.acknowledged.lock().unwrap();
            if acknowledged.is_empty() {
                return;
            }
            acknowledged[dice.place(acknowledged.len())].clone()
        };
        self.heard(self.caller.tell(&self.hook, &news).await).await;
    }

    async fn look(&self, dice: &mut Dice) {
        let ids = self.told_of();
        if ids.is_empty() {
            return;
        }
        self.look_at(&ids[dice.place(ids.len())]).await;
    }

    pub(crate) async fn look_at(&self, id: &str) {
        let began = self.scribe.now();
        if let Some(reply) = self.heard(self.caller.show(id).await).await {
            self.seen(began, &reply.expect(200).json());
        }
    }

    fn seen(&self, began: u64, view: &Value) {
        self.scribe.told(began, What::seen(view));
    }

    /// Every checkout somebody was told of, the newest last.
    pub(crate) fn told_of(&self) -> Vec<String> {
        self.scribe.made()
    }

    /// An answer, if there was one: the program may be dead, or without its database.
    async fn heard(&self, answer: Result<Reply, reqwest::Error>) -> Option<Reply> {
        if let Ok(reply) = answer
            && !(reply.status == 503 && reply.code() == "store_unavailable")
        {
            return Some(reply);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        None
    }

    /// The merchant's books, as they are stored: a list is told without asking the gateway.
    pub(crate) async fn books(&self) -> BTreeMap<String, Value> {
        self.books_of(&self.caller).await
    }

    /// The same of another proxy.
    pub(crate) async fn books_of(&self, caller: &Caller) -> BTreeMap<String, Value> {
        let mut books = BTreeMap::new();
        for key in self.scribe.keys() {
            let path = format!("/v1/checkouts?externalId={key}");
            let list = caller.as_merchant(&path).await.unwrap();
            let list = list.expect(200).json();
            for book in list["checkouts"].as_array().unwrap() {
                books.insert(text(book, "/id").to_owned(), book.clone());
            }
        }
        books
    }
}
