//! What is delivered: an event under its id.

use bytes::Bytes;

/// The longest id of a message, in bytes.
const LONGEST_ID: usize = 64;

/// One event on its way. The id is the same at every attempt, so that the receiver knows it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `webhook-id`: letters, digits, `-` and `_`, at most 64 of them.
    pub id: String,
    /// The JSON, exactly as it is signed and sent.
    pub body: Bytes,
}

impl Message {
    /// Whether the id can be signed. One with a dot could be read as another id with another time, under the same signature.
    pub(super) fn has_fit_id(&self) -> bool {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=LONGEST_ID).contains(&self.id.len()) && self.id.bytes().all(fits)
    }
}
