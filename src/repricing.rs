//! What a repricing changed: the old amount, the new one and the exact difference.

use checkout::Amount;

/// One change of the amount that is due for the same invoice.
#[derive(Clone, Copy, Debug, Eq)]
pub struct Repricing {
    /// The amount shown until now.
    pub old: Amount,
    /// The amount to send from now on.
    pub new: Amount,
    /// How the new one differs from the old one; never zero.
    pub change: Change,
}

/// The two amounts say all: their difference follows from them.
impl PartialEq for Repricing {
    fn eq(&self, other: &Self) -> bool {
        self.old == other.old && self.new == other.new
    }
}

/// Which way the amount moved, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The buyer must send this much more than was shown before.
    More(Amount),
    /// The buyer must send this much less than was shown before.
    Less(Amount),
}

impl Repricing {
    /// The repricing from `old` to `new`; `None` when they are the same value, however many zeros are written.
    #[must_use]
    pub fn between(old: Amount, new: Amount) -> Option<Self> {
        let change = match new.cmp(&old) {
            core::cmp::Ordering::Equal => return None,
            core::cmp::Ordering::Greater => Change::More(new.checked_sub(old).ok()?),
            core::cmp::Ordering::Less => Change::Less(old.checked_sub(new).ok()?),
        };
        Some(Self { old, new, change })
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Repricing};
    use checkout::Amount;
    use proptest::prelude::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).expect("an amount of the test")
    }

    #[test]
    fn dearer_and_cheaper() {
        let repricing = Repricing::between(amount("27.314"), amount("27.512")).expect("changed");
        assert_eq!(repricing.change, Change::More(amount("0.198")));
        let repricing = Repricing::between(amount("27.512"), amount("27.314")).expect("changed");
        assert_eq!(repricing.change, Change::Less(amount("0.198")));
    }

    #[test]
    fn zeros_at_the_end_are_no_repricing() {
        assert_eq!(Repricing::between(amount("27.310"), amount("27.31")), None);
    }

    proptest! {
        /// Old plus or minus the difference is exactly the new amount.
        #[test]
        fn the_difference_is_exact(a in 0u64.., b in 0u64.., scale in 0u8..=18, other in 0u8..=18) {
            let old = Amount::from_units(u128::from(a), scale).expect("in range");
            let new = Amount::from_units(u128::from(b), other).expect("in range");
            match Repricing::between(old, new) {
                None => prop_assert_eq!(old, new),
                Some(Repricing { change: Change::More(by), .. }) => {
                    prop_assert!(!by.is_zero());
                    prop_assert_eq!(old.checked_add(by).expect("in range"), new);
                }
                Some(Repricing { change: Change::Less(by), .. }) => {
                    prop_assert!(!by.is_zero());
                    prop_assert_eq!(new.checked_add(by).expect("in range"), old);
                }
            }
        }
    }
}
