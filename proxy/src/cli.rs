//! The program's commands.

pub(crate) mod attestation;
pub(crate) mod backup;
pub(crate) mod check;
mod clock;
pub(crate) mod copy;
mod done;
pub(crate) mod event;
mod key_files;
mod log;
pub(crate) mod migrate;
mod named;
pub(crate) mod outbox;
mod process;
pub(crate) mod reconcile;
mod reload;
pub(crate) mod serve;
mod traces;
pub(crate) mod webhook;
mod webhook_address;
