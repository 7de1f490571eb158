//! One payment's way through the widget: asks the proxy, learns from the answers, tells the page.

use crate::api::{Answer, Flight, Whole};
use crate::countdown::ServerClock;
use crate::failure::Failure;
use crate::resume::{self, Remembered};
use crate::screen::Screen;
use crate::session::{News, Session, State};
use crate::visibility::Returns;
use crate::{api, clock, events, poll, random, tab_memory, visibility};
use checkout::Timestamp;
use checkout::wire::CheckoutView;
use leptos::leptos_dom::helpers::{
    TimeoutHandle, set_interval_with_handle, set_timeout_with_handle,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

/// What the element asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// A checkout that the merchant's server made.
    Checkout(String),
    /// Something on the proxy's price list.
    Product(String),
    /// Neither attribute is set.
    Nothing,
}

/// The proxy's time as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The latest time it can be at the proxy.
    pub latest: Timestamp,
    /// Whether a countdown may be shown.
    pub is_trusted: bool,
}

/// The proxy has not answered lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The browser says that there is no network.
    pub is_offline: bool,
    /// Whole seconds since the last answer.
    pub seconds: u32,
}

/// One payment's way through the widget. A copy is another handle to the same one.
#[derive(Clone, Copy)]
pub struct Flow {
    /// What is known.
    pub session: RwSignal<Session>,
    /// The proxy's time; moves every second.
    pub time: RwSignal<Time>,
    /// The code of the currency whose invoice is being made.
    pub chosen: RwSignal<Option<String>>,
    /// Why the last choice of a currency did not work.
    pub refusal: RwSignal<Option<Failure>>,
    /// Set while the proxy does not answer.
    pub silence: RwSignal<Option<Silence>>,
    /// The last thing said about what the buyer did: copied, or not.
    pub message: RwSignal<String>,
    line: StoredValue<Line, LocalStorage>,
}

/// The line to the proxy: what is under way and what came last.
struct Line {
    host: HtmlElement,
    proxy: String,
    order: Order,
    id: Option<String>,
    text: String,
    etag: Option<String>,
    clock: Option<ServerClock>,
    /// Monotonic time of the last answer, and of the last one that carried the proxy's `now`.
    heard_at: i64,
    anchored_at: i64,
    failures: u32,
    flight: Option<Rc<Flight>>,
    flights: u32,
    timer: Option<TimeoutHandle>,
}

impl Flow {
    /// Starts the way of `order` on the element `host`, and ends it with the current reactive owner.
    #[must_use]
    pub fn start(host: HtmlElement, proxy: &str, order: Order) -> Self {
        let flow = Self {
            session: RwSignal::new(Session::default()),
            time: RwSignal::new(Time {
                latest: Timestamp::MIN,
                is_trusted: false,
            }),
            chosen: RwSignal::new(None),
            refusal: RwSignal::new(None),
            silence: RwSignal::new(None),
            message: RwSignal::new(String::new()),
            line: StoredValue::new_local(Line::new(host, proxy, order)),
        };
        flow.reflect(State::Loading);
        let listeners = StoredValue::new_local(Some(Returns::watch(move || flow.look_up())));
        let second = set_interval_with_handle(move || flow.second(), Duration::from_secs(1)).ok();
        on_cleanup(move || {
            if let Some(second) = second {
                second.clear();
            }
            listeners.set_value(None);
            flow.line.update_value(Line::hang_up);
        });
        flow.ask(true);
        flow
    }

    /// Asks the proxy now, for the whole checkout, whatever was under way.
    pub fn refresh(self) {
        self.line.try_update_value(|line| line.etag = None);
        self.ask(true);
    }

    /// Begins again after a failure, or makes a new checkout of the same product when the last one is over.
    pub fn start_anew(self) {
        self.line.update_value(Line::forget_checkout);
        self.retry();
    }

    /// Begins again with the same checkout.
    pub fn retry(self) {
        self.session.update(Session::restart);
        self.refusal.set(None);
        self.reflect(State::Loading);
        self.refresh();
    }

    /// Whether the element names a product, of which a new checkout can be made.
    #[must_use]
    pub fn has_product(self) -> bool {
        self.line
            .with_value(|line| matches!(line.order, Order::Product(_)))
    }

