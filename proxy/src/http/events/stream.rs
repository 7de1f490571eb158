//! The bytes of an event stream.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use checkout::Timestamp;
use futures_util::stream::unfold;
use tokio::time::Instant;

use crate::app::{App, Follower, Shown};
use crate::http::serve::Stopping;
use crate::limits::push_places::PushPlace;

/// After how many milliseconds a page that has lost the stream asks for it again.
const RETRY_MILLIS: u32 = 2_000;
/// The same when the store could not be read.
const RETRY_LATER_MILLIS: u32 = 10_000;
/// How old a stream may become. Its page asks again, and finds a place as others do.
const AGE: Duration = Duration::from_secs(60 * 60);

/// What a stream is made of.
pub(super) struct Stream {
    app: Arc<App>,
    step: Step,
    follower: Follower,
    stopping: Stopping,
    /// When its page began to listen.
    since: Timestamp,
    end: Instant,
    _place: PushPlace,
}

enum Step {
    /// Nothing was sent yet; there may be a first message.
    Begin(Option<Arc<Shown>>),
    Message(Arc<Shown>),
    Follow,
    /// The last bytes were sent.
    End,
}

impl Stream {
    /// A stream that begins with `first`. The follower has seen it, or what the caller has seen already.
    pub(super) fn new(
        app: Arc<App>,
        first: Option<Arc<Shown>>,
        follower: Follower,
        place: PushPlace,
        stopping: Stopping,
    ) -> Self {
        Self {
            since: app.clock.now(),
            app,
            step: Step::Begin(first),
            follower,
            stopping,
            end: Instant::now() + AGE,
            _place: place,
        }
    }

    async fn next(&mut self) -> Option<Bytes> {
        match std::mem::replace(&mut self.step, Step::Follow) {
            Step::Begin(first) => {
                if let Some(first) = first {
                    self.step = Step::Message(first);
                }
                Some(retry(RETRY_MILLIS))
            }
            Step::Message(message) => Some(self.send(&message)),
            Step::Follow => Some(self.follow().await),
            Step::End => None,
        }
    }

    fn send(&mut self, shown: &Shown) -> Bytes {
        if shown.is_settled() {
            self.step = Step::End;
        }
        let now = self.app.clock.now();
        Bytes::from_owner(shown.message(now, self.since, |shown| message(shown, now)))
    }

    async fn follow(&mut self) -> Bytes {
        let beat = (Instant::now() + self.app.config.limits.push_beat).min(self.end);
        let seen = tokio::select! {
            seen = self.follower.next() => seen,
            () = tokio::time::sleep_until(beat) => {
                if Instant::now() < self.end {
                    return Bytes::from_static(b": beat\n\n");
                }
                return self.last(RETRY_MILLIS);
            }
            () = self.stopping.wait() => return self.last(RETRY_MILLIS),
        };
        match seen {
            Ok(Some(shown)) => self.send(&shown),
            // It was deleted, which nobody shows who asks for it: the answer to the next question says so.
            Ok(None) => self.last(RETRY_MILLIS),
            Err(_) => self.last(RETRY_LATER_MILLIS),
        }
    }

    /// The last bytes: when to ask again.
    fn last(&mut self, millis: u32) -> Bytes {
        self.step = Step::End;
        retry(millis)
    }
}

/// A message on the wire. JSON holds no line breaks but those between its tokens, and this one has none there.
fn message(shown: &Shown, now: Timestamp) -> Vec<u8> {
    let (tag, body) = (shown.tag(), shown.body(now));
    format!("event: checkout\nid: {tag}\ndata: {body}\n\n").into()
}

fn retry(millis: u32) -> Bytes {
    format!("retry: {millis}\n\n").into()
}

/// The stream as chunks of a body.
pub(super) fn of(
    stream: Stream,
) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> + Send + 'static {
    unfold(stream, |mut stream| async move {
        let bytes = stream.next().await?;
        Some((Ok(bytes), stream))
    })
}
