//! The options of `bench proxy`.

use std::path::PathBuf;
use std::time::Duration;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Rounds; of the ratios of all rounds the one in the middle counts.
    #[arg(long, default_value_t = 5)]
    pub(super) rounds: usize,
    /// How long each part of a round takes, in milliseconds.
    #[arg(long, default_value_t = 2_000)]
    millis: u64,
    /// Node, which runs the proxy that is compared with.
    #[arg(long, default_value = "node")]
    pub(super) node: PathBuf,
    /// The proxy that is compared with.
    #[arg(long, default_value = "tests/bench/express.mjs")]
    pub(super) express: PathBuf,
    /// Judges nothing: for computers that do other things meanwhile.
    #[arg(long)]
    pub(super) any_time: bool,
}

impl Options {
    /// How long each part of a round takes.
    pub(super) fn time(&self) -> Duration {
        Duration::from_millis(self.millis)
    }
}
