//! The program's commands.

pub(crate) mod check;
mod clock;
pub(crate) mod serve;
