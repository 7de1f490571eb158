//! The entity tag of a view: it changes with everything a page shows, and not with the time of day.

use checkout::wire::CheckoutView;
use sha2::{Digest, Sha256};

/// The tag of `body`, which begins with the fields of `view`.
///
/// The two fields that change with every answer come first in it, so that the rest can be digested without writing the view a second
/// time.
pub(super) fn of(view: &CheckoutView, body: &str) -> String {
    let moment = format!(
        r#"{{"now":"{}","pollAfterMs":{}"#,
        view.now, view.poll_after_ms
    );
    let lasting = body.strip_prefix(&moment).unwrap_or(body);
    let digest = Sha256::digest(lasting);
    format!("\"{}\"", hex::encode(&digest[..16]))
}

#[cfg(test)]
mod tests;
