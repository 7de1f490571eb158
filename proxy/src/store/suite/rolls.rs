//! Numbers that look drawn and follow from a seed.

use proptest::prelude::{Strategy as _, any};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Numbers that follow from a seed.
pub(super) struct Rolls(Vec<u64>);

impl Rolls {
    pub(super) fn new(seed: u64, round: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&round.to_le_bytes());
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), random);
        let numbers = proptest::collection::vec(any::<u64>(), 4096);
        Self(numbers.new_tree(&mut runner).unwrap().current())
    }

    pub(super) fn below(&mut self, sides: usize) -> usize {
        let number = self.0.pop().expect("a round rolls less often");
        usize::try_from(number % u64::try_from(sides).unwrap()).unwrap()
    }
}
