//! A gateway on your desk: behaves as the Calypso Pay gateway is documented, without network and without money.
//!
//! It is for everybody who develops against the gateway: as a library inside tests, as the program
//! `calypso-sandbox` for people and for other languages. Three things are served:
//!
//! * `/api/v1/…`: the gateway, with its checks, error codes, states, repricing and expiry;
//! * `/sandbox/v1/…`: the control side, by which deposits arrive, the clock moves and calls fail on demand;
//! * `/sandbox/`: a panel on which a person does the same.
//!
//! Where the documentation is silent the choice of the gateway reference is taken; each is a field of [`Settings`]
//! or is named where it is made. Addresses are valid and belong to nobody: never send money to them.

mod addresses;
mod clock;
mod control;
mod courier;
mod customer;
mod date;
mod deposit;
mod event;
mod faults;
mod gateway;
mod invoice;
mod ledger;
mod number;
mod page;
mod rates;
mod request_log;
mod sandbox;
mod seed;
mod settings;
mod store;
mod stored;
mod webhook;
mod widget;

pub use clock::{MAX_OFFSET_SECONDS, VirtualClock, WallClock};
pub use deposit::Stage;
pub use faults::FaultKind;
pub use sandbox::Sandbox;
pub use settings::Settings;
pub use store::OpenError;
