//! Which deposit an entry of a list is about, when ids and transactions disagree.

use std::collections::{HashMap, HashSet};

use super::Merging;
use crate::gateway::deposit_name::BY_HASH;
use crate::reading::deposits::ListedDeposit;

impl Merging<'_> {
    /// Under which id an entry is kept. Two transactions under one id in one list are two deposits; one transaction in the place of
    /// another is a change of that deposit.
    pub(super) fn identity(
        &self,
        arrival: &ListedDeposit,
        transactions: &HashMap<&str, HashSet<String>>,
    ) -> String {
        let Some(hash) = arrival.transaction.as_deref() else {
            return arrival.id.clone();
        };
        let lower = hash.to_ascii_lowercase();
        let own = format!("{}~{lower}", arrival.id);
        if self.deposit(&own).is_some() {
            return own;
        }
        let Some(holder) = self.deposit(&arrival.id) else {
            return self
                .nameless_twin(arrival, &lower)
                .unwrap_or_else(|| arrival.id.clone());
        };
        let held_by_another = holder.transaction.as_deref().is_some_and(|held| {
            let listed = transactions.get(arrival.id.as_str());
            !held.eq_ignore_ascii_case(hash)
                && listed.is_some_and(|all| all.contains(&held.to_ascii_lowercase()))
        });
        if held_by_another {
            own
        } else {
            arrival.id.clone()
        }
    }

    /// The known deposit of the same transaction, where either of the two has no id but the transaction's.
    fn nameless_twin(&self, arrival: &ListedDeposit, hash: &str) -> Option<String> {
        let ids = self.by_transaction.get(hash)?;
        let has_no_id = is_name_by_hash(&arrival.id, hash);
        let twins = || {
            let fits = |id: &&String| has_no_id || is_name_by_hash(id, hash);
            ids.iter().filter(fits)
        };
        let waits = |id: &&String| !self.place.contains_key(id.as_str());
        let is_equal = |id: &&String| {
            let known = self.deposit(id);
            known.is_some_and(|known| known.amount == arrival.amount)
        };
        let best = twins().find(|id| waits(id) && is_equal(id));
        let any = || twins().find(waits).or_else(|| twins().next());
        best.or_else(any).cloned()
    }
}

/// Whether an id is only that of the transaction.
fn is_name_by_hash(id: &str, hash: &str) -> bool {
    id.strip_prefix(BY_HASH)
        .is_some_and(|named| named.eq_ignore_ascii_case(hash))
}
