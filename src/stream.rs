//! The stream of one element: the request that holds it open, what has come of it, and how it stands against the answers to questions.

use crate::api::PendingRequest;
use crate::clock;
use crate::feed::{End, Feed};
use crate::random;
use crate::stream_reader::{Message, StreamReader};
use checkout::Timestamp;
use std::cell::Cell;
use std::rc::Rc;

thread_local! {
    /// Whether an element of this page has its stream open.
    static IS_TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// The one stream that a page may hold open. Over HTTP/1.1 a browser has six connections to a server, for all its tabs: streams of every
/// element would leave none for the questions.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        (!IS_TAKEN.replace(true)).then_some(Self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        IS_TAKEN.set(false);
    }
}

/// What came of a piece.
pub enum Heard {
    /// A checkout. There may be another one in the same piece.
    Message(Message),
    /// No checkout, or none that is whole yet.
    Nothing,
    /// Nobody listens any more, or it was too much.
    Enough,
}

/// The stream of one element.
pub struct Stream {
    /// Whether it brings the news.
    pub feed: Feed,
    /// The proxy's `now` in the newest view that was taken in, whichever way it came.
    pub newest: Timestamp,
    /// Monotonic time at which the stream last brought a view that was taken in, in milliseconds.
    pub told_at: i64,
    /// Whether it brought something that was not looked at, so that the proxy must be asked.
    pub has_missed: bool,
    reader: StreamReader,
    open: Option<(Rc<PendingRequest>, Place)>,
    streams: u32,
}

impl Default for Stream {
    fn default() -> Self {
        Self {
            feed: Feed::default(),
            newest: Timestamp::MIN,
            told_at: i64::MIN,
            has_missed: false,
            reader: StreamReader::default(),
            open: None,
            streams: 0,
        }
    }
}

impl Stream {
    /// Takes the page's place for a stream that `request` will hold open, and gives the stream's number. `None` while there may be none.
    pub fn open(
        &mut self,
        request: impl FnOnce() -> Option<PendingRequest>,
    ) -> Option<(u32, Rc<PendingRequest>)> {
        let now = clock::read().monotonic;
        if !self.feed.may_open(now) {
            return None;
        }
        let place = Place::take()?;
        let request = Rc::new(request()?);
        self.feed.open(now);
        self.reader = StreamReader::default();
        self.streams = self.streams.wrapping_add(1);
        self.open = Some((Rc::clone(&request), place));
        Some((self.streams, request))
    }

    /// Whether `number` is the stream that is open.
    #[must_use]
    pub fn is_current(&self, number: u32) -> bool {
        self.feed.is_open() && self.streams == number
    }

    /// Takes a piece of stream `number`, and gives the next checkout that has come whole.
    pub fn hear(&mut self, number: u32, piece: &str) -> Heard {
        let may_go_on = self.is_current(number)
            && self.feed.hear(clock::read().monotonic)
            && self.reader.take(piece);
        if !may_go_on {
            return Heard::Enough;
        }
        self.reader
            .next_message()
            .map_or(Heard::Nothing, Heard::Message)
    }

    /// Ends the stream, and gives the random number that was used for the rest after it.
    pub fn end(&mut self, end: End) -> u16 {
        let [first, second, ..] = random::bytes();
        let jitter = u16::from_le_bytes([first, second]);
        self.feed.end(end, clock::read().monotonic, jitter);
        self.hang_up();
        jitter
    }

    /// Closes the stream; the next one may follow at once.
    pub fn close(&mut self) {
        self.feed.close();
        self.hang_up();
    }

    fn hang_up(&mut self) {
        if let Some((request, _)) = self.open.take() {
            request.cancel();
        }
    }
}
