//! The program's commands.

pub(crate) mod check;
mod clock;
mod log;
pub(crate) mod serve;
