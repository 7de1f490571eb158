//! Random numbers that follow from a seed.

/// SplitMix64: small, and the same on every computer.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    /// A place below `count`.
    pub(crate) fn place(&mut self, count: usize) -> usize {
        let sides = u64::try_from(count).unwrap();
        usize::try_from(self.roll(sides)).unwrap()
    }

    pub(crate) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let place = self.place(all.len());
        &all[place]
    }

    /// Another row of numbers, which follows from this one.
    pub(crate) fn another(&mut self) -> Self {
        Self(self.roll(u64::MAX))
    }
}
