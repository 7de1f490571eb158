//! The questions to the proxy, and what follows from their answers.

use super::Flow;
use crate::api::{Answer, PendingRequest};
use crate::believed::Judge;
use crate::element_state::State;
use crate::failure::Failure;
use crate::feed::End;
use crate::known_checkout::Asked;
use crate::options::Order;
use crate::polling::Polling;
use crate::question::Question;
use crate::ui_state::Earlier;
use crate::{api, clock, pace, random, visibility};
use checkout::Phase;
use checkout::wire::CheckoutView;
use js_sys::Function;
use leptos_dom::helpers::set_timeout_with_handle;
use std::mem;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

impl Flow {
    /// Asks the proxy now, for the whole checkout, whatever was under way.
    pub fn refresh(self) {
        self.with_polling(|polling| polling.etag = None);
        self.ask(true);
    }

    /// Asks as if for the first time.
    pub(super) fn begin(self) {
        self.reflect(State::Loading);
        self.unfollow();
        self.refresh();
    }

    /// Forgets the checkout that was made here, so that the next question makes a new one.
    pub(super) fn forget_checkout(self) {
        self.with_polling(Polling::forget_checkout);
    }

    /// Asks the proxy. What is already under way is waited for, unless the question is `urgent`; a choice of currency
    /// is never disturbed, for its answer is newer than any other.
    pub(super) fn ask(self, is_urgent: bool) {
        self.tick();
        let is_busy = self.with_polling(|polling| polling.is_busy());
        if is_busy.is_none_or(|is_busy| is_busy && !is_urgent)
            || self.ui_untracked().chosen.is_some()
        {
            return;
        }
        let question = self.with_polling(|polling| {
            let Order { named, value } = polling.order.clone();
            Some(match &polling.id {
                Some(id) => Question::Read {
                    id: id.clone(),
                    etag: polling.usable_etag(),
                },
                None if named.is_empty() => return None,
                None => Question::Open {
                    named,
                    value,
                    idempotency_key: polling.idempotency_key(),
                },
            })
        });
        let Some(question) = question else { return };
        let Some(question) = question else {
            return self.fail(&Failure::NothingToPay);
        };
        self.send(question);
    }

    /// Sends a question, cancelling the one before, and takes in its answer.
    pub(super) fn send(self, question: Question) {
        let Some(request) = PendingRequest::of(&question).map(Rc::new) else {
            return;
        };
        let sent = self
            .with_polling(|polling| (polling.begin(Rc::clone(&request)), polling.proxy.clone()));
        let Some((number, proxy)) = sent else { return };
        self.exchange(number, proxy, question, request);
    }

    /// Waits for the answer to question `number`, or for the end of stream `number`.
    pub(super) fn exchange(
        self,
        number: u32,
        proxy: String,
        question: Question,
        request: Rc<PendingRequest>,
    ) {
        let sent_at = clock::read().monotonic;
        spawn_local(async move {
            let heard = |piece: &str| self.hear(number, piece);
            let answer = api::ask(&proxy, &question, &request, &heard).await;
            if matches!(question, Question::Follow { .. }) {
                self.end_stream(number, answer);
            } else if self.with_polling(|polling| polling.finish(number)) == Some(true) {
                self.take_in(question, answer, sent_at);
            }
        });
    }

    fn take_in(self, question: Question, answer: Result<Option<Answer>, Failure>, sent_at: i64) {
        if matches!(question, Question::Choose { .. }) {
            self.change(|ui| ui.chosen = None);
        }
        match (answer, question) {
            (Ok(Some(answer)), question) => {
                self.learn(answer, sent_at, question);
                self.follow();
            }
            (Ok(None), _) => {
                self.with_polling(Polling::note_answer);
                self.tick();
                self.follow();
            }
            (Err(failure), Question::Choose { .. }) => {
                self.change(|ui| ui.refusal = Some(failure.clone()));
                self.tell_error(&failure);
            }
            (Err(failure), Question::Read { .. })
                if failure.is_unknown_checkout()
                    && self.with_polling(|polling| polling.order.is_made_here()) == Some(true) =>
            {
                // The proxy lost what this tab remembered: make a new one instead of showing a dead end.
                self.forget_checkout();
                return self.ask(true);
            }
            (Err(failure), _) => self.fail(&failure),
        }
        if self.with_polling(|polling| mem::take(&mut polling.stream.has_missed)) == Some(true) {
            return self.ask(false);
        }
        self.schedule(None);
    }

    /// Notices that what the tab remembered of a product is a payment of an earlier visit.
    fn recognise(self, checkout: &CheckoutView) {
        let is_earlier = {
            let ui = self.ui_untracked();
            ui.has_product && ui.known.checkout().is_none()
        };
        if is_earlier && checkout.state == Phase::Completed {
            let paid_at = self
                .with_polling(|polling| polling.paid_at(&checkout.id))
                .flatten();
            self.change(|ui| ui.earlier = Some(Earlier { paid_at }));
        }
    }

