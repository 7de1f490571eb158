//! Numbers that look random and are the same in every run with the same seed.

/// SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    /// One sequence for each `which` of a seed.
    pub(crate) fn new(seed: u64, which: usize) -> Self {
        Self(seed ^ (which as u64).wrapping_mul(0xa076_1d64_78bd_642f))
    }

    /// A number below `end`, which is above nought.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
