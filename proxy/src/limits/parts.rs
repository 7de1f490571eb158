//! What the shops of one proxy share: half of it is divided among them, and each keeps its part however much another takes.

/// So many places for all shops together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts {
    /// What each shop has for itself.
    own: u32,
    /// What anybody may take.
    common: u32,
}

impl Parts {
    /// `most` places, of `shops` shops.
    pub(crate) fn new(most: u32, shops: usize) -> Self {
        let shops = u32::try_from(shops).unwrap_or(u32::MAX).max(1);
        let own = most / 2 / shops;
        Self {
            own,
            common: most - own * shops,
        }
    }

    /// How many places a shop may have while the others have these.
    pub(crate) fn room(self, others: impl Iterator<Item = u32>) -> u32 {
        let taken = others
            .map(|theirs| theirs.saturating_sub(self.own))
            .fold(0, u32::saturating_add);
        self.own.saturating_add(self.common.saturating_sub(taken))
    }
}

#[cfg(test)]
mod tests {
    use super::Parts;

    #[test]
    fn one_shop_has_everything() {
        for most in [0, 1, 2, 5, 100_000, u32::MAX] {
            assert_eq!(Parts::new(most, 1).room(std::iter::empty()), most);
        }
    }

    #[test]
    fn each_of_several_keeps_its_part_and_all_together_never_have_more_than_all() {
        for (most, shops) in [(100, 2), (101, 3), (7, 5), (3, 10), (100_000, 50)] {
            let parts = Parts::new(most, shops);
            // The first takes all it can; then the others, one after the other.
            let mut taken = vec![0_u32; shops];
            for shop in 0..shops {
                let others = (0..shops).filter(|other| *other != shop);
                taken[shop] = parts.room(others.map(|other| taken[other]));
            }
            assert_eq!(taken.iter().sum::<u32>(), most, "{taken:?}");
            let least = most / 2 / u32::try_from(shops).unwrap();
            assert!(taken.iter().all(|one| *one >= least), "{taken:?}");
        }
    }
}
