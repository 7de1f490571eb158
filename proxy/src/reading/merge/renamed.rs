//! Deposits that a gateway lists under another id than before.

use std::collections::HashSet;

use checkout::wire::{DepositState, FlagKind};

use super::{Merging, described};
use crate::checkouts::deposit::Deposit;

impl Merging<'_> {
    /// The deposits that count and whose ids a list does not have, where their transactions are known.
    pub(super) fn gone(&self, listed: &HashSet<String>) -> Vec<String> {
        let counts = |deposit: &&&Deposit| deposit.counts() && deposit.transaction.is_some();
        let all = self.before.values().filter(counts);
        let gone = all.filter(|deposit| !listed.contains(&deposit.id));
        let mut ids: Vec<String> = gone.map(|deposit| deposit.id.clone()).collect();
        ids.sort();
        ids
    }

    /// Keeps a deposit from counting a second time that has counted under an id which is gone: it is of the same transaction, and as much. One
    /// transaction may pay an address twice, so each that is gone stands for one, and what is held back counts when the old id is there again.
    pub(super) fn hold_back_renamed(&mut self, deposit: &mut Deposit) {
        let Some(hash) = &deposit.transaction else {
            return;
        };
        let is_it = |id: &String| {
            self.before.get(id.as_str()).is_some_and(|before| {
                let known = before.transaction.as_deref();
                known.is_some_and(|known| known.eq_ignore_ascii_case(hash))
                    && (before.amount, &before.currency) == (deposit.amount, &deposit.currency)
            })
        };
        let Some(place) = self.gone.iter().position(is_it) else {
            return;
        };
        let old = self.gone.swap_remove(place);
        let known = self.before.get(old.as_str()).copied();
        let known = known.map(described).unwrap_or_default();
        let read = described(deposit);
        self.flag(
            &deposit.id,
            FlagKind::Renamed,
            format!("{old}: {known}"),
            read,
        );
        deposit.state = DepositState::Reviewing;
    }
}
