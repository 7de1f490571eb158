//! What a signature of the merchant's has to be about: exactly what is about to be drawn.

use crate::pay_to::PayTo;
use checkout::wire::CheckoutView;
use checkout::{Timestamp, digits};

/// The attestation of `answer` and what it has to attest, a line for each: the claim that the verifier judges
/// (`crates/verifier`). Address, token and network are those that the screen, the code and the wallet's link are made of.
#[must_use]
pub fn claim(answer: &CheckoutView, to: &PayTo) -> String {
    let invoice = answer.invoice.as_ref();
    let due = invoice.map_or_else(String::new, |invoice| invoice.due.normalized().digits());
    let reprice_at = invoice.and_then(|invoice| invoice.reprice_at);
    let mut claim = answer.attestation.clone().unwrap_or_default();
    for line in [
        &answer.id,
        &*digits(to.currency.network as u64),
        to.currency.contract.unwrap_or_default(),
        &to.address,
        &due,
        &reprice_at.map_or_else(String::new, millis),
        &millis(to.ends),
    ] {
        claim.push('\n');
        claim.push_str(line);
    }
    claim
}

/// Milliseconds since 1970; nothing that was ever signed for a moment before it.
fn millis(at: Timestamp) -> String {
    digits(u64::try_from(at.millis()).unwrap_or_default())
}
