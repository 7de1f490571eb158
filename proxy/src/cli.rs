//! The program's commands.

pub(crate) mod backup;
pub(crate) mod check;
mod clock;
pub(crate) mod copy;
mod log;
pub(crate) mod migrate;
mod process;
pub(crate) mod reconcile;
pub(crate) mod serve;
pub(crate) mod webhook;
mod webhook_address;
