//! What the crate promises, tested from outside: vectors, properties, laws, and the documents made from its tables.

mod address;
mod amount_arithmetic;
mod amount_identity;
mod amount_vectors;
mod currency;
mod documents;
mod payment_uri;
mod phase;
mod phase_facts;
mod random;
mod refusal_code;
mod status;
mod timestamp;
mod vectors;
mod wire;
mod words;
