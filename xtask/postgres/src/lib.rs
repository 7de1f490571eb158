//! PostgreSQL clusters for tests: made in a temporary directory, reached on loopback alone, broken on purpose where a test wants
//! that, and thrown away with everything in them.
//!
//! Nothing here touches a cluster that the system runs. `cargo xtask test` and `cargo xtask postgres` start one for whole test
//! runs; a test about a server that dies starts its own.

mod cluster;
mod owner;
mod port;
mod programs;
mod settings;
mod standby;
mod state;
mod supervisor;
mod tls;

pub use cluster::Cluster;
pub use programs::Programs;
pub use settings::Durability;

/// The variable by which tests are told where they may make databases: a URL of a superuser on loopback.
pub const VARIABLE: &str = "CALYPSO_TEST_POSTGRES";
