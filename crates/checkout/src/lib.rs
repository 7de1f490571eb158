//! The language the widget and the proxy share: money, networks, addresses, payment URIs, phases, JSON.
//!
//! Everything here is pure: no I/O, no clock, no DOM and no floating point. Whoever needs the time
//! passes it in, whoever needs money passes its text. The crate is compiled into the proxy and into the
//! buyer's WebAssembly module alike, so both sides decide the same way.
//!
//! | to find | look in |
//! |---|---|
//! | exact money | [`Amount`] |
//! | moments | [`Timestamp`] |
//! | the one table of chains and coins | [`NETWORKS`], [`CURRENCIES`], [`FIATS`] |
//! | checked addresses | [`Address`] |
//! | what the QR code says | [`payment_uri()`], [`receiving_uri`] |
//! | what a checkout is for | [`Kind`] |
//! | what the buyer sees next | [`Phase`], [`advance`], [`deciding`] |
//! | the JSON between widget and proxy | [`wire`], [`ErrorCode`] |

mod address;
mod amount;
mod currency;
mod error_code;
mod fiat;
mod kind;
mod network;
mod payment_uri;
mod phase;
mod status;
mod timestamp;
pub mod wire;

pub use address::{Address, AddressError};
pub use amount::{Amount, AmountError, Rounding};
pub use currency::{CURRENCIES, Currency};
pub use error_code::ErrorCode;
pub use fiat::{FIATS, Fiat};
pub use kind::{Kind, UnknownKind};
pub use network::{NETWORKS, Network, NetworkId};
pub use payment_uri::{UriError, payment_uri, receiving_uri};
pub use phase::{Observation, Pace, Phase, UnknownPhase, advance, deciding};
pub use status::{InterventionKind, InvoiceStatus};
pub use timestamp::{Timestamp, TimestampError};
