//! How much of a trial is run, and which part.

use crate::dice::Dice;

/// The size of one run.
pub(crate) struct Size {
    pub(crate) seed: u64,
    pub(crate) count: u64,
}

impl Size {
    /// What the environment says, as `cargo xtask trial` sets it; else the seed of every test run, and the usual count. Prints both, for
    /// whoever has to run it again.
    pub(crate) fn of(trial: &str, usual: u64) -> Self {
        let size = Self {
            seed: from_environment("CALYPSO_TRIAL_SEED", 7),
            count: from_environment("CALYPSO_TRIAL_COUNT", usual),
        };
        println!(
            "cargo xtask trial {trial} --seed {} --count {}",
            size.seed, size.count
        );
        size
    }

    pub(crate) fn dice(&self) -> Dice {
        Dice::new(self.seed)
    }
}

fn from_environment(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}"))
    })
}
