//! The language the widget and the proxy share: money, networks, addresses, payment URIs, phases, JSON.
//!
//! Everything here is pure: no I/O, no clock, no DOM and no floating point. Whoever needs the time
//! passes it in, whoever needs money passes its text. The crate is compiled into the proxy and into the
//! buyer's WebAssembly module alike, so both sides decide the same way.
//!
//! | to find | look in |
//! |---|---|
//! | exact money | [`Amount`] |
//! | whole numbers as text, texts from pieces | [`digits()`], [`joined()`] |
//! | moments | [`Timestamp`] |
//! | the table of networks, assets and currencies | [`NETWORKS`], [`ASSETS`], [`CURRENCIES`], [`FIATS`] |
//! | how networks of one kind write things | [`Family`] |
//! | checked addresses | [`Address`] |
//! | what is sent where, and what the QR code says | [`Transfer`] |
//! | what a checkout is for | [`Kind`] |
//! | what the buyer sees next | [`Phase`], [`advance`], [`deciding`] |
//! | what a proxy signs of an invoice and of a payment | [`attestation`] |
//! | the JSON between widget and proxy | [`wire`], [`RefusalCode`] |
//! | enums that are words on the wire | [`words!`](crate::words!) |

mod address;
mod amount;
mod asset;
pub mod attestation;
mod currency;
mod digits;
mod family;
mod fiat;
mod joined;
mod kind;
mod network;
mod payment_uri;
mod phase;
mod refusal_code;
mod status;
mod timestamp;
mod transfer;
pub mod wire;
#[doc(hidden)]
pub mod words;

pub use address::{Address, AddressError};
pub use amount::{Amount, AmountError, Rounding};
pub use asset::{ASSETS, Asset};
pub use currency::{CURRENCIES, Currency};
pub use digits::digits;
pub use family::Family;
pub use fiat::{FIATS, Fiat};
pub use joined::joined;
pub use kind::Kind;
pub use network::{NETWORKS, Network, NetworkId};
pub use phase::{Observation, Pace, Phase, advance, deciding};
pub use refusal_code::RefusalCode;
pub use status::{InterventionKind, InvoiceStatus};
pub use timestamp::{Timestamp, TimestampError};
pub use transfer::{Transfer, TransferError};
pub use words::UnknownWord;
