//! How one connection is getting on: what it waits for, since when, and how long it may.

use std::sync::Mutex;
use std::task::Waker;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::config::Limits;
use crate::lock::lock;

/// How many requests one connection may make; the answer to the last says that it closes.
const REQUESTS: u32 = 1000;
/// How old a connection may become; the first answer after that says that it closes.
const AGE: Duration = Duration::from_secs(60 * 60);
/// How much a peer has to take of an answer within the write timeout: less is as good as nothing.
const TAKEN: usize = 16 * 1024;

/// How long every connection may keep the proxy waiting, however many others want its place: a request is on its way for a while.
/// Whoever comes back as soon as it has to go takes up a place for so long each time, and all others wait for it.
const GRACE: Duration = Duration::from_millis(100);

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The rest of a request's head; at the beginning, all of it.
    Head,
    /// The rest of a request's body.
    Body,
    /// The proxy itself.
    Answer,
    /// The next request.
    Next,
}

struct State {
    stage: Stage,
    /// When the stage began.
    since: Instant,
    /// Since when the peer has taken next to nothing of an answer, and how much it was.
    stalled: Option<(Instant, usize)>,
    /// Whoever wanted to read while the peer did not.
    reader: Option<Waker>,
    requests: u32,
    /// Whether the answer has no end, and the connection no place.
    is_kept_open: bool,
    /// Whether anything has come since the last answer. If not, the next request was sent before it.
    heard: bool,
}

/// The state of one connection, shared by its socket, its requests and the accept loop.
pub(super) struct Progress {
    opened: Instant,
    state: Mutex<State>,
    evicted: CancellationToken,
}

impl Progress {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            opened: now,
            state: Mutex::new(State {
                stage: Stage::Head,
                since: now,
                stalled: None,
                reader: None,
                requests: 0,
                is_kept_open: false,
                heard: false,
            }),
            evicted: CancellationToken::new(),
        }
    }

    /// Bytes have come. The first of a request begin its head.
    pub(super) fn came(&self, now: Instant) {
        let mut state = lock(&self.state);
        match state.stage {
            Stage::Next => state.enter(Stage::Head, now),
            Stage::Head => {}
            Stage::Body | Stage::Answer => return,
        }
        state.heard = true;
    }

    /// A head is complete. `true` when the answer must say that the connection closes: after very many requests, after a long time,
    /// and when this one did not wait for the answer to the last. No browser and no proxy in front does that; a client that sends
    /// without end keeps the proxy busy at no cost of its own.
    pub(super) fn asked(&self, has_body: bool, now: Instant) -> bool {
        let mut state = lock(&self.state);
        state.enter(if has_body { Stage::Body } else { Stage::Answer }, now);
        state.requests += 1;
        !state.heard
            || state.requests >= REQUESTS
            || now.saturating_duration_since(self.opened) >= AGE
    }

    /// The request's body has been read, or nobody wants it.
    pub(super) fn received(&self, now: Instant) {
        let mut state = lock(&self.state);
        if state.stage == Stage::Body {
            state.enter(Stage::Answer, now);
        }
    }

    /// The answer that is under way has no end.
    pub(super) fn keep_open(&self) {
        lock(&self.state).is_kept_open = true;
    }

    /// Whether the answer that is under way has no end.
    pub(super) fn is_kept_open(&self) -> bool {
        lock(&self.state).is_kept_open
    }

    /// The answer's last byte was handed over; the peer may not have taken it yet.
    pub(super) fn answered(&self, now: Instant) {
        let mut state = lock(&self.state);
        state.enter(Stage::Next, now);
        state.heard = false;
    }

    /// The peer takes no more for now.
    pub(super) fn blocked(&self, now: Instant) {
        lock(&self.state).stalled.get_or_insert((now, 0));
    }

    /// The peer took `bytes`; `all` when that was everything there was.
    pub(super) fn took(&self, bytes: usize, all: bool) {
        let mut state = lock(&self.state);
        let Some((_, taken)) = &mut state.stalled else {
            return;
        };
        *taken += bytes;
        if all || *taken >= TAKEN {
            state.stalled = None;
            if let Some(reader) = state.reader.take() {
                reader.wake();
            }
        }
    }

    /// Whether more requests may be read. Not while the peer leaves the answers to earlier ones: then `waker` is called once it
    /// takes them, and what it sends waits in its own system's buffers.
    pub(super) fn may_read(&self, waker: &Waker) -> bool {
        let mut state = lock(&self.state);
        if state.stalled.is_none() {
            return true;
        }
        state.reader = Some(waker.clone());
        false
    }

    /// Whether something has lasted longer than it may; with what it was.
    pub(super) fn overdue(&self, limits: &Limits, now: Instant) -> Option<&'static str> {
        let state = lock(&self.state);
        if let Some((since, _)) = state.stalled
            && now.saturating_duration_since(since) >= limits.write_timeout
        {
            return Some("the answer was not taken");
        }
        match state.stage {
            Stage::Head if now.saturating_duration_since(state.since) >= limits.header_timeout => {
                Some("the head of a request did not arrive")
            }
            Stage::Next if now.saturating_duration_since(state.since) >= limits.idle_timeout => {
                Some("no further request came")
            }
            // A body has its own limit where it is read; an answer is the proxy's own matter.
            _ => None,
        }
    }

    /// How much of the time it may take this connection has used up, in billionths. `None` when it waits for the proxy or has
    /// waited for its peer only just: then it is not in anybody's way.
    pub(super) fn wasted(&self, limits: &Limits, now: Instant) -> Option<u128> {
        if self.evicted.is_cancelled() {
            return None;
        }
        let state = lock(&self.state);
        let (since, allowed) = match (state.stalled, state.stage) {
            (Some((since, _)), _) => (since, limits.write_timeout),
            (None, Stage::Head) => (state.since, limits.header_timeout),
            (None, Stage::Body) => (state.since, limits.body_timeout),
            (None, Stage::Next) => (state.since, limits.idle_timeout),
            (None, Stage::Answer) => return None,
        };
        let waited = now.saturating_duration_since(since);
        (waited >= GRACE).then(|| waited.as_micros() * 1_000_000_000 / allowed.as_micros().max(1))
    }

    /// Ends the connection, so that another one has room.
    pub(super) fn evict(&self) {
        self.evicted.cancel();
    }

    /// Whether it was ended; then it no longer counts.
    pub(super) fn is_evicted(&self) -> bool {
        self.evicted.is_cancelled()
    }

    /// Returns when the connection is ended.
    pub(super) async fn eviction(&self) {
        self.evicted.cancelled().await;
    }
}

