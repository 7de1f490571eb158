//! The entity tag of a view: it changes with everything a page shows, and not with the time of day.

use checkout::wire::CheckoutView;
use sha2::{Digest, Sha256};

/// The tag of `body`, which holds the members of `view`.
///
/// The two members that change with every answer stand side by side in it, so that the rest can be digested without writing the view a
/// second time. No text of the view can look like them: quotes inside a text are escaped.
pub(super) fn of(view: &CheckoutView, body: &str) -> String {
    let moment = format!(
        r#","now":"{}","pollAfterMs":{}"#,
        view.now, view.poll_after_ms
    );
    let (before, after) = body.split_once(&moment).unwrap_or((body, ""));
    let digest = Sha256::new()
        .chain_update(before)
        .chain_update(after)
        .finalize();
    format!("\"{}\"", hex::encode(&digest[..16]))
}

#[cfg(test)]
mod tests;
