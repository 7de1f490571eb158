//! What follows for the known deposits to one address from a list of them. Nothing in a list keeps anything else in it from counting.

mod identity;
mod renamed;

use std::collections::{BTreeMap, HashMap, HashSet};

use checkout::wire::{DepositState, FlagKind};
use checkout::{Amount, Timestamp};
use uuid::Uuid;

use super::deposits::{Listed, ListedDeposit};
use crate::checkouts::deposit::{Deposit, Flag, Known, figure, is_possible};
use crate::checkouts::deposit_currency::DepositCurrency;

/// Flags kept for one address. A gateway that contradicts itself at every reading must not fill the disk.
const MOST_FLAGS: usize = 1000;

/// What a list changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DepositChanges {
    /// Deposits that are new or have moved on, as they are from now on.
    pub(crate) put: Vec<Deposit>,
    /// Contradictions that were not known yet.
    pub(crate) flags: Vec<Flag>,
}

/// What follows for the known deposits to one address from a list of them.
///
/// The same list twice changes nothing. A confirmed deposit never changes again, whatever a later list says or leaves out; the
/// contradiction is flagged with both figures. One that was only detected is void while the list has it no more. An unknown state
/// changes nothing, and a new deposit in one is detected. An amount that cannot exist is held under review and does not count.
pub(crate) fn merge(
    paid_to: Uuid,
    known: &Known,
    listed: &Listed,
    now: Timestamp,
) -> DepositChanges {
    let mut merging = Merging::new(paid_to, known, now);
    let transactions = transactions(&listed.deposits);
    let ids = listed.deposits.iter();
    let ids = ids.map(|arrival| merging.identity(arrival, &transactions));
    merging.gone = merging.gone(&ids.collect());
    for arrival in &listed.deposits {
        merging.add(arrival, &transactions);
    }
    for entry in &listed.unreadable {
        let before = merging.deposit(&entry.name).map(Deposit::figure);
        merging.flag(
            &entry.name,
            FlagKind::Unreadable,
            before.unwrap_or_default(),
            entry.says.clone(),
        );
        merging.seen.insert(entry.name.clone());
    }
    if listed.is_whole {
        merging.miss_the_rest();
    }
    merging.changes()
}

/// The transactions a list names for each id.
fn transactions(arrivals: &[ListedDeposit]) -> HashMap<&str, HashSet<String>> {
    let mut all: HashMap<&str, HashSet<String>> = HashMap::new();
    for arrival in arrivals {
        let of_id = all.entry(arrival.id.as_str()).or_default();
        of_id.extend(arrival.transaction.as_deref().map(str::to_ascii_lowercase));
    }
    all
}

struct Merging<'a> {
    paid_to: Uuid,
    now: Timestamp,
    before: HashMap<&'a str, &'a Deposit>,
    /// Deposits as they are from now on, in the order of the list.
    after: Vec<Deposit>,
    place: HashMap<String, usize>,
    /// Ids that the list has in whatever form.
    seen: HashSet<String>,
    known: &'a Known,
    flags: Vec<Flag>,
    /// Ids by transaction, in lower case.
    by_transaction: HashMap<String, Vec<String>>,
    /// The sums of what is confirmed, by currency.
    sums: BTreeMap<DepositCurrency, Amount>,
    /// Ids of deposits that count and are not in the list.
    gone: Vec<String>,
}

impl<'a> Merging<'a> {
    fn new(paid_to: Uuid, known: &'a Known, now: Timestamp) -> Self {
        let deposits = known.deposits.iter();
        let mut sums: BTreeMap<DepositCurrency, Amount> = BTreeMap::new();
        for deposit in deposits.clone().filter(|deposit| deposit.counts()) {
            let sum = sums.entry(deposit.currency.clone()).or_insert(Amount::ZERO);
            *sum = sum.checked_add(deposit.amount).unwrap_or(*sum);
        }
        let mut by_transaction: HashMap<String, Vec<String>> = HashMap::new();
        for deposit in deposits.clone() {
            if let Some(hash) = &deposit.transaction {
                let ids = by_transaction.entry(hash.to_ascii_lowercase()).or_default();
                ids.push(deposit.id.clone());
            }
        }
        Self {
            paid_to,
            now,
            by_transaction,
            before: deposits
                .map(|deposit| (deposit.id.as_str(), deposit))
                .collect(),
            after: Vec::new(),
            place: HashMap::new(),
            seen: HashSet::new(),
            known,
            flags: Vec::new(),
            sums,
            gone: Vec::new(),
        }
    }

