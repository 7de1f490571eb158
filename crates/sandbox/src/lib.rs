//! A gateway on your desk: behaves as the Calypso Pay gateway is documented, without network and without money.
//!
//! It is for everybody who develops against the gateway: as a library inside tests, as the program
//! `calypso-sandbox` for people and for other languages. Four things are served:
//!
//! * `/api/v1/…`: the gateway, with its checks, error codes, states, repricing and expiry;
//! * `/sandbox/v1/…`: the control side, by which deposits arrive, the clock moves and calls fail on demand;
//! * `/sandbox/`: a panel on which a person does the same;
//! * `/pay?widgetKey=…` and `/invoice/{key}`: the gateway's own pages, on which a buyer chooses and pays.
//!
//! # The control side
//!
//! JSON in, JSON out, with `Content-Type: application/json`; amounts are strings, times are UTC with `Z`. A refusal is
//! `{"error":{"code":"…","message":"…"}}` and changes nothing. The control side needs no key, so it answers only requests that
//! name this computer as their host and that no page of another origin sent ([`Settings::allowed_hosts`]).
//!
//! | call | does |
//! |---|---|
//! | `POST /sandbox/v1/deposits {address, amount, stage: "mempool"\|"confirmed", from?, currency?}` | sends money: 201 `{id, transactionHash, stage}`, with `lost: true` if the address is not watched any more. `currency` chooses among those of a customer's address |
//! | `POST /sandbox/v1/deposits/{id} {stage: "confirmed"\|"dropped"\|"review"\|"declined"}` | moves that deposit on |
//! | `POST /sandbox/v1/clock {advanceSeconds}` · `GET` | advances the virtual clock: `{now, offsetSeconds}`, the seconds it is ahead of the wall clock |
//! | `POST /sandbox/v1/rates {fromCurrency, toCurrency, rate}` · `GET` · `DELETE` | fixes a rate from the next creation or repricing on; lists the fixed ones; lets all move again |
//! | `POST /sandbox/v1/faults {path?, kind, times?, …}` · `GET` · `DELETE` | makes the next calls or deliveries fail ([`FaultKind`]); every field in [`scenarios`] |
//! | `POST /sandbox/v1/scenario` · `GET` · `DELETE` | plays a scenario: steps in virtual time, random faults by seed ([`scenarios`]) |
//! | `GET /sandbox/v1/requests` | `{requests:[{method, path, receivedAt, body, answer:{status, body}, fault?}]}`, the newest ten thousand |
//! | `GET /sandbox/v1/webhooks` · `POST …/{requestId}/unblock` | every delivery with its attempts; ends a blocking and sends again what failed |
//! | `POST /sandbox/v1/webhooks/{requestId}/dialect` · `GET` | has the webhooks of one subscription written in another documented way ([`switches`]) |
//! | `POST /sandbox/v1/widgets/{key}/choose {currency}` | what a buyer does on the gateway's own page |
//! | `POST /sandbox/v1/invoices/{id}/accept` · `…/refund` | ends an intervention |
//! | `GET /sandbox/v1/state` | everything at a glance, for the panel |
//! | `POST /sandbox/v1/reset` | empties everything and turns the clock back to the wall clock |
//!
//! # A clock that was moved
//!
//! Moving the virtual clock moves the gateway alone. A program beside it that keeps the wall clock sees invoices that were made in
//! the future, shows a price as fixed for days, and asks for expiries that the gateway calls past. `calypso-proxy serve
//! --sandbox-clock URL` takes its time from here instead. How far the clock was moved stands on the panel, in the log and in what
//! `calypso-proxy check` says; a reset turns it back.
//!
//! «§2.7» in this documentation is a section of the gateway reference, `docs/gateway.md` in the repository. Where the documentation is
//! silent, the reference recommends a choice; each is a field of [`Settings`] or is named where it is made. Where it says two things, the second is a switch ([`switches`]). Addresses are valid and belong to nobody: never send money to them.

#[doc = include_str!("../SCENARIOS.md")]
pub mod scenarios {}

#[doc = include_str!("../SWITCHES.md")]
pub mod switches {}

mod addresses;
mod clock;
mod control;
mod courier;
mod customer;
mod date;
mod deposit;
mod dialect;
mod door;
mod event;
mod faults;
mod gateway;
mod hosted;
mod index;
mod invoice;
mod ledger;
mod number;
mod panel;
mod rates;
mod refusal;
mod request_log;
mod sandbox;
mod scenario;
mod seed;
mod serve;
mod settings;
mod store;
mod stored;
mod webhook;
mod widget;

pub use clock::{MAX_OFFSET_SECONDS, VirtualClock, WallClock};
pub use deposit::Stage;
pub use dialect::{
    ComplianceName, Dialect, EvmCase, ExternalId, FiatValue, Fractions, Ids, PaidEnvelope,
    TransactionId, Viewed,
};
pub use faults::FaultKind;
pub use sandbox::Sandbox;
pub use scenario::{Scenario, ScenarioError};
pub use settings::Settings;
pub use store::OpenError;