    /// Picks a currency. A second click before the answer does nothing.
    pub fn choose(self, currency: String) {
        let Some(id) = self.line.with_value(|line| line.id.clone()) else {
            return;
        };
        if self.chosen.with_untracked(Option::is_some) {
            return;
        }
        let Some((number, flight)) = self.take_off(Flight::writing()) else {
            return;
        };
        self.refusal.set(None);
        self.chosen.set(Some(currency.clone()));
        let proxy = self.line.with_value(|line| line.proxy.clone());
        let sent = clock::read().monotonic;
        spawn_local(async move {
            let answer = api::choose_currency(&proxy, &id, &currency, &flight).await;
            if !self.is_awaited(number) {
                return;
            }
            self.chosen.set(None);
            match answer {
                Ok(whole) => self.learn(whole, sent, Session::learn_choice),
                Err(failure) => {
                    self.fire_error(&failure);
                    let _ = self.refusal.try_set(Some(failure));
                }
            }
            self.schedule();
        });
    }

    /// Opens the choice of another currency, or goes back to the payment that is under way.
    pub fn pick_another(self, is_picking: bool) {
        self.refusal.set(None);
        self.message.set(String::new());
        let previous = self.session.with_untracked(Session::state);
        self.session
            .update(|session| session.pick_another(is_picking));
        let state = self.session.with_untracked(Session::state);
        if state != previous {
            self.reflect(state);
            self.fire_change(previous, state);
        }
    }

    /// The screen for what is known at this time.
    #[must_use]
    pub fn screen(self) -> Screen {
        let latest = self.time.get().latest;
        self.session.with(|session| session.screen(latest))
    }

    /// Asks the proxy. What is already under way is waited for, unless the question is `urgent`; a choice of currency
    /// is never disturbed, for its answer is newer than any other.
    fn ask(self, is_urgent: bool) {
        self.tick();
        let is_busy = self.line.try_with_value(|line| line.flight.is_some());
        if is_busy.is_none_or(|is_busy| is_busy && !is_urgent)
            || self.chosen.with_untracked(Option::is_some)
        {
            return;
        }
        let (order, id) = self
            .line
            .with_value(|line| (line.order.clone(), line.id.clone()));
        match (id, order) {
            (Some(id), _) => self.read(id),
            (None, Order::Product(product)) => self.open(product),
            (None, _) => self.fail(Failure::NothingToPay),
        }
    }

    fn read(self, id: String) {
        let Some((number, flight)) = self.take_off(Flight::reading()) else {
            return;
        };
        let sent = clock::read().monotonic;
        let (proxy, etag) = self.line.with_value(|line| {
            let is_fresh = sent.saturating_sub(line.anchored_at) < poll::WHOLE_ANSWER_MS;
            (line.proxy.clone(), line.etag.clone().filter(|_| is_fresh))
        });
        spawn_local(async move {
            let answer = api::read_checkout(&proxy, &id, etag.as_deref(), &flight).await;
            if !self.is_awaited(number) {
                return;
            }
            match answer {
                Ok(Answer::Whole(whole)) => self.learn(whole, sent, Session::learn),
                Ok(Answer::Unchanged) => self.line.update_value(Line::hear),
                Err(failure) if failure.is_unknown_checkout() && self.has_product() => {
                    // The proxy lost what this tab remembered: make a new one instead of showing a dead end.
                    self.line.update_value(Line::forget_checkout);
                    return self.ask(true);
                }
                Err(failure) => self.fail(failure),
            }
            self.schedule();
        });
    }

    fn open(self, product: String) {
        let Some((number, flight)) = self.take_off(Flight::writing()) else {
            return;
        };
        let (proxy, key) = self
            .line
            .with_value(|line| (line.proxy.clone(), line.idempotency_key()));
        let sent = clock::read().monotonic;
        spawn_local(async move {
            let answer = api::open_checkout(&proxy, &product, &key, &flight).await;
            if !self.is_awaited(number) {
                return;
            }
            match answer {
                Ok(whole) => {
                    self.line
                        .update_value(|line| line.keep(key, &whole.checkout.id));
                    self.learn(whole, sent, Session::learn);
                }
                Err(failure) => self.fail(failure),
            }
            self.schedule();
        });
    }

    /// Registers a question as the one whose answer counts, and calls off the one before. `None` once unmounted.
    fn take_off(self, flight: Option<Flight>) -> Option<(u32, Rc<Flight>)> {
        let flight = Rc::new(flight?);
        self.line
            .try_update_value(|line| {
                line.hang_up();
                line.flights = line.flights.wrapping_add(1);
                line.flight = Some(Rc::clone(&flight));
                line.flights
            })
            .map(|number| (number, flight))
    }