impl State {
    fn enter(&mut self, stage: Stage, now: Instant) {
        self.stage = stage;
        self.since = now;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::{Wake, Waker};
    use std::time::{Duration, Instant};

    use super::{AGE, Progress, REQUESTS, TAKEN};
    use crate::config::Limits;

    struct Woken(AtomicBool);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    fn limits() -> Limits {
        Limits {
            header_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            ..Limits::default()
        }
    }

    /// A connection, and the moments after it was opened, in seconds.
    fn opened() -> (Progress, impl Fn(u64) -> Instant) {
        let start = Instant::now();
        let at = move |seconds| start + Duration::from_secs(seconds);
        (Progress::new(start), at)
    }

    #[test]
    fn a_head_has_one_deadline_however_slowly_it_drips() {
        let ((progress, at), limits) = (opened(), limits());
        for second in 1..5 {
            progress.came(at(second));
            assert_eq!(progress.overdue(&limits, at(second)), None);
        }
        progress.came(at(5));
        assert!(progress.overdue(&limits, at(5)).is_some());
    }

    #[test]
    fn between_requests_the_idle_limit_counts_and_then_the_heads_own() {
        let ((progress, at), limits) = (opened(), limits());
        progress.asked(false, at(0));
        assert_eq!(
            progress.overdue(&limits, at(600)),
            None,
            "the proxy takes its time"
        );
        progress.answered(at(600));
        assert_eq!(progress.overdue(&limits, at(674)), None);
        assert!(progress.overdue(&limits, at(675)).is_some());
        progress.came(at(674));
        assert_eq!(progress.overdue(&limits, at(678)), None);
        assert!(progress.overdue(&limits, at(679)).is_some());
    }

    #[test]
    fn a_peer_that_takes_a_byte_now_and_then_takes_nothing() {
        let ((progress, at), limits) = (opened(), limits());
        progress.asked(false, at(0));
        progress.blocked(at(0));
        for second in 1..10 {
            progress.took(1, false);
            progress.blocked(at(second));
            assert_eq!(progress.overdue(&limits, at(second)), None);
        }
        assert!(progress.overdue(&limits, at(10)).is_some());
        progress.took(TAKEN, false);
        assert_eq!(
            progress.overdue(&limits, at(10)),
            None,
            "it has begun to read"
        );
    }

    #[test]
    fn no_request_is_read_while_answers_are_left_lying() {
        let (progress, at) = opened();
        let woken = Arc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(Arc::clone(&woken));
        assert!(progress.may_read(&waker));
        progress.blocked(at(0));
        assert!(!progress.may_read(&waker));
        assert!(!woken.0.load(Ordering::SeqCst));
        progress.took(1, true);
        assert!(woken.0.load(Ordering::SeqCst), "whoever waited is told");
        assert!(progress.may_read(&waker));
    }

    #[test]
    fn nobody_has_to_go_who_has_only_just_begun_to_wait() {
        let ((progress, at), limits) = (opened(), limits());
        let wasted = |millis| progress.wasted(&limits, at(0) + Duration::from_millis(millis));
        assert_eq!(wasted(99), None);
        assert_eq!(wasted(100), Some(20_000_000));
        assert_eq!(wasted(2500), Some(500_000_000));
        progress.asked(true, at(0));
        assert_eq!(wasted(2500), Some(250_000_000), "a body has longer");
        progress.received(at(0));
        assert_eq!(wasted(60_000), None, "now it waits for the proxy");
        progress.evict();
        progress.answered(at(0));
        assert_eq!(wasted(60_000), None, "it goes already");
    }

    #[test]
    fn a_connection_ends_after_its_last_request_and_after_an_hour() {
        let (progress, at) = opened();
        for _ in 1..REQUESTS {
            progress.came(at(0));
            assert!(!progress.asked(false, at(0)));
            progress.answered(at(0));
        }
        progress.came(at(0));
        assert!(progress.asked(false, at(0)));
        let (old, at) = opened();
        old.came(at(0));
        assert!(!old.asked(false, at(0)));
        old.answered(at(0));
        old.came(at(AGE.as_secs()));
        assert!(old.asked(false, at(AGE.as_secs())));
    }

    #[test]
    fn a_connection_ends_when_a_request_does_not_wait_for_the_answer_before_it() {
        let (progress, at) = opened();
        for has_body in [false, true] {
            progress.came(at(0));
            assert!(!progress.asked(has_body, at(0)));
            // The rest of a body, or a request that came too early: nothing tells them apart yet.
            progress.came(at(0));
            progress.received(at(0));
            progress.answered(at(0));
        }
        assert!(
            progress.asked(false, at(0)),
            "nothing came since the answer"
        );
    }
}
