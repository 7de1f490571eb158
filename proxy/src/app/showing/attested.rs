//! The signature over what a buyer is asked to send, and where.

use calypso_attest::Kind;
use checkout::attestation::InvoiceFacts;
use checkout::{Timestamp, Transfer};
use uuid::Uuid;

use crate::app::state::App;
use crate::checkouts::checkout::Checkout;

/// What a buyer is asked for by a view: it is made of the very values that the view shows.
pub(super) struct Asked {
    /// The invoice; none for a customer's permanent address.
    pub(super) invoice: Option<Uuid>,
    pub(super) transfer: Transfer,
    /// From when on the amount is no longer true.
    pub(super) reprice_at: Option<Timestamp>,
    /// From when on the address is hidden.
    pub(super) expires_at: Timestamp,
}

impl App {
    /// The signature over it. None where the checkout's shop signs nothing, and where what is asked for is not true any more: an
    /// amount whose time is over is shown until the gateway has told the new one, and is not vouched for.
    pub(super) fn attested(
        &self,
        checkout: &Checkout,
        asked: &Asked,
        now: Timestamp,
    ) -> Option<String> {
        let shop = self.shop(&checkout.shop).ok()?;
        let attestation = shop.config.attestation.as_ref()?;
        let is_over = |moment: Timestamp| moment <= now;
        if asked.reprice_at.is_some_and(is_over) || is_over(asked.expires_at) {
            return None;
        }
        let id = checkout.id.to_string();
        let invoice = asked.invoice.map(|key| key.to_string());
        let facts = InvoiceFacts::new(
            (checkout.shop.as_str(), &id, invoice.as_deref()),
            &asked.transfer,
            asked.reprice_at,
            asked.expires_at,
        );
        let signer = &attestation.signer;
        Some(signer.sign(Kind::Invoice, &facts.canonical()))
    }
}
