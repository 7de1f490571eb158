//! What is known of the questions to the proxy: which is under way, what came last, and what the tab remembers of the checkout.

use crate::api::PendingRequest;
use crate::countdown::ServerClock;
use crate::options::{Options, Order};
use crate::resume::{self, Remembered};
use crate::stream::Stream;
use crate::visibility::Returns;
use crate::{clock, pace, random, tab_memory};
use checkout::Timestamp;
use js_sys::Function;
use leptos_dom::helpers::TimeoutHandle;
use std::rc::Rc;
use web_sys::HtmlElement;

/// The questions of one element.
pub struct Polling {
    /// The element.
    pub host: HtmlElement,
    /// The proxy's base URL, without a slash at its end.
    pub proxy: String,
    /// What the element asks for.
    pub order: Order,
    /// Says whether a claim was signed by one of the page's keys; `None` where the page asks for no signature.
    pub judge: Option<Function>,
    /// The checkout, once it is known which.
    pub id: Option<String>,
    /// The last whole answer, as it came.
    pub text: String,
    /// The `ETag` of the last whole answer.
    pub etag: Option<String>,
    /// The proxy's time.
    pub clock: Option<ServerClock>,
    /// Monotonic time of the last answer of any kind, in milliseconds.
    pub answered_at: i64,
    /// Monotonic time of the last answer that carried the proxy's `now`, in milliseconds.
    pub anchored_at: i64,
    /// How many questions in a row had no answer.
    pub failures: u32,
    /// Listens for the page coming back to life.
    pub returns: Option<Returns>,
    /// What comes without being asked for.
    pub stream: Stream,
    pending: Option<Rc<PendingRequest>>,
    questions: u32,
    timer: Option<TimeoutHandle>,
}

impl Polling {
    /// Before the first question. The checkout of a product or an order is the one this tab remembers.
    #[must_use]
    pub fn new(host: HtmlElement, options: Options) -> Self {
        let mut polling = Self {
            host,
            proxy: options.proxy.trim_end_matches(['/']).to_owned(),
            id: None,
            order: options.order,
            judge: options.judge,
            text: String::new(),
            etag: None,
            clock: None,
            answered_at: clock::read().monotonic,
            anchored_at: 0,
            failures: 0,
            returns: None,
            stream: Stream::default(),
            pending: None,
            questions: 0,
            timer: None,
        };
        polling.id = if polling.order.is_made_here() {
            polling
                .remembered()
                .and_then(|remembered| remembered.checkout)
        } else {
            Some(polling.order.value.clone())
        };
        polling
    }

    /// The key under which this tab makes its checkout: the remembered one, else a new one.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        if let Some(Remembered {
            idempotency_key,
            checkout: None,
        }) = self.remembered()
        {
            return idempotency_key;
        }
        let key = resume::uuid_v4(random::bytes());
        self.write_down(&Remembered {
            idempotency_key: key.clone(),
            checkout: None,
        });
        key
    }

    /// The last answer's `ETag`, unless that answer is so old that the next one must bring the proxy's `now`.
    #[must_use]
    pub fn usable_etag(&self) -> Option<String> {
        let age = clock::read().monotonic.saturating_sub(self.anchored_at);
        self.etag.clone().filter(|_| age < pace::WHOLE_ANSWER_MS)
    }

    /// Keeps the checkout that the proxy made under `idempotency_key`, in this tab over a reload too.
    pub fn keep(&mut self, idempotency_key: String, id: &str) {
        self.id = Some(id.to_owned());
        self.write_down(&Remembered {
            idempotency_key,
            checkout: Some(id.to_owned()),
        });
    }

    /// Forgets the checkout that was made here, so that the next question makes a new one. A checkout named by the page stays.
    pub fn forget_checkout(&mut self) {
        self.stream.close();
        if self.order.is_made_here() {
            tab_memory::forget(&self.memory_key());
            self.id = None;
            self.text.clear();
        }
    }

    /// When this tab saw that the checkout `id` was paid, if it did: the proxy's time.
    #[must_use]
    pub fn paid_at(&self, id: &str) -> Option<Timestamp> {
        let told = tab_memory::recall(&resume::paid_key(&self.proxy, id))?;
        Some(Timestamp::from_millis(told.parse().ok()?))
    }

    /// Whether a question is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.pending.is_some()
    }

    /// Makes `request` the question whose answer counts, and cancels the one before. Gives its number.
    pub fn begin(&mut self, request: Rc<PendingRequest>) -> u32 {
        self.cancel();
        self.questions = self.questions.wrapping_add(1);
        self.pending = Some(request);
        self.questions
    }

    /// Whether the answer to question `number` is still waited for; if so, nothing is under way any more.
    pub fn finish(&mut self, number: u32) -> bool {
        let is_awaited = self.questions == number && self.pending.is_some();
        if is_awaited {
            self.pending = None;
        }
        is_awaited
    }

    /// Notes that an answer of any kind came.
    pub fn note_answer(&mut self) {
        self.answered_at = clock::read().monotonic;
        self.failures = 0;
    }

    /// Whether an answer that says `now`, and was asked for at monotonic time `sent_at`, was overtaken by the stream.
    #[must_use]
    pub fn is_overtaken(&self, now: Timestamp, sent_at: i64) -> bool {
        sent_at <= self.stream.told_at && now < self.stream.newest
    }

    /// Notes an answer that was asked for at monotonic time `sent_at` and carries the proxy's `now`.
    pub fn note_time(&mut self, now: Timestamp, sent_at: i64) {
        let reading = clock::read();
        self.clock = Some(ServerClock::anchored(now, sent_at, reading));
        self.anchored_at = reading.monotonic;
        if !self.is_overtaken(now, sent_at) {
            self.stream.newest = now;
        }
        self.note_answer();
    }

    /// Notes that the stream brought a view that carries the proxy's `now`.
    pub fn note_push(&mut self, now: Timestamp) {
        let reading = clock::read();
        if let Some(clock) = &mut self.clock {
            clock.hear(now, reading);
        }
        self.stream.feed.tell();
        self.stream.told_at = reading.monotonic;
        self.stream.newest = now;
        self.note_answer();
    }

    /// Waits with `timer` for the next question.
    pub fn wait(&mut self, timer: Option<TimeoutHandle>) {
        self.stop_timer();
        self.timer = timer;
    }

    /// Asks nothing by itself until the next [`wait`](Self::wait).
    pub fn stop_timer(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }

    /// Cancels what is under way and stops the timer.
    pub fn cancel(&mut self) {
        self.stop_timer();
        if let Some(request) = self.pending.take() {
            request.cancel();
        }
    }

    /// Ends everything.
    pub fn end(&mut self) {
        self.cancel();
        self.stream.close();
        self.returns = None;
    }

    fn memory_key(&self) -> String {
        resume::checkout_key(&self.proxy, &self.order.value)
    }

    fn remembered(&self) -> Option<Remembered> {
        Remembered::parse(&tab_memory::recall(&self.memory_key())?)
    }

    fn write_down(&self, remembered: &Remembered) {
        if self.order.is_made_here() {
            tab_memory::remember(&self.memory_key(), &remembered.to_text());
        }
    }
}
