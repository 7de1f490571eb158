//! The room in which a page writes the text that is to be judged.

use core::sync::atomic::{AtomicU8, Ordering};

/// The longest text, in bytes. A receipt with a hundred transactions has 30 000.
pub const LONGEST: usize = 64 * 1024;

/// Written by the page alone. Atomic, because nothing else may be written behind the compiler's back.
static ROOM: [AtomicU8; LONGEST] = [const { AtomicU8::new(0) }; LONGEST];

/// Where a text of so many bytes is to be written; beyond all memory when it is too long, so that writing fails.
pub(crate) fn place(length: u32) -> u32 {
    let is_room = usize::try_from(length).is_ok_and(|length| length <= LONGEST);
    let place = u32::try_from(ROOM.as_ptr().addr());
    place.ok().filter(|_| is_room).unwrap_or(u32::MAX)
}

/// Copies the first `length` bytes.
pub(crate) fn read(length: u32, into: &mut [u8; LONGEST]) -> Option<&[u8]> {
    let text = into.get_mut(..usize::try_from(length).ok()?)?;
    for (byte, written) in text.iter_mut().zip(&ROOM) {
        *byte = written.load(Ordering::Relaxed);
    }
    Some(text)
}
