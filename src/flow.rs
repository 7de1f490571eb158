//! One payment's way through the widget: asks the proxy, learns from the answers, keeps the time.

mod telling;

use crate::api::{Flight, Whole};
use crate::countdown::ServerClock;
use crate::failure::Failure;
use crate::line::{Line, Order};
use crate::question::Question;
use crate::scene::{Copied, Copies, Earlier, Scene, Silence, Time};
use crate::session::{Asked, State};
use crate::text::Text;
use crate::visibility::Returns;
use crate::{api, clock, poll, random, visibility};
use checkout::Phase;
use checkout::wire::CheckoutView;
use leptos_dom::helpers::{set_interval_with_handle, set_timeout, set_timeout_with_handle};
use reactive_graph::owner::{LocalStorage, StoredValue, on_cleanup};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use reactive_graph::signal::guards::{Plain, ReadGuard};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, console};

/// How long a copy button shows what became of the copy.
const FEEDBACK: Duration = Duration::from_millis(2_500);
/// How long the place of what is read out stays empty before the next sentence.
const BETWEEN_SENTENCES: Duration = Duration::from_millis(60);
/// How soon a wallet covers the page when there is one.
const WALLET_LIMIT: Duration = Duration::from_millis(1_500);

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
        let mut scene = Scene::new(matches!(order, Order::Product(_)));
        let line = Line::new(host, proxy, order);
        scene.reference = line.id.clone().unwrap_or_default();
        let flow = Self {
            scene: RwSignal::new(scene),
            line: StoredValue::new_local(line),
        };
        flow.reflect(State::Loading);
        let returns = Returns::watch(move || flow.look_up());
        flow.on_line(|line| line.returns = Some(returns));
        let second = set_interval_with_handle(move || flow.second(), Duration::from_secs(1)).ok();
        on_cleanup(move || {
            if let Some(second) = second {
                second.clear();
            }
            flow.on_line(Line::cut);
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
        self.on_line(|line| line.etag = None);
        self.ask(true);
    }

    /// Makes a new checkout of the same product when the last one is over.
    pub fn start_anew(self) {
        self.on_line(Line::forget_checkout);
        self.change(|scene| scene.reference.clear());
        self.retry();
    }

    /// Begins again after a failure.
    pub fn retry(self) {
        self.change(|scene| {
            scene.session.restart();
            scene.refusal = None;
            scene.earlier = None;
        });
        self.reflect(State::Loading);
        self.refresh();
    }

    /// Stops the payment, because the screen does not show what it should; `what` says what was expected and what came.
    pub fn stop(self, what: String) {
        let failure = Failure::ScreenChanged { message: what };
        let previous = self.state();
        self.change(|scene| scene.session.stop(failure.clone()));
        self.tell_change(previous);
        self.tell_error(&failure);
        console::error_1(
            &["calypso-pay: ", failure.code(), ": ", failure.message()]
                .concat()
                .into(),
        );
    }

    /// Picks a currency. A second click before the answer does nothing.
    pub fn choose(self, currency: &str) {
        let Some(id) = self.on_line(|line| line.id.clone()).flatten() else {
            return;
        };
        if self.scene_untracked().chosen.is_some() {
            return;
        }
        let currency = currency.to_owned();
        self.change(|scene| {
            scene.refusal = None;
            scene.chosen = Some(currency.clone());
        });
        self.send(Question::Choose { id, currency });
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

    /// Looks for a currency.
    pub fn search(self, query: String) {
        self.change(|scene| scene.query = query);
    }

    /// Says what became of a copy, for a while.
    pub fn say_copied(self, what: Copies, worked: bool, said: String) {
        let mut press = 0;
        self.change(|scene| {
            press = scene
                .copied
                .map_or(1, |copied| copied.press.wrapping_add(1));
            scene.copied = Some(Copied {
                what,
                worked,
                press,
            });
        });
        self.say(said);
        let over = move || {
            self.change(|scene| {
                if scene.copied.is_some_and(|copied| copied.press == press) {
                    scene.copied = None;
                    // That it did not work stays to be read.
                    if worked {
                        scene.message.clear();
                    }
                }
            });
        };
        set_timeout(over, FEEDBACK);
    }

    /// Says something about what the buyer did. Emptied first and set a moment later, so that the same sentence is read out
    /// again: both in one go would be no change.
    fn say(self, said: String) {
        self.change(|scene| scene.message.clear());
        set_timeout(
            move || self.change(|scene| scene.message = said),
            BETWEEN_SENTENCES,
        );
    }

    /// The wallet link was followed: when the page is still looked at a moment later, no wallet took it.
    pub fn open_wallet(self) {
        let nothing_opened = move || {
            let sentence = {
                let scene = self.scene.try_read_untracked();
                let Some(scene) = scene.filter(|scene| scene.screen().takes_money()) else {
                    return;
                };
                if scene.session.invoice().is_some() {
                    Text::NoWallet
                } else {
                    Text::NoWalletAnyAmount
                }
            };
            if !visibility::is_hidden() {
                self.say(sentence.say().to_owned());
            }
        };
        set_timeout(nothing_opened, WALLET_LIMIT);
    }

    /// Asks the proxy. What is already under way is waited for, unless the question is `urgent`; a choice of currency
    /// is never disturbed, for its answer is newer than any other.
    fn ask(self, is_urgent: bool) {
        self.tick();
        let is_busy = self.on_line(|line| line.is_busy());
        if is_busy.is_none_or(|is_busy| is_busy && !is_urgent)
            || self.scene_untracked().chosen.is_some()
        {
            return;
        }
        let named = self.on_line(|line| (line.order.clone(), line.id.clone()));
        let Some((order, id)) = named else { return };
        let question = match (id, order) {
            (Some(id), _) => Question::Read {
                id,
                etag: self.on_line(|line| line.usable_etag()).flatten(),
            },
            (None, Order::Product(product)) => {
                let key = self.on_line(|line| line.idempotency_key());
                Question::Open {
                    product,
                    idempotency_key: key.unwrap_or_default(),
                }
            }
            (None, _) => return self.fail(&Failure::NothingToPay),
        };
        self.send(question);
    }

    /// Sends a question, calling off the one before, and takes in its answer.
    fn send(self, question: Question) {
        let Some(flight) = Flight::of(&question).map(Rc::new) else {
            return;
        };
        let sent = self.on_line(|line| (line.take_off(Rc::clone(&flight)), line.proxy.clone()));
        let Some((number, proxy)) = sent else { return };
        let sent_at = clock::read().monotonic;
        spawn_local(async move {
            let answer = api::ask(&proxy, &question, &flight).await;
            if self.on_line(|line| line.land(number)) == Some(true) {
                self.take_in(question, answer, sent_at);
            }
        });
    }

    fn take_in(self, question: Question, answer: Result<Option<Whole>, Failure>, sent_at: i64) {
        if matches!(question, Question::Choose { .. }) {
            self.change(|scene| scene.chosen = None);
        }
        match (answer, question) {
            (Ok(Some(whole)), question) => self.learn(whole, sent_at, question),
            (Ok(None), _) => {
                self.on_line(Line::hear);
                self.tick();
            }
            (Err(failure), Question::Choose { .. }) => {
                self.change(|scene| scene.refusal = Some(failure.clone()));
                self.tell_error(&failure);
            }
            (Err(failure), Question::Read { .. })
                if failure.is_unknown_checkout() && self.scene_untracked().has_product =>
            {
                // The proxy lost what this tab remembered: make a new one instead of showing a dead end.
                self.on_line(Line::forget_checkout);
                return self.ask(true);
            }
            (Err(failure), _) => self.fail(&failure),
        }
        self.schedule();
    }

    /// Notices that what the tab remembered of a product is a payment of an earlier visit.
    fn recognise(self, checkout: &CheckoutView) {
        let is_earlier = {
            let scene = self.scene_untracked();
            scene.has_product && scene.session.checkout().is_none()
        };
        if is_earlier && checkout.state == Phase::Completed {
            let paid_at = self.on_line(|line| line.paid_at(&checkout.id)).flatten();
            self.change(|scene| scene.earlier = Some(Earlier { paid_at }));
        }
    }

    fn learn(self, whole: Whole, sent_at: i64, question: Question) {
        let Whole {
            checkout,
            text,
            etag,
        } = whole;
        let (id, now) = (checkout.id.clone(), checkout.now);
        if matches!(question, Question::Read { .. }) {
            self.recognise(&checkout);
        }
        let asked = match &question {
            Question::Open { .. } => Asked::default(),
            Question::Read { id, .. } => Asked {
                id: Some(id),
                chosen: None,
            },
            Question::Choose { id, currency } => Asked {
                id: Some(id),
                chosen: Some(currency),
            },
        };
        let (previous, told) = (self.state(), self.told());
        let mut learned = None;
        self.change(|scene| learned = Some(scene.session.learn(asked, checkout)));
        let news = match learned {
            Some(Ok(news)) => news,
            Some(Err(failure)) => {
                self.on_line(|line| {
                    line.hear();
                    // The next answer must be whole: nothing of this one is known.
                    line.etag = None;
                });
                self.tick();
                self.tell_change(previous);
                if told.as_ref() != Some(&failure) {
                    self.tell_error(&failure);
                }
                return;
            }
            None => return,
        };
        self.on_line(|line| {
            if let Question::Open {
                idempotency_key, ..
            } = question
            {
                line.keep(idempotency_key, &id);
            }
            let reading = clock::read();
            line.clock = Some(ServerClock::anchored(now, sent_at, reading));
            line.anchored_at = reading.monotonic;
            line.hear();
            line.etag = etag;
            line.text = text;
        });
        self.tick();
        self.tell_news(news, &id);
    }

    /// Why the payment is stopped, if it is.
    fn told(self) -> Option<Failure> {
        self.scene_untracked().session.failure().cloned()
    }

    /// Takes in that there was no answer. The screen keeps what it shows.
    fn fail(self, failure: &Failure) {
        let failures = self.on_line(|line| {
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
        let Some(failures) = self.on_line(|line| line.failures) else {
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
        self.on_line(|line| line.wait(timer.ok()));
    }

    /// The page was hidden or shown, or the network came or went.
    fn look_up(self) {
        if visibility::is_hidden() {
            self.on_line(Line::stop_timer);
            return;
        }
        self.on_line(|line| {
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
        let moved = self.on_line(|line| {
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
        let mut change = Some(change);
        self.lend_scene(&mut |scene| {
            if let Some(change) = change.take() {
                change(scene);
            }
        });
    }

    #[inline(never)]
    fn lend_scene(self, change: &mut dyn FnMut(&mut Scene)) {
        if let Some(mut scene) = self.scene.try_write() {
            change(&mut scene);
        }
    }

    /// Does something on the line; `None` once it is gone.
    fn on_line<T>(self, act: impl FnOnce(&mut Line) -> T) -> Option<T> {
        let (mut act, mut done) = (Some(act), None);
        self.lend_line(&mut |line| done = act.take().map(|act| act(line)));
        done
    }

    // What takes a lock is compiled once, and not once for each who does something.
    #[inline(never)]
    fn lend_line(self, act: &mut dyn FnMut(&mut Line)) {
        self.line.try_update_value(act);
    }
}
