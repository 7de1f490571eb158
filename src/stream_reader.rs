//! Reads the proxy's stream of server-sent events: pieces of any size become messages.
//!
//! Of the format this is what a proxy writes: fields of one line each, and a line feed at its end. Comments, the field `retry` and events of
//! other names are passed over. What a message says is judged elsewhere; here it is only kept from growing without end.

use std::mem;

/// The longest message that is waited for, in bytes. A payment has about two thousand; ten thousand deposits to one address fit too.
const LONGEST: usize = 4 << 20;

/// A checkout as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The `ETag` that an answer with this checkout would have.
    pub etag: String,
    /// The checkout's JSON.
    pub text: String,
}

/// What has come and is not read yet.
#[derive(Default)]
pub struct StreamReader(String);

impl StreamReader {
    /// Takes the next piece; says whether it may go on. It may not when a message has no end.
    #[must_use]
    pub fn take(&mut self, piece: &str) -> bool {
        self.0.push_str(piece);
        self.0.len() <= LONGEST
    }

    /// The next checkout that has come whole.
    pub fn next_message(&mut self) -> Option<Message> {
        loop {
            let end = self
                .0
                .as_bytes()
                .windows(2)
                .position(|two| two == b"\n\n")?;
            let rest = self.0.split_off(end + 2);
            let event = mem::replace(&mut self.0, rest);
            let mut message = Message::default();
            let mut is_checkout = false;
            for line in event.split('\n') {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                let value = value.strip_prefix(' ').unwrap_or(value);
                match name {
                    "event" => is_checkout = value == "checkout",
                    "id" => value.clone_into(&mut message.etag),
                    "data" => value.clone_into(&mut message.text),
                    _ => {}
                }
            }
            if is_checkout {
                return Some(message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Message, StreamReader};
    use proptest::prelude::*;

    /// The beginning of a stream as the proxy writes it.
    const STREAM: &str = "retry: 2000\n\nevent: checkout\nid: \"a1\"\ndata: {\"id\":\"x\"}\n\n: beat\n\nevent:checkout\nid:\"a2\"\ndata:{\"id\":\"é\"}\n\n";

    fn message(etag: &str, text: &str) -> Message {
        Message {
            etag: etag.to_owned(),
            text: text.to_owned(),
        }
    }

    fn both() -> Vec<Message> {
        vec![
            message("\"a1\"", "{\"id\":\"x\"}"),
            message("\"a2\"", "{\"id\":\"é\"}"),
        ]
    }

    /// What a reader makes of a piece.
    fn read(reader: &mut StreamReader, piece: &str) -> Vec<Message> {
        assert!(reader.take(piece));
        std::iter::from_fn(|| reader.next_message()).collect()
    }

    #[test]
    fn a_message_is_its_tag_and_its_text() {
        assert_eq!(read(&mut StreamReader::default(), STREAM), both());
    }

    #[test]
    fn what_is_not_ended_is_no_message() {
        let mut reader = StreamReader::default();
        let begun = "event: checkout\nid: \"a\"\ndata: {}\n";
        assert_eq!(read(&mut reader, begun), []);
        assert_eq!(read(&mut reader, "\n"), [message("\"a\"", "{}")]);
    }

    #[test]
    fn comments_other_events_and_other_fields_are_passed_over() {
        let other = ": beat\n\nevent: notice\ndata: {}\n\ndata: {}\n\nretry: 1\nevent\n\n:\n:event: checkout\n\n\n\n\n";
        let mut reader = StreamReader::default();
        assert_eq!(read(&mut reader, other), []);
        assert!(reader.0.len() < 2, "nothing of it is kept");
    }

    #[test]
    fn a_message_without_its_parts_is_an_empty_one() {
        let mut reader = StreamReader::default();
        assert_eq!(read(&mut reader, "event: checkout\n\n"), [message("", "")]);
    }

    #[test]
    fn what_has_no_end_is_not_collected_for_ever() {
        let mut reader = StreamReader::default();
        let piece = "x".repeat(1 << 16);
        let taken = (0..1_000).take_while(|_| {
            let goes_on = reader.take(&piece);
            assert_eq!(reader.next_message(), None);
            goes_on
        });
        assert_eq!(taken.count(), LONGEST / piece.len());
    }

    proptest! {
        /// The network cuts where it likes.
        #[test]
        fn the_pieces_do_not_matter(cuts in proptest::collection::vec(0..STREAM.len(), 0..12)) {
            let mut cuts: Vec<_> = cuts.into_iter().filter(|cut| STREAM.is_char_boundary(*cut)).collect();
            cuts.sort_unstable();
            let (mut reader, mut came, mut from) = (StreamReader::default(), Vec::new(), 0);
            for cut in cuts.into_iter().chain([STREAM.len()]) {
                came.extend(read(&mut reader, &STREAM[from..cut]));
                from = cut;
            }
            prop_assert_eq!(came, both());
        }

        #[test]
        fn reading_anything_never_panics_and_comes_to_an_end(text in "[a-z:é \n]{0,200}") {
            let _ = read(&mut StreamReader::default(), &text);
        }
    }
}