    /// Whether the answer to question `number` is still waited for; if so, nothing is under way any more.
    fn is_awaited(self, number: u32) -> bool {
        let is_awaited = self.line.try_update_value(|line| {
            let is_awaited = line.flights == number && line.flight.is_some();
            if is_awaited {
                line.flight = None;
            }
            is_awaited
        });
        is_awaited.unwrap_or(false)
    }

    fn learn(self, whole: Whole, sent: i64, take_in: fn(&mut Session, CheckoutView) -> News) {
        let Whole {
            checkout,
            text,
            etag,
        } = whole;
        let id = checkout.id.clone();
        self.line.update_value(|line| {
            let reading = clock::read();
            line.clock = Some(ServerClock::anchored(checkout.now, sent, reading));
            line.anchored_at = reading.monotonic;
            line.hear();
            line.etag = etag;
            line.text = text;
        });
        let Some(news) = self
            .session
            .try_update(|session| take_in(session, checkout))
        else {
            return;
        };
        self.tick();
        self.tell(news, &id);
    }

    /// Takes in that there was no answer. The screen keeps what it shows.
    fn fail(self, failure: Failure) {
        let Some(is_first) = self.line.try_update_value(|line| {
            line.failures = line.failures.saturating_add(1);
            line.failures == 1
        }) else {
            return;
        };
        let previous = self.session.with_untracked(Session::state);
        self.session.update(|session| session.fail(failure.clone()));
        let state = self.session.with_untracked(Session::state);
        self.tick();
        if state != previous {
            self.reflect(state);
            self.fire_change(previous, state);
        }
        if is_first || state != previous {
            self.fire_error(&failure);
        }
    }

    /// Sets the timer for the next question. A hidden page asks nothing until it is looked at again.
    fn schedule(self) {
        if visibility::is_hidden() {
            return;
        }
        let latest = self.time.try_get_untracked().map(|time| time.latest);
        let Some((latest, pace, deadline, gave_up)) = latest.and_then(|latest| {
            self.session.try_with_untracked(|session| {
                let pace = session
                    .checkout()
                    .map_or(3_000, |checkout| checkout.poll_after_ms);
                let gave_up = session.failure().is_some_and(|failure| !failure.may_pass());
                (latest, pace, session.deadline(), gave_up)
            })
        }) else {
            return;
        };
        if gave_up {
            return;
        }
        let failures = self.line.with_value(|line| line.failures);
        let until_deadline = deadline.map(|deadline| deadline.millis_since(latest));
        let wait = poll::wait_ms(
            pace,
            failures,
            u16::from_le_bytes(random::bytes()),
            until_deadline,
        );
        let timer = set_timeout_with_handle(
            move || self.ask(false),
            Duration::from_millis(u64::from(wait)),
        )
        .ok();
        self.line.update_value(|line| {
            line.stop_timer();
            line.timer = timer;
        });
    }

    /// The page was hidden or shown, or the network came or went.
    fn look_up(self) {
        if visibility::is_hidden() {
            self.line.try_update_value(Line::stop_timer);
            return;
        }
        self.line.try_update_value(|line| {
            if let Some(clock) = &mut line.clock {
                // The computer may have slept: no countdown until the proxy has told the time.
                clock.suspect();
            }
        });
        self.refresh();
    }

    /// Once a second: moves the time, and asks at once when the clocks have run apart.
    fn second(self) {
        if self.tick() && !visibility::is_hidden() {
            self.refresh();
        }
    }

    /// Moves the time, before everything that depends on it. Says whether the clocks were found to have run apart.
    fn tick(self) -> bool {
        let reading = clock::read();
        let Some((time, silence, has_drifted)) = self.line.try_update_value(|line| {
            let has_drifted = line
                .clock
                .is_some_and(|clock| clock.is_trusted() && clock.has_drifted(reading));
            if has_drifted && let Some(clock) = &mut line.clock {
                clock.suspect();
            }
            let time = line.clock.map(|clock| Time {
                latest: clock.latest(reading),
                is_trusted: clock.is_trusted(),
            });
            let seconds =
                u32::try_from(reading.monotonic.saturating_sub(line.heard_at) / 1_000).unwrap_or(0);
            let silence = (line.failures > 0 && line.clock.is_some()).then(|| Silence {
                is_offline: !visibility::is_online(),
                seconds,
            });
            (time, silence, has_drifted)
        }) else {
            return false;
        };
        if let Some(time) = time
            && self.time.get_untracked() != time
        {
            self.time.set(time);
        }
        if self.silence.get_untracked() != silence {
            self.silence.set(silence);
        }
        has_drifted
    }

