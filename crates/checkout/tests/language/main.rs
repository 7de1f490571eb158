//! What the crate promises, tested from outside: vectors, properties, laws, and the documents made from its tables.

mod address;
mod amount_arithmetic;
mod amount_identity;
mod amount_vectors;
mod currency;
mod documents;
mod error_code;
mod payment_uri;
mod phase;
mod phase_facts;
mod random;
mod status;
mod timestamp;
mod vectors;
mod wire;
mod words;