    /// The deposit of an id as it is so far.
    fn deposit(&self, id: &str) -> Option<&Deposit> {
        match self.place.get(id) {
            Some(place) => Some(&self.after[*place]),
            None => self.before.get(id).copied(),
        }
    }

    fn add(&mut self, arrival: &ListedDeposit, transactions: &HashMap<&str, HashSet<String>>) {
        let id = self.identity(arrival, transactions);
        let (before, placed) = (
            self.before.get(id.as_str()).copied(),
            self.place.get(&id).copied(),
        );
        if let Some(place) = placed {
            self.repeat(place, arrival);
            return;
        }
        // Transfers of nothing are sent by strangers to put their address into people's histories.
        if before.is_none() && arrival.amount.is_zero() {
            return;
        }
        if before.is_none() && id != arrival.id {
            let first = self.deposit(&arrival.id).map(described).unwrap_or_default();
            self.flag(&id, FlagKind::IdReused, first, description(arrival));
        }
        let mut next = match before {
            None => self.first(&id, arrival),
            Some(before) if before.counts() => self.contradicted(before, arrival),
            Some(before) => self.moved_on(before, arrival),
        };
        let was_counted = before.is_some_and(Deposit::counts);
        if next.counts() && !was_counted {
            self.hold_back_renamed(&mut next);
        }
        if next.counts() && !was_counted && !self.count(&next) {
            let words = next.figure();
            self.flag(&next.id, FlagKind::AmountImpossible, String::new(), words);
            next.state = DepositState::Reviewing;
        }
        if let Some(hash) = &next.transaction
            && before.is_none()
        {
            let ids = self
                .by_transaction
                .entry(hash.to_ascii_lowercase())
                .or_default();
            ids.push(id.clone());
        }
        self.place.insert(id.clone(), self.after.len());
        self.seen.insert(id);
        self.after.push(next);
    }

    /// A deposit that was not known.
    fn first(&mut self, id: &str, arrival: &ListedDeposit) -> Deposit {
        let mut deposit = Deposit {
            paid_to: self.paid_to,
            id: id.to_owned(),
            currency: arrival.currency.clone(),
            amount: arrival.amount,
            state: arrival.state.unwrap_or(DepositState::Detected),
            transaction: arrival.transaction.clone(),
            sender: arrival.sender.clone(),
            at: arrival.at.unwrap_or(self.now),
            missing_since: None,
        };
        self.hold_back(&mut deposit, arrival);
        deposit
    }

    /// A known deposit that may still become anything.
    fn moved_on(&mut self, before: &Deposit, arrival: &ListedDeposit) -> Deposit {
        if before.currency != arrival.currency {
            let read = figure(arrival.amount, &arrival.currency);
            self.flag(&before.id, FlagKind::CurrencyChanged, before.figure(), read);
        }
        let mut deposit = Deposit {
            currency: arrival.currency.clone(),
            amount: arrival.amount,
            state: arrival.state.unwrap_or(before.state),
            transaction: arrival
                .transaction
                .clone()
                .or_else(|| before.transaction.clone()),
            sender: arrival.sender.clone().or_else(|| before.sender.clone()),
            missing_since: None,
            ..before.clone()
        };
        self.hold_back(&mut deposit, arrival);
        deposit
    }

    /// A confirmed deposit: it stays, and every difference is flagged.
    fn contradicted(&mut self, before: &Deposit, arrival: &ListedDeposit) -> Deposit {
        let read = figure(arrival.amount, &arrival.currency);
        if before.currency != arrival.currency {
            self.flag(&before.id, FlagKind::CurrencyChanged, before.figure(), read);
        } else if before.amount != arrival.amount {
            self.flag(&before.id, FlagKind::AmountChanged, before.figure(), read);
        }
        if let Some(state) = arrival
            .state
            .filter(|state| *state != DepositState::Confirmed)
        {
            let (known, read) = (before.state.to_string(), state.to_string());
            self.flag(&before.id, FlagKind::MovedBack, known, read);
        }
        if let (Some(known), Some(read)) = (&before.transaction, &arrival.transaction)
            && !known.eq_ignore_ascii_case(read)
        {
            let kind = FlagKind::TransactionChanged;
            self.flag(&before.id, kind, known.clone(), read.clone());
        }
        Deposit {
            transaction: before
                .transaction
                .clone()
                .or_else(|| arrival.transaction.clone()),
            sender: before.sender.clone().or_else(|| arrival.sender.clone()),
            missing_since: None,
            ..before.clone()
        }
    }