    /// Tells the page what an answer changed. Nothing is borrowed meanwhile: a listener may do with the element what it likes.
    fn tell(self, news: News, id: &str) {
        if news.state != news.previous {
            self.reflect(news.state);
        }
        if news.is_first {
            self.fire("calypso-ready", &[]);
        }
        if news.state != news.previous {
            self.fire_change(news.previous, news.state);
        }
        if news.became_paid {
            let Some(key) = self
                .line
                .try_with_value(|line| resume::paid_key(&line.proxy, id))
            else {
                return;
            };
            if tab_memory::recall(&key).is_none() {
                tab_memory::remember(&key, "1");
                self.fire("calypso-paid", &[]);
            }
        }
        if news.became_expired {
            self.fire("calypso-expired", &[]);
        }
    }

    fn reflect(self, state: State) {
        if let Some(host) = self.line.try_with_value(|line| line.host.clone()) {
            // The attribute's name is valid, so this cannot be refused.
            let _ = host.set_attribute("data-state", state.as_str());
        }
    }

    fn fire_change(self, previous: State, state: State) {
        let (previous, state) = (
            JsValue::from_str(previous.as_str()),
            JsValue::from_str(state.as_str()),
        );
        self.fire(
            "calypso-change",
            &[("state", &state), ("previous", &previous)],
        );
    }

    fn fire_error(self, failure: &Failure) {
        let (code, message) = (
            JsValue::from_str(failure.code()),
            JsValue::from_str(failure.message()),
        );
        if let Some(host) = self.line.try_with_value(|line| line.host.clone()) {
            events::fire(
                &host,
                "calypso-error",
                &[("code", &code), ("message", &message)],
            );
        }
    }

    /// Fires an event whose detail holds the checkout as the proxy sent it, `null` before the first answer.
    fn fire(self, name: &str, detail: &[(&str, &JsValue)]) {
        let Some((host, text)) = self
            .line
            .try_with_value(|line| (line.host.clone(), line.text.clone()))
        else {
            return;
        };
        let checkout = js_sys::JSON::parse(&text).unwrap_or(JsValue::NULL);
        let mut fields = detail.to_vec();
        fields.push(("checkout", &checkout));
        events::fire(&host, name, &fields);
    }
}

impl Line {
    fn new(host: HtmlElement, proxy: &str, order: Order) -> Self {
        let mut line = Self {
            host,
            proxy: proxy.trim_end_matches('/').to_owned(),
            id: None,
            order,
            text: String::new(),
            etag: None,
            clock: None,
            heard_at: clock::read().monotonic,
            anchored_at: 0,
            failures: 0,
            flight: None,
            flights: 0,
            timer: None,
        };
        line.id = match &line.order {
            Order::Checkout(id) => Some(id.clone()),
            Order::Product(product) => line
                .remembered(product)
                .and_then(|remembered| remembered.checkout),
            Order::Nothing => None,
        };
        line
    }

    fn remembered(&self, product: &str) -> Option<Remembered> {
        Remembered::parse(&tab_memory::recall(&resume::checkout_key(
            &self.proxy,
            product,
        ))?)
    }

    /// The key under which this tab makes its checkout of the product: the remembered one, else a new one.
    fn idempotency_key(&self) -> String {
        let Order::Product(product) = &self.order else {
            return String::new();
        };
        let remembered = self
            .remembered(product)
            .filter(|remembered| remembered.checkout.is_none());
        remembered.map_or_else(
            || {
                let key = resume::uuid_v4(random::bytes());
                self.write_down(&Remembered {
                    idempotency_key: key.clone(),
                    checkout: None,
                });
                key
            },
            |remembered| remembered.idempotency_key,
        )
    }

    fn keep(&mut self, idempotency_key: String, id: &str) {
        self.id = Some(id.to_owned());
        self.write_down(&Remembered {
            idempotency_key,
            checkout: Some(id.to_owned()),
        });
    }

    fn write_down(&self, remembered: &Remembered) {
        if let Order::Product(product) = &self.order {
            tab_memory::remember(
                &resume::checkout_key(&self.proxy, product),
                &remembered.to_text(),
            );
        }
    }

    fn forget_checkout(&mut self) {
        if let Order::Product(product) = &self.order {
            tab_memory::forget(&resume::checkout_key(&self.proxy, product));
            self.id = None;
            self.text.clear();
        }
    }

    fn hear(&mut self) {
        self.heard_at = clock::read().monotonic;
        self.failures = 0;
    }

    fn stop_timer(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }

    fn hang_up(&mut self) {
        self.stop_timer();
        if let Some(flight) = self.flight.take() {
            flight.call_off();
        }
    }
}
