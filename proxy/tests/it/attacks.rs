//! Attacks and bad input by class, each as a table of data whose rows have names: nothing of it is taken, nothing panics, and whoever comes
//! next is served. `docs/ATTACKS.md` lists the classes with their counts, which are compared with the tables here.

mod document;
mod gateway;
mod json;
mod log_lines;
mod money;
mod origins;
mod times;
mod wire;

use crate::support::{TestProxy, logged};

/// Asserts that a table's attacks have left nothing behind: no checkout, no invoice, no panic; and that the shop is open.
async fn nothing_was_taken(shop: &TestProxy) {
    let books = shop.books().await;
    let made = (books.checkouts, books.idempotency_keys, books.attempts());
    assert_eq!(made, (0, 0, 0), "something was made");
    assert!(shop.gateway.invoices_made().await.is_empty());
    assert!(!logged().contains("a handler panicked"));
    assert_eq!(shop.checkout().await.len(), 36, "the next buyer is served");
}

/// Asserts that no two rows have one name.
#[track_caller]
fn names_are_unique<'a>(names: impl Iterator<Item = &'a str>) {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        assert!(seen.insert(name.to_owned()), "two rows are called «{name}»");
    }
}
