//! One payment's way through the widget: asks the proxy, learns from the answers, keeps the time.

mod telling;

use crate::api::{Answer, Flight, Whole};
use crate::countdown::ServerClock;
use crate::failure::Failure;
use crate::line::{Line, Order};
use crate::scene::{Scene, Silence, Time};
use crate::session::{News, Session, State};
use crate::visibility::Returns;
use crate::{api, clock, poll, random, visibility};
use checkout::wire::CheckoutView;
use leptos::leptos_dom::helpers::{set_interval_with_handle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::reactive::signal::guards::{Plain, ReadGuard};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

/// One payment's way through the widget. A copy is another handle to the same one.
#[derive(Clone, Copy)]
pub struct Flow {
    scene: RwSignal<Scene>,
    line: StoredValue<Line, LocalStorage>,
}

impl Flow {
    /// Starts the way of `order` on the element `host`, and ends it with the current reactive owner.
    #[must_use]
    pub fn start(host: HtmlElement, proxy: &str, order: Order) -> Self {
        let scene = Scene::new(matches!(order, Order::Product(_)));
        let flow = Self {
            scene: RwSignal::new(scene),
            line: StoredValue::new_local(Line::new(host, proxy, order)),
        };
        flow.reflect(State::Loading);
        let returns = StoredValue::new_local(Some(Returns::watch(move || flow.look_up())));
        let second = set_interval_with_handle(move || flow.second(), Duration::from_secs(1)).ok();
        on_cleanup(move || {
            if let Some(second) = second {
                second.clear();
            }
            returns.set_value(None);
            flow.line.update_value(Line::hang_up);
        });
        flow.ask(true);
        flow
    }

    /// Everything the screen depends on; who reads it here follows it.
    #[must_use]
    pub fn scene(self) -> ReadGuard<Scene, Plain<Scene>> {
        self.scene.read()
    }

    /// Everything the screen depends on, as it is now.
    #[must_use]
    pub fn scene_untracked(self) -> ReadGuard<Scene, Plain<Scene>> {
        self.scene.read_untracked()
    }

    /// Asks the proxy now, for the whole checkout, whatever was under way.
    pub fn refresh(self) {
        self.line.try_update_value(|line| line.etag = None);
        self.ask(true);
    }

    /// Makes a new checkout of the same product when the last one is over.
    pub fn start_anew(self) {
        self.line.update_value(Line::forget_checkout);
        self.retry();
    }

    /// Begins again after a failure.
    pub fn retry(self) {
        self.change(|scene| {
            scene.session.restart();
            scene.refusal = None;
        });
        self.reflect(State::Loading);
        self.refresh();
    }

    /// Picks a currency. A second click before the answer does nothing.
    pub fn choose(self, currency: &str) {
        let Some(id) = self.line.with_value(|line| line.id.clone()) else {
            return;
        };
        if self.scene_untracked().chosen.is_some() {
            return;
        }
        let Some((number, flight)) = self.take_off(Flight::writing()) else {
            return;
        };
        let currency = currency.to_owned();
        self.change(|scene| {
            scene.refusal = None;
            scene.chosen = Some(currency.clone());
        });
        let proxy = self.proxy();
        let sent = clock::read().monotonic;
        spawn_local(async move {
            let answer = api::choose_currency(&proxy, &id, &currency, &flight).await;
            if !self.is_awaited(number) {
                return;
            }
            self.change(|scene| scene.chosen = None);
            match answer {
                Ok(whole) => self.learn(whole, sent, Session::learn_choice),
                Err(failure) => {
                    self.change(|scene| scene.refusal = Some(failure.clone()));
                    self.tell_error(&failure);
                }
            }
            self.schedule();
        });
    }

    /// Opens the choice of another currency, or goes back to the payment that is under way.
    pub fn pick_another(self, is_picking: bool) {
        let previous = self.state();
        self.change(|scene| {
            scene.refusal = None;
            scene.message.clear();
            scene.session.pick_another(is_picking);
        });
        self.tell_change(previous);
    }

    /// Says something about what the buyer did.
    pub fn say(self, message: &str) {
        // Emptied first, so that the same sentence is read out again.
        self.change(|scene| scene.message.clear());
        self.change(|scene| scene.message.push_str(message));
    }

    /// Takes back what was said, unless something else was said since.
    pub fn say_no_more(self, message: &str) {
        let is_last = self
            .scene
            .try_with_untracked(|scene| scene.message == message);
        if is_last == Some(true) {
            self.change(|scene| scene.message.clear());
        }
    }

    /// Asks the proxy. What is already under way is waited for, unless the question is `urgent`; a choice of currency
    /// is never disturbed, for its answer is newer than any other.
    fn ask(self, is_urgent: bool) {
        self.tick();
        let is_busy = self.line.try_with_value(Line::is_busy);
        if is_busy.is_none_or(|is_busy| is_busy && !is_urgent)
            || self.scene_untracked().chosen.is_some()
        {
            return;
        }
        let (order, id) = self
            .line
            .with_value(|line| (line.order.clone(), line.id.clone()));
        match (id, order) {
            (Some(id), _) => self.read(id),
            (None, Order::Product(product)) => self.open(product),
            (None, _) => self.fail(&Failure::NothingToPay),
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
                Ok(Answer::Unchanged) => {
                    self.line.try_update_value(Line::hear);
                    self.tick();
                }
                Err(failure)
                    if failure.is_unknown_checkout() && self.scene_untracked().has_product =>
                {
                    // The proxy lost what this tab remembered: make a new one instead of showing a dead end.
                    self.line.update_value(Line::forget_checkout);
                    return self.ask(true);
                }
                Err(failure) => self.fail(&failure),
            }
            self.schedule();
        });
    }

    fn open(self, product: String) {
        let Some((number, flight)) = self.take_off(Flight::writing()) else {
            return;
        };
        let (proxy, key) = (self.proxy(), self.line.with_value(Line::idempotency_key));
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
                Err(failure) => self.fail(&failure),
            }
            self.schedule();
        });
    }

    fn proxy(self) -> String {
        self.line.with_value(|line| line.proxy.clone())
    }

    /// `None` once unmounted.
    fn take_off(self, flight: Option<Flight>) -> Option<(u32, Rc<Flight>)> {
        let flight = Rc::new(flight?);
        let number = self
            .line
            .try_update_value(|line| line.take_off(Rc::clone(&flight)))?;
        Some((number, flight))
    }

    fn is_awaited(self, number: u32) -> bool {
        self.line
            .try_update_value(|line| line.land(number))
            .unwrap_or(false)
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
        let mut news = None;
        self.change(|scene| news = Some(take_in(&mut scene.session, checkout)));
        self.tick();
        if let Some(news) = news {
            self.tell_news(news, &id);
        }
    }

    /// Takes in that there was no answer. The screen keeps what it shows.
    fn fail(self, failure: &Failure) {
        let failures = self.line.try_update_value(|line| {
            line.failures = line.failures.saturating_add(1);
            line.failures
        });
        let previous = self.state();
        self.change(|scene| scene.session.fail(failure.clone()));
        self.tick();
        self.tell_change(previous);
        if failures == Some(1) {
            self.tell_error(failure);
        }
    }

    /// Sets the timer for the next question. A hidden page asks nothing until it is looked at again.
    fn schedule(self) {
        if visibility::is_hidden() {
            return;
        }
        let Some(failures) = self.line.try_with_value(|line| line.failures) else {
            return;
        };
        let (pace, until_deadline, gave_up) = {
            let Scene { session, time, .. } = &*self.scene_untracked();
            let pace = session
                .checkout()
                .map_or(3_000, |checkout| checkout.poll_after_ms);
            let until_deadline = session
                .deadline()
                .map(|deadline| deadline.millis_since(time.latest));
            (
                pace,
                until_deadline,
                session.failure().is_some_and(|failure| !failure.may_pass()),
            )
        };
        if gave_up {
            return;
        }
        let wait = poll::wait_ms(
            pace,
            failures,
            u16::from_le_bytes(random::bytes()),
            until_deadline,
        );
        let timer = set_timeout_with_handle(
            move || self.ask(false),
            Duration::from_millis(u64::from(wait)),
        );
        self.line.update_value(|line| line.wait(timer.ok()));
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
        let moved = self.line.try_update_value(|line| {
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
        });
        let Some((Some(time), silence, has_drifted)) = moved else {
            return false;
        };
        self.change(|scene| {
            scene.time = time;
            scene.silence = silence;
        });
        has_drifted
    }

    fn state(self) -> State {
        self.scene_untracked().session.state()
    }

    /// Changes what the screen depends on; nothing happens once it is gone.
    fn change(self, change: impl FnOnce(&mut Scene)) {
        if let Some(mut scene) = self.scene.try_write() {
            change(&mut scene);
        }
    }
}