    /// Keeps from counting what cannot exist, or is in a currency the address does not take.
    fn hold_back(&mut self, deposit: &mut Deposit, arrival: &ListedDeposit) {
        let words = deposit.figure();
        let expected = arrival
            .expected
            .filter(|expected| !deposit.currency.is(expected));
        if let Some(expected) = expected {
            let known = expected.code.to_owned();
            self.flag(&deposit.id, FlagKind::CurrencyChanged, known, words.clone());
        }
        let possible = is_possible(deposit.amount, &deposit.currency);
        if !possible {
            self.flag(
                &deposit.id,
                FlagKind::AmountImpossible,
                String::new(),
                words,
            );
        }
        let is_elsewhere = self.known.is_elsewhere(deposit);
        if is_elsewhere {
            let words = deposit.figure();
            self.flag(&deposit.id, FlagKind::ListedElsewhere, String::new(), words);
        }
        if (expected.is_some() || !possible || is_elsewhere)
            && deposit.state != DepositState::Declined
        {
            deposit.state = DepositState::Reviewing;
        }
    }

    /// The list has a deposit once more. What differs is flagged; of two amounts that are both new, the lesser one counts.
    fn repeat(&mut self, place: usize, arrival: &ListedDeposit) {
        let first = self.after[place].clone();
        if first.amount == arrival.amount && first.currency == arrival.currency {
            return;
        }
        let read = figure(arrival.amount, &arrival.currency);
        self.flag(&first.id, FlagKind::IdReused, first.figure(), read);
        let is_new = !self.before.contains_key(first.id.as_str());
        if is_new && first.currency == arrival.currency && !arrival.amount.is_zero() {
            let lesser = first.amount.min(arrival.amount);
            if first.counts()
                && let Some(sum) = self.sums.get_mut(&first.currency)
            {
                *sum = sum
                    .checked_sub(first.amount)
                    .and_then(|rest| rest.checked_add(lesser))
                    .unwrap_or(*sum);
            }
            self.after[place].amount = lesser;
        }
    }

    /// Adds a deposit to the sum of its currency. `false` when the sum would be no amount any more.
    fn count(&mut self, deposit: &Deposit) -> bool {
        let sum = self
            .sums
            .entry(deposit.currency.clone())
            .or_insert(Amount::ZERO);
        match sum.checked_add(deposit.amount) {
            Ok(more) => {
                *sum = more.normalized();
                true
            }
            Err(_) => false,
        }
    }

    /// Notes what a whole list does not have.
    fn miss_the_rest(&mut self) {
        let mut missing: Vec<&Deposit> = self.before.values().copied().collect();
        missing.retain(|deposit| !self.seen.contains(&deposit.id));
        missing.sort_by(|a, b| a.id.cmp(&b.id));
        for deposit in missing {
            if deposit.missing_since.is_none() {
                if deposit.state != DepositState::Detected {
                    let known = deposit.figure();
                    self.flag(&deposit.id, FlagKind::Missing, known, String::new());
                }
                self.after.push(Deposit {
                    missing_since: Some(self.now),
                    ..deposit.clone()
                });
            }
        }
    }

    fn flag(&mut self, deposit: &str, kind: FlagKind, known: String, read: String) {
        let is_same =
            |flag: &&Flag| flag.deposit == deposit && flag.kind == kind && flag.read == read;
        let all = || self.known.flags.iter().chain(&self.flags);
        if all().count() >= MOST_FLAGS || all().any(|flag| is_same(&flag)) {
            return;
        }
        self.flags.push(Flag {
            paid_to: self.paid_to,
            deposit: deposit.to_owned(),
            kind,
            known,
            read,
            at: self.now,
        });
    }

    fn changes(self) -> DepositChanges {
        let Self {
            before,
            after,
            flags,
            ..
        } = self;
        let is_news = |deposit: &Deposit| before.get(deposit.id.as_str()).copied() != Some(deposit);
        DepositChanges {
            put: after.into_iter().filter(is_news).collect(),
            flags,
        }
    }
}

fn described(deposit: &Deposit) -> String {
    let transaction = deposit.transaction.as_deref().unwrap_or("no transaction");
    format!("{} by {transaction}", deposit.figure())
}

fn description(arrival: &ListedDeposit) -> String {
    let transaction = arrival.transaction.as_deref().unwrap_or("no transaction");
    format!(
        "{} by {transaction}",
        figure(arrival.amount, &arrival.currency)
    )
}

#[cfg(test)]
mod tests;
