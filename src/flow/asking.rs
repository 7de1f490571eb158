//! The questions to the proxy, and what follows from their answers.

use super::Flow;
use crate::api::{Answer, PendingRequest};
use crate::element_state::State;
use crate::failure::Failure;
use crate::known_checkout::Asked;
use crate::polling::{Order, Polling};
use crate::question::Question;
use crate::ui_state::Earlier;
use crate::{api, clock, pace, random, visibility};
use checkout::Phase;
use checkout::wire::CheckoutView;
use leptos_dom::helpers::set_timeout_with_handle;
use std::rc::Rc;
use std::time::Duration;
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
        self.refresh();
    }

    /// Forgets the product's checkout, so that the next question makes a new one.
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
        let named = self.with_polling(|polling| (polling.order.clone(), polling.id.clone()));
        let Some((order, id)) = named else { return };
        let question = match (id, order) {
            (Some(id), _) => Question::Read {
                id,
                etag: self.with_polling(|polling| polling.usable_etag()).flatten(),
            },
            (None, Order::Product(product)) => {
                let key = self.with_polling(|polling| polling.idempotency_key());
                Question::Open {
                    product,
                    idempotency_key: key.unwrap_or_default(),
                }
            }
            (None, _) => return self.fail(&Failure::NothingToPay),
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
        let sent_at = clock::read().monotonic;
        spawn_local(async move {
            let answer = api::ask(&proxy, &question, &request).await;
            if self.with_polling(|polling| polling.finish(number)) == Some(true) {
                self.take_in(question, answer, sent_at);
            }
        });
    }

    fn take_in(self, question: Question, answer: Result<Option<Answer>, Failure>, sent_at: i64) {
        if matches!(question, Question::Choose { .. }) {
            self.change(|ui| ui.chosen = None);
        }
        match (answer, question) {
            (Ok(Some(answer)), question) => self.learn(answer, sent_at, question),
            (Ok(None), _) => {
                self.with_polling(Polling::note_answer);
                self.tick();
            }
            (Err(failure), Question::Choose { .. }) => {
                self.change(|ui| ui.refusal = Some(failure.clone()));
                self.tell_error(&failure);
            }
            (Err(failure), Question::Read { .. })
                if failure.is_unknown_checkout() && self.ui_untracked().has_product =>
            {
                // The proxy lost what this tab remembered: make a new one instead of showing a dead end.
                self.forget_checkout();
                return self.ask(true);
            }
            (Err(failure), _) => self.fail(&failure),
        }
        self.schedule();
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

    fn learn(self, answer: Answer, sent_at: i64, question: Question) {
        let Answer {
            checkout,
            text,
            etag,
        } = answer;
        let (id, now) = (checkout.id.clone(), checkout.now);
        if matches!(question, Question::Read { .. }) {
            let is_known = self.with_polling(|polling| {
                let is_known = etag.is_some() && polling.etag == etag;
                if is_known {
                    polling.note_time(now, sent_at);
                }
                is_known
            });
            // Asked for again only to hear the proxy's time: nothing else is new in it.
            if is_known == Some(true) {
                self.tick();
                return;
            }
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
        self.change(|ui| learned = Some(ui.known.learn(asked, checkout)));
        let news = match learned {
            Some(Ok(news)) => news,
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
                return;
            }
            None => return,
        };
        self.with_polling(|polling| {
            if let Question::Open {
                idempotency_key, ..
            } = question
            {
                polling.keep(idempotency_key, &id);
            }
            polling.note_time(now, sent_at);
            polling.etag = etag;
            polling.text = text;
        });
        self.tick();
        self.tell_news(news, &id);
    }

    /// Why the payment is stopped, if it is.
    fn told(self) -> Option<Failure> {
        self.ui_untracked().known.failure().cloned()
    }

    /// Takes in that there was no answer. The screen keeps what it shows.
    fn fail(self, failure: &Failure) {
        let failures = self.with_polling(|polling| {
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

    /// Sets the timer for the next question. A hidden page asks nothing until it is looked at again.
    fn schedule(self) {
        if visibility::is_hidden() {
            return;
        }
        let Some(failures) = self.with_polling(|polling| polling.failures) else {
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
        let [first, second, ..] = random::bytes();
        let jitter = u16::from_le_bytes([first, second]);
        let wait = pace::wait_ms(pace, failures, jitter, until_deadline);
        let timer = set_timeout_with_handle(
            move || self.ask(false),
            Duration::from_millis(u64::from(wait)),
        );
        self.with_polling(|polling| polling.wait(timer.ok()));
    }
}
