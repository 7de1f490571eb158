//! The program's commands.

pub(crate) mod check;
pub(crate) mod serve;
