//! What this tab remembers over a reload, and for as long as the page lives where the browser denies it storage.

use leptos_dom::helpers::window;
use std::cell::RefCell;

thread_local! {
    /// The texts of a page that may not use storage; they live as long as the page does.
    static UNSTORED: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// The text remembered under `key`.
#[must_use]
pub fn recall(key: &str) -> Option<String> {
    storage()
        .and_then(|storage| storage.get_item(key).ok().flatten())
        .or_else(|| {
            UNSTORED.with_borrow(|texts| {
                texts
                    .iter()
                    .find(|(name, _)| name == key)
                    .map(|(_, text)| text.clone())
            })
        })
}

/// Remembers `text` under `key`.
pub fn remember(key: &str, text: &str) {
    let is_stored = storage().is_some_and(|storage| storage.set_item(key, text).is_ok());
    if !is_stored {
        UNSTORED.with_borrow_mut(|texts| {
            texts.retain(|(name, _)| name != key);
            texts.push((key.to_owned(), text.to_owned()));
        });
    }
}

/// Forgets what was remembered under `key`.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        // A storage that may be read but not written keeps what it has; there is nothing more to do.
        let _ = storage.remove_item(key);
    }
    UNSTORED.with_borrow_mut(|texts| texts.retain(|(name, _)| name != key));
}

/// The tab's storage. Reading the property alone throws where storage is denied.
fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}
