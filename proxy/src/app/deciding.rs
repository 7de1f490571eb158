//! What a merchant decides about a checkout: written down, told to the gateway, and shown once a reading shows it.

mod archive;
mod carry_out;
mod intervene;
mod refusals;
