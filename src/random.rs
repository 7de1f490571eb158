//! Random bytes from the browser; `getRandomValues` works on pages without https too, `randomUUID` does not.

use leptos_dom::helpers::window;

/// `N` random bytes; zeros in a browser that has no randomness to give.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}