    /// Takes in what came, asked for at `sent_at` or pushed. Says whether it was believed.
    pub(super) fn learn(self, answer: Answer, sent_at: i64, question: Question) -> bool {
        let Answer {
            checkout,
            text,
            etag,
        } = answer;
        let (id, now) = (checkout.id.clone(), checkout.now);
        let is_pushed = matches!(question, Question::Follow { .. });
        let is_read = matches!(question, Question::Read { .. });
        let note = move |polling: &mut Polling| {
            if is_pushed {
                polling.note_push(now);
            } else {
                polling.note_time(now, sent_at);
            }
        };
        if is_pushed || is_read {
            let is_nothing_new = self.with_polling(|polling| {
                let is_known = etag.is_some() && polling.etag == etag;
                let is_overtaken = is_read && polling.is_overtaken(now, sent_at);
                if is_known || is_overtaken {
                    note(polling);
                }
                is_known || is_overtaken
            });
            // Nothing but the proxy's time is new in it, or something newer came while it was on its way.
            if is_nothing_new == Some(true) {
                self.tick();
                return true;
            }
            self.recognise(&checkout);
        }
        let judge = self.with_polling(|polling| polling.judge.clone()).flatten();
        let judge = judge.map(|judge| move |claim: &str| judges_well(&judge, claim));
        let judge = judge.as_ref().map(|judge| judge as Judge<'_>);
        let (id_asked, chosen) = match &question {
            Question::Open { .. } => (None, None),
            Question::Read { id, .. } | Question::Follow { id } => (Some(&**id), None),
            Question::Choose { id, currency } => (Some(&**id), Some(&**currency)),
        };
        let asked = Asked {
            id: id_asked,
            chosen,
            is_pushed,
            judge,
        };
        let (previous, told) = (self.state(), self.told());
        let mut learned = None;
        self.change(|ui| learned = Some(ui.known.learn(asked, checkout)));
        let news = match learned {
            Some(Ok(news)) => news,
            // The questions find out whether the proxy means it.
            Some(Err(_)) if is_pushed => return false,
            Some(Err(failure)) => {
                self.with_polling(|polling| {
                    polling.note_answer();
                    // The next answer must be whole: nothing of this one is known.
                    polling.etag = None;
                });
                self.tick();
                self.tell_change(previous);
                if told.as_ref() != Some(&failure) {
                    self.tell_error(&failure);
                }
                return false;
            }
            None => return false,
        };
        self.with_polling(|polling| {
            if let Question::Open {
                idempotency_key, ..
            } = question
            {
                polling.keep(idempotency_key, &id);
            }
            note(polling);
            polling.etag = etag;
            polling.text = text;
            // The stream should have told it: it may hold back what comes, as a server in between can.
            if is_read && news.state != news.previous && polling.stream.feed.is_live() {
                polling.stream.end(End::Failed);
            }
        });
        self.tick();
        self.tell_news(news, &id);
        true
    }

    /// Why the payment is stopped, if it is.
    fn told(self) -> Option<Failure> {
        self.ui_untracked().known.failure().cloned()
    }

    /// Takes in that there was no answer. The screen keeps what it shows.
    fn fail(self, failure: &Failure) {
        let failures = self.with_polling(|polling| {
            polling.stream.end(match failure {
                Failure::TimedOut => End::Refused,
                _ => End::Failed,
            });
            polling.failures = polling.failures.saturating_add(1);
            polling.failures
        });
        let previous = self.state();
        self.change(|ui| ui.known.fail(failure.clone()));
        self.tick();
        self.tell_change(previous);
        if failures == Some(1) {
            self.tell_error(failure);
        }
    }

    /// Sets the timer for the next question; with a random number, for a share of the wait. A hidden page asks nothing until it is looked at
    /// again.
    pub(super) fn schedule(self, share: Option<u16>) {
        if visibility::is_hidden() {
            return;
        }
        let state = self.with_polling(|polling| (polling.failures, polling.stream.feed.is_live()));
        let Some((failures, is_live)) = state else {
            return;
        };
        let (pace, until_deadline, gave_up) = {
            let known = &self.ui_untracked().known;
            let pace = known
                .checkout()
                .map_or(3_000, |checkout| checkout.poll_after_ms);
            let latest = self.time_untracked().latest;
            (
                pace,
                known
                    .deadline()
                    .map(|deadline| deadline.millis_since(latest)),
                known.failure().is_some_and(|failure| !failure.may_pass()),
            )
        };
        if gave_up {
            return;
        }
        let (pace, until_deadline) = pace::beside_stream(is_live, pace, until_deadline);
        let [first, second, ..] = random::bytes();
        let jitter = u16::from_le_bytes([first, second]);
        let wait = pace::wait_ms(pace, failures, jitter, until_deadline);
        let wait = share.map_or(wait, |share| pace::share_ms(wait, share));
        let timer = set_timeout_with_handle(
            move || self.ask(false),
            Duration::from_millis(u64::from(wait)),
        );
        self.with_polling(|polling| polling.wait(timer.ok()));
    }
}

/// Whether the loader's verifier finds the claim signed. One that stops by an exception has found nothing.
#[inline(never)]
fn judges_well(judge: &Function, claim: &str) -> bool {
    let said = judge.call1(&JsValue::UNDEFINED, &JsValue::from_str(claim));
    said.is_ok_and(|said| said.is_truthy())
}
