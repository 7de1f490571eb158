//! The module that judges signatures in a browser: beside the widget where a page has an `attest-key`, and in `docs/verify.html`.
//!
//! It is called without glue: the caller writes a text into its room and gets a number. It takes nothing from the page, so no script that
//! replaced a function of the browser's has a part in what is found.
//!
//! It travels to buyers, so it is small: nothing in it allocates or formats, and what is large is called in one place. `calypso_attest` reads
//! what is signed into facts; this reads it against what has to be there, byte by byte, and `tests/agreement.rs` holds the two against each other.

mod base64;
mod parts;
mod payload;
mod room;
mod shown;
mod signature;
mod signed;
mod verdict;

pub use room::LONGEST;
pub use verdict::Verdict;

use parts::Parts;
use signed::Signed;
use wasm_bindgen::prelude::wasm_bindgen;

/// Judges a text of lines: the keys, separated by spaces, and then
///
/// - an empty line: whether they are keys;
/// - something signed, alone: whether one of them has signed it, whatever it is;
/// - something signed and the seven lines of what is shown: whether one of them has signed exactly that.
#[must_use]
pub fn judged(text: &[u8]) -> Verdict {
    let mut lines = Parts::of(text, b'\n');
    let (keys, jws) = (lines.next(), lines.next());
    let Some(signed) = Signed::read(jws.unwrap_or_default()) else {
        return Verdict::Untrue;
    };
    let (mut has_key, mut is_true) = (false, jws == Some(b""));
    let mut keys = Parts::of(keys.unwrap_or_default(), b' ');
    while let Some(key) = keys.next() {
        if !key.is_empty() {
            has_key = true;
            // A mistake in one is told, and not found when the others are no longer used.
            match signed.is_signed_by(key) {
                Some(is_signed) => is_true |= is_signed,
                None => return Verdict::NoKeys,
            }
        }
    }
    if !has_key {
        return Verdict::NoKeys;
    }
    if is_true
        && lines
            .next()
            .is_none_or(|first| shown::is_in(signed.payload, first, lines))
    {
        Verdict::True
    } else {
        Verdict::Untrue
    }
}

/// Where a text of so many bytes is to be written; beyond all memory when it is too long.
#[wasm_bindgen]
#[must_use]
pub fn room(length: u32) -> u32 {
    room::place(length)
}

/// [`judged`] for the page: the text that was written last, so many bytes long, and the verdict's number.
#[wasm_bindgen]
#[must_use]
pub fn judge(length: u32) -> u32 {
    let mut text = [0; LONGEST];
    let text = room::read(length, &mut text);
    text.map_or(Verdict::Untrue, judged).number()
}
