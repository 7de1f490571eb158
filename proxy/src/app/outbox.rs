//! The merchants' events: put into words, sent, listed, and sent again.

pub(in crate::app) mod asked;
mod shortened;
mod told;
pub(in crate::app) mod watched;
mod words;
