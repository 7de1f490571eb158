//! Events to the merchant's server: the program's commands about them, and real deliveries that other libraries verify.

mod commands;
#[cfg(feature = "tls")]
mod encrypted;
mod listener;
mod reference;
mod unpaid;
