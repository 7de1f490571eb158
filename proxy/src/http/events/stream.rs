//! The bytes of an event stream.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Bytes;
use checkout::wire::CheckoutView;
use futures_util::stream::unfold;
use tokio::time::Instant;

use crate::app::Follower;
use crate::http::serve::Stopping;
use crate::http::{answer, etag};
use crate::limits::push_places::PushPlace;
use crate::refusal::Refusal;

/// After how many milliseconds a page that has lost the stream asks for it again.
const RETRY_MILLIS: u32 = 2_000;
/// The same when the store could not be read.
const RETRY_LATER_MILLIS: u32 = 10_000;
/// How old a stream may become. Its page asks again, and finds a place as others do.
const AGE: Duration = Duration::from_secs(60 * 60);

/// One message: a checkout as it is shown at this moment.
pub(super) struct Message {
    pub(super) tag: String,
    body: String,
}

impl Message {
    /// # Errors
    /// `internal`, should the view not be JSON.
    pub(super) fn of(view: &CheckoutView) -> Result<Self, Refusal> {
        let body = answer::text(view)?;
        Ok(Self {
            tag: etag::of(view, &body),
            body,
        })
    }

    /// The message on the wire. JSON holds no line breaks but those between its tokens, and this one has none there.
    fn written(&self) -> Bytes {
        format!("event: checkout\nid: {}\ndata: {}\n\n", self.tag, self.body).into()
    }
}

/// What a stream is made of.
pub(super) struct Stream {
    step: Step,
    follower: Follower,
    stopping: Stopping,
    beat: Duration,
    end: Instant,
    _place: PushPlace,
}

enum Step {
    /// Nothing was sent yet; there may be a first message.
    Begin(Option<Message>),
    Message(Message),
    Follow,
    /// The last bytes were sent.
    End,
}

impl Stream {
    /// A stream that begins with `first`. The follower has seen it, or what the caller has seen already.
    pub(super) fn new(
        first: Option<Message>,
        follower: Follower,
        place: PushPlace,
        stopping: Stopping,
        beat: Duration,
    ) -> Self {
        Self {
            step: Step::Begin(first),
            follower,
            stopping,
            beat,
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

    fn send(&mut self, message: &Message) -> Bytes {
        if self.follower.has_seen_the_end() {
            self.step = Step::End;
        }
        message.written()
    }

    async fn follow(&mut self) -> Bytes {
        let beat = (Instant::now() + self.beat).min(self.end);
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
        match seen.map(|view| view.map(|view| Message::of(&view))) {
            Ok(Some(Ok(message))) => self.send(&message),
            // It was deleted, which nobody shows who asks for it: the answer to the next question says so.
            Ok(None) => self.last(RETRY_MILLIS),
            Ok(Some(Err(_))) | Err(_) => self.last(RETRY_LATER_MILLIS),
        }
    }

    /// The last bytes: when to ask again.
    fn last(&mut self, millis: u32) -> Bytes {
        self.step = Step::End;
        retry(millis)
    }
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
