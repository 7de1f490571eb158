//! What changes of deposits say.

use checkout::wire::ChangeKind;

use super::{Cause, Entry};
use crate::checkouts::deposit::{Deposit, Flag, Known};
use crate::reading::merge::DepositChanges;
use crate::reading::paid_to::PaidTo;

/// What a list has changed of what was known: one entry for each deposit and each contradiction.
pub(crate) fn changed(
    paid_to: PaidTo,
    known: &Known,
    changes: &DepositChanges,
    cause: Cause,
) -> Vec<Entry> {
    let before = |id: &str| known.deposits.iter().find(|deposit| deposit.id == id);
    let deposits = changes.put.iter().map(|deposit| {
        let entry = told(before(&deposit.id), deposit);
        about(paid_to, &deposit.id, cause, entry)
    });
    let flags = changes.flags.iter().map(|flag| {
        let entry = (ChangeKind::Flag, known_by(flag), Some(read_by(flag)));
        about(paid_to, &flag.deposit, cause, entry)
    });
    deposits.chain(flags).collect()
}

type Told = (ChangeKind, Option<String>, Option<String>);

fn about(paid_to: PaidTo, deposit: &str, cause: Cause, (kind, was, became): Told) -> Entry {
    let invoice = match paid_to {
        PaidTo::Invoice { key, .. } => Some(key),
        PaidTo::Customer(_) => None,
    };
    Entry {
        invoice,
        deposit: Some(deposit.to_owned()),
        ..Entry::new(paid_to.into(), cause, kind).told(was, became)
    }
}

fn told(before: Option<&Deposit>, after: &Deposit) -> Told {
    let was = before.map(words);
    let became = Some(words(after));
    let kind = match before {
        // What was counted once is the figure of the entry, so that it can be added up.
        _ if after.counts() && !before.is_some_and(Deposit::counts) => {
            return (ChangeKind::DepositConfirmed, was, Some(after.figure()));
        }
        None => ChangeKind::DepositSeen,
        Some(before) if before.missing_since.is_none() && after.missing_since.is_some() => {
            return (ChangeKind::DepositMissing, was, None);
        }
        Some(before) if before.missing_since.is_some() && after.missing_since.is_none() => {
            return (ChangeKind::DepositFound, None, became);
        }
        Some(_) => ChangeKind::DepositChanged,
    };
    (kind, was, became)
}

/// Everything that a list may change of a deposit.
fn words(deposit: &Deposit) -> String {
    let mut words = format!("{} {}", deposit.state, deposit.figure());
    for (name, text) in [("by", &deposit.transaction), ("from", &deposit.sender)] {
        if let Some(text) = text {
            words.push_str(&format!(" {name} {text}"));
        }
    }
    words
}

fn known_by(flag: &Flag) -> Option<String> {
    Some(flag.known.clone()).filter(|known| !known.is_empty())
}

fn read_by(flag: &Flag) -> String {
    if flag.read.is_empty() {
        flag.kind.to_string()
    } else {
        format!("{}: {}", flag.kind, flag.read)
    }
}

#[cfg(test)]
mod tests {
    use checkout::wire::{ChangeKind, DepositState};
    use uuid::Uuid;

    use super::{changed, told};
    use crate::checkouts::deposit::{Deposit, Known};
    use crate::checkouts::tests::{NOW, amount};
    use crate::gateway::source::Source;
    use crate::reading::deposit_reading::PaidTo;
    use crate::reading::history::{Cause, Subject};
    use crate::reading::merge::DepositChanges;

    fn deposit(state: DepositState, sum: &str) -> Deposit {
        Deposit {
            paid_to: Uuid::nil(),
            id: "a".to_owned(),
            currency: "USDT".to_owned().into(),
            amount: amount(sum),
            state,
            transaction: None,
            sender: None,
            at: NOW,
            missing_since: None,
        }
    }

    #[test]
    fn a_deposit_is_told_to_count_once_and_what_it_counts_for() {
        let seen = deposit(DepositState::Detected, "5");
        let counted = deposit(DepositState::Confirmed, "5.5");
        let gone = Deposit {
            missing_since: Some(NOW),
            ..counted.clone()
        };
        let signed = Deposit {
            transaction: Some("0xab".to_owned()),
            ..counted.clone()
        };
        let text = |text: &str| Some(text.to_owned());
        for (before, after, expected) in [
            (
                None,
                &seen,
                (ChangeKind::DepositSeen, None, text("detected 5 USDT")),
            ),
            (
                None,
                &counted,
                (ChangeKind::DepositConfirmed, None, text("5.5 USDT")),
            ),
            (
                Some(&seen),
                &counted,
                (
                    ChangeKind::DepositConfirmed,
                    text("detected 5 USDT"),
                    text("5.5 USDT"),
                ),
            ),
            (
                Some(&counted),
                &gone,
                (ChangeKind::DepositMissing, text("confirmed 5.5 USDT"), None),
            ),
            (
                Some(&gone),
                &counted,
                (ChangeKind::DepositFound, None, text("confirmed 5.5 USDT")),
            ),
            (
                Some(&counted),
                &signed,
                (
                    ChangeKind::DepositChanged,
                    text("confirmed 5.5 USDT"),
                    text("confirmed 5.5 USDT by 0xab"),
                ),
            ),
        ] {
            assert_eq!(told(before, after), expected);
        }
    }

    #[test]
    fn entries_belong_to_what_was_paid() {
        let cause = Cause {
            source: Source::Poll,
            at: NOW,
        };
        let changes = DepositChanges {
            put: vec![deposit(DepositState::Confirmed, "5")],
            ..DepositChanges::default()
        };
        let customer = Uuid::from_u128(7);
        let told = changed(
            PaidTo::Customer(customer),
            &Known::default(),
            &changes,
            cause,
        );
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].subject, Subject::Customer(customer));
        assert_eq!(
            (told[0].invoice, told[0].deposit.as_deref()),
            (None, Some("a"))
        );
    }
}
