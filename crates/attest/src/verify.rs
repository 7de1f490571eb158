//! From something signed to facts that are believed.

use checkout::attestation::{InvoiceFacts, InvoiceTerms, ReceiptFacts};

use crate::error::AttestationError;
use crate::jws::{Kind, verified};
use crate::key::PublicKey;

/// What a proxy has signed, whichever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The facts of an invoice that waited to be paid. That they are those of a page is for the reader to see.
    Invoice(Box<InvoiceFacts>),
    /// The facts of a payment that was completed.
    Receipt(Box<ReceiptFacts>),
}

/// Whatever one of `keys` has signed.
///
/// # Errors
/// As [`verify_invoice`], but for a difference.
pub fn verify(jws: &str, keys: &[PublicKey]) -> Result<Signed, AttestationError> {
    let (kind, payload) = verified(jws, keys)?;
    Ok(match kind {
        Kind::Invoice => Signed::Invoice(Box::new(InvoiceFacts::parse(&payload)?)),
        Kind::Receipt => Signed::Receipt(Box::new(ReceiptFacts::parse(&payload)?)),
    })
}

/// The facts of an invoice, if one of `keys` has signed them and they are those that are about to be shown.
///
/// Whether `expires_at` and `reprice_at` lie ahead is the caller's to ask, who knows the time: facts stay signed for ever.
///
/// # Errors
/// [`AttestationError`] with the first thing that is wrong. Nothing of what was read is to be shown then.
pub fn verify_invoice(
    jws: &str,
    keys: &[PublicKey],
    shown: &InvoiceTerms<'_>,
) -> Result<InvoiceFacts, AttestationError> {
    let payload = Kind::Invoice.of(verified(jws, keys)?)?;
    let facts = InvoiceFacts::parse(&payload)?;
    match facts.terms().difference(shown) {
        Some(member) => Err(AttestationError::Differs { member }),
        None => Ok(facts),
    }
}

/// The facts of a receipt that one of `keys` has signed.
///
/// # Errors
/// As [`verify_invoice`], but for a difference.
pub fn verify_receipt(jws: &str, keys: &[PublicKey]) -> Result<ReceiptFacts, AttestationError> {
    let payload = Kind::Receipt.of(verified(jws, keys)?)?;
    Ok(ReceiptFacts::parse(&payload)?)
}
