//! One test binary for the client: vectors from the reference, a scripted gateway that misbehaves, generated input.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod creating;
mod customers;
mod deliveries;
mod failures;
mod gateway;
mod generated;
mod json;
mod misbehaving_gateway;
mod random;
mod reading;
mod sandbox;
mod signatures;
mod vectors;
mod webhooks;
