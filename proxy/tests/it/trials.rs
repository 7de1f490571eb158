//! Trials: the proxy under load, killed, cut off and lied to, many times over, and its books judged afterwards.
//!
//! `cargo test` runs a small part of each, always the same one. `cargo xtask trial NAME --count N --seed S` runs as many as wanted, and
//! another part at each seed. A failing run prints its seed.

#![expect(
    clippy::print_stdout,
    reason = "a trial says its seed and what it has shown"
)]

mod backups;
pub(crate) mod caller;
mod calls;
pub(crate) mod child;
mod crowds;
mod door;
mod events;
mod failover;
mod history;
mod kills;
mod made;
mod mortal;
mod outages;
mod replicas;
mod same_key;
mod schedules;
mod scribe;
mod shutdown;
pub(crate) mod size;
mod storm;
mod traffic;
mod verdict;

pub(crate) use size::Size;
