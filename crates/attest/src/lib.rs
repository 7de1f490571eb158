//! Verifies what a proxy has signed: the facts of an invoice before an address is shown, and receipts.
//!
//! Pure, without a clock and without randomness, and small: compiled alone to WebAssembly it is what a buyer's page fetches before it shows
//! an address. Nothing here signs, and nothing here decides whom to trust: the caller brings the keys.
//!
//! What is verified is a compact JWS (RFC 7515) with Ed25519 (RFC 8037) in the one spelling that the proxy writes. Whatever is spelled
//! otherwise is refused, although a general library may take it.

mod error;
mod jws;
mod key;
mod verify;

pub use error::{AttestationError, KeyError};
pub use jws::{Kind, signing_input};
pub use key::PublicKey;
pub use verify::{Signed, verify, verify_invoice, verify_receipt};
