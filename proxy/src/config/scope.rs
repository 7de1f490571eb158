//! What a merchant key may be used for.

use checkout::words;

words! {
    /// What a merchant key opens. A server that only makes checkouts need not hold a key that reads all of them.
    pub enum Scope expecting "create, read or all" {
        /// Making checkouts, and what the gateway makes for one.
        Create = "create",
        /// Reading whatever the merchant may read.
        Read = "read",
        /// Everything.
        All = "all",
    }
}

impl Scope {
    /// Whether a key of this scope may be used where `needed` is.
    #[must_use]
    pub fn opens(self, needed: Self) -> bool {
        self == Self::All || self == needed
    }
}

#[cfg(test)]
mod tests {
    use super::Scope::{All, Create, Read};

    #[test]
    fn a_scope_opens_itself_and_all_opens_everything() {
        let all = [Create, Read, All];
        let opened = all.map(|held| all.map(|needed| held.opens(needed)));
        assert_eq!(
            opened,
            [
                [true, false, false],
                [false, true, false],
                [true, true, true]
            ]
        );
    }
}
