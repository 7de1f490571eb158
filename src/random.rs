//! Random bytes from the browser; `getRandomValues` works on pages without https too, `randomUUID` does not.

use leptos_dom::helpers::window;

/// Random bytes; zeros in a browser that has no randomness to give.
#[must_use]
pub fn bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}
