//! The entity tag of a view: it changes with everything a page shows, and not with the time of day.

use checkout::Timestamp;
use checkout::wire::CheckoutView;
use sha2::{Digest, Sha256};

/// The tag of `body`, which holds the members of `view`.
pub(crate) fn of(view: &CheckoutView, body: &str) -> String {
    let (before, after) = around(view, body).unwrap_or((body, ""));
    let digest = Sha256::new()
        .chain_update(before)
        .chain_update(after)
        .finalize();
    format!("\"{}\"", hex::encode(&digest[..16]))
}

/// What stands in `body` before and after the two members that change with every answer.
///
/// They stand side by side in it, so that the rest can be digested without writing the view a second time. No text of the view can look
/// like them: quotes inside a text are escaped.
pub(in crate::app) fn around<'a>(view: &CheckoutView, body: &'a str) -> Option<(&'a str, &'a str)> {
    body.split_once(&moment(view.now, view.poll_after_ms))
}

/// The two members.
pub(in crate::app) fn moment(now: Timestamp, poll_after_ms: u32) -> String {
    format!(r#","now":"{now}","pollAfterMs":{poll_after_ms}"#)
}

#[cfg(test)]
mod tests;
