//! Deposits: each is kept once, and what is odd about them is kept beside them.

use checkout::Timestamp;
use checkout::wire::{DepositState, FlagKind};
use uuid::Uuid;

use super::Empty;
use super::samples::{DAY, address, asked, asked_again, confirmed, customer, finish, listed, to};
use crate::checkouts::key;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::reading::deposit_reading::PaidTo;
use crate::reading::deposits::{ListedDeposit, UnreadableEntry};
use crate::reading::merge::DepositChanges;
use crate::store::outcome::Finished;

fn user(name: &str) -> PaidTo {
    PaidTo::Customer(key::customer(&customer(name)))
}

fn at(second: i64) -> Timestamp {
    NOW.plus_seconds(second)
}

pub(in crate::store) async fn a_list_counts_once_and_what_was_certain_stays(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let to = user("user-7");
    let seen = ListedDeposit {
        transaction: Some("0xab".to_owned()),
        sender: Some("0xcd".to_owned()),
        state: Some(DepositState::Detected),
        ..confirmed("b", "2", at(-5))
    };
    let list = listed(to, &[confirmed("a", "5.0", at(-9)), seen.clone()]);
    let changes = database.take_in_deposits(list.clone()).await.unwrap();
    assert_eq!(changes.put.len(), 2);
    let again = database.take_in_deposits(list).await.unwrap();
    assert_eq!(again, DepositChanges::default());
    let stored = database.deposits(vec![to.key()]).await.unwrap();
    assert_eq!(stored.deposits, changes.put);
    assert_eq!(stored.flags, []);
    // A deposit that moves on keeps its place in time; one that was confirmed keeps what it was.
    let arrived = ListedDeposit {
        state: Some(DepositState::Confirmed),
        at: Some(at(-1)),
        ..seen
    };
    let mut next = listed(to, &[confirmed("a", "4", at(-9)), arrived]);
    next.listed.unreadable.push(UnreadableEntry {
        name: "c".to_owned(),
        has_id: true,
        says: "no amount".to_owned(),
    });
    let changes = database.take_in_deposits(next.clone()).await.unwrap();
    assert_eq!(changes.put.len(), 1);
    let stored = database.deposits(vec![to.key()]).await.unwrap();
    let kept: Vec<_> = stored
        .deposits
        .iter()
        .map(|one| (one.id.as_str(), one.amount, one.state, one.at))
        .collect();
    let expected = [
        ("a", amount("5"), DepositState::Confirmed, at(-9)),
        ("b", amount("2"), DepositState::Confirmed, at(-5)),
    ];
    assert_eq!(kept, expected);
    assert_eq!(stored.deposits[1].transaction.as_deref(), Some("0xab"));
    assert_eq!(stored.deposits[1].sender.as_deref(), Some("0xcd"));
    let mut flags = stored.flags.clone();
    flags.sort_by_key(|flag| flag.deposit.clone());
    let kinds: Vec<_> = flags.iter().map(|flag| flag.kind).collect();
    assert_eq!(kinds, [FlagKind::AmountChanged, FlagKind::Unreadable]);
    let mut told = changes.flags;
    told.sort_by_key(|flag| flag.deposit.clone());
    assert_eq!(flags, told);
    let again = database.take_in_deposits(next).await.unwrap();
    assert_eq!(again, DepositChanges::default());
    // A list that has it no more says so once.
    let gone = listed(to, &[confirmed("a", "5", at(-9))]);
    let changes = database.take_in_deposits(gone.clone()).await.unwrap();
    assert_eq!(changes.put.len(), 1);
    let stored = database.deposits(vec![to.key()]).await.unwrap();
    assert_eq!(stored.deposits[1].missing_since, Some(NOW));
    let again = database.take_in_deposits(gone).await.unwrap();
    assert_eq!(again, DepositChanges::default());
}

pub(in crate::store) async fn deposits_are_listed_the_oldest_first_for_all_they_were_paid_to(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (one, other) = (user("one"), user("other"));
    let lists = [
        listed(
            one,
            &[confirmed("c", "1", at(3)), confirmed("a", "1", at(1))],
        ),
        listed(
            other,
            &[confirmed("b", "1", at(2)), confirmed("c", "1", at(0))],
        ),
    ];
    for list in lists {
        database.take_in_deposits(list).await.unwrap();
    }
    let ids = async |paid_to: Vec<Uuid>| {
        let known = database.deposits(paid_to).await.unwrap();
        let ids = known.deposits.iter().map(|one| one.id.clone());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(ids(vec![one.key()]).await, ["a", "c"]);
    assert_eq!(
        ids(vec![one.key(), other.key()]).await,
        ["c", "a", "b", "c"]
    );
    assert_eq!(ids(vec![Uuid::nil()]).await, [""; 0]);
    assert_eq!(ids(vec![]).await, [""; 0]);
}

pub(in crate::store) async fn a_snapshot_has_the_deposits_of_its_invoices_or_of_its_customer(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (payment, first) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    let mut second = asked_again(&*database, &payment, "USDC", 2).await;
    second.address = address(2);
    for invoice in [&first, &second] {
        assert_eq!(finish(&*database, invoice, NOW).await, Finished::Kept);
    }
    let deposit = sample::deposit();
    database.add_checkout(deposit.clone()).await.unwrap();
    let lists = [
        listed(to(&first), &[confirmed("b", "1", at(2))]),
        listed(
            to(&second),
            &[confirmed("a", "1", at(3)), confirmed("c", "1", at(1))],
        ),
        listed(user("user-7"), &[confirmed("d", "1", at(1))]),
        listed(user("user-8"), &[confirmed("e", "1", at(1))]),
    ];
    for list in lists {
        database.take_in_deposits(list).await.unwrap();
    }
    for (checkout, expected) in [(payment, vec!["c", "b", "a"]), (deposit, vec!["d"])] {
        let read = database.snapshot(checkout.id).await.unwrap().unwrap();
        let ids: Vec<_> = read.deposits.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, expected);
    }
}

pub(in crate::store) async fn of_equal_lists_at_once_each_deposit_is_new_once(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let all: Vec<_> = (0..8)
        .map(|number| confirmed(&number.to_string(), "1", at(number)))
        .collect();
    let taken: Vec<_> = (0..16)
        .map(|_| {
            let (database, list) = (database.shared(), listed(user("user-7"), &all));
            tokio::spawn(async move { database.take_in_deposits(list).await })
        })
        .collect();
    let mut new = 0;
    for taken in taken {
        new += taken.await.unwrap().unwrap().put.len();
    }
    assert_eq!(new, all.len());
    let stored = database.deposits(vec![user("user-7").key()]).await.unwrap();
    assert_eq!(stored.deposits.len(), all.len());
}
