//! Where money goes.

use checkout::{Currency, Timestamp};

/// Where money goes. Every part of it was checked or built here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayTo {
    /// The currency to send.
    pub currency: &'static Currency,
    /// The address in its canonical spelling.
    pub address: String,
    /// What the QR code and the wallet link say.
    pub uri: String,
    /// When nothing may be sent here any more.
    pub ends: Timestamp,
}
