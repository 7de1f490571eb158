//! What the rows of deposits say, whatever order lists come in.

use checkout::wire::DepositState;
use checkout::{Amount, Phase, Timestamp};
use proptest::prelude::*;

use super::{Books, rows};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::deposit::{Deposit, Elsewhere, Known};
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::gateway::source::Source;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::deposits::{Listed, ListedDeposit};
use crate::reading::ledger::account::{Account, accounts};
use crate::reading::ledger::{Posting, Says};
use crate::reading::second::Second;

/// A checkout with two invoices over 10 USDT, and the ledger of the first.
struct Shelf {
    snapshot: Snapshot,
    known: Known,
    booked: Vec<Posting>,
}

fn listed(id: &str, sum: &str, seconds: i64) -> ListedDeposit {
    ListedDeposit {
        id: id.to_owned(),
        amount: amount(sum),
        currency: "USDT".to_owned().into(),
        expected: None,
        state: Some(DepositState::Confirmed),
        transaction: None,
        sender: None,
        at: Some(NOW.plus_seconds(seconds)),
    }
}

impl Shelf {
    fn of(checkout: Checkout) -> Self {
        let mut snapshot = Snapshot::new(checkout);
        for key in [1, 2] {
            let invoice = sample::invoice(&snapshot.checkout, key, Phase::Awaiting);
            snapshot.invoices.push(invoice);
        }
        Self {
            snapshot,
            known: Known::default(),
            booked: Vec::new(),
        }
    }

    fn payment() -> Self {
        Self::of(sample::payment())
    }

    /// Takes a list in, as a database does.
    fn take(&mut self, deposits: &[ListedDeposit]) {
        let invoice = &self.snapshot.invoices[0];
        let reading = DepositReading {
            shop: invoice.shop.clone(),
            paid_to: PaidTo::Invoice {
                key: invoice.key,
                checkout: invoice.checkout_id,
            },
            listed: Listed {
                deposits: deposits.to_vec(),
                unreadable: Vec::new(),
                is_whole: true,
            },
            customer: None,
            source: Source::Poll,
            teller: crate::reading::events::tests::teller(),
            at: NOW,
        };
        let changes = reading.decide(&self.known);
        let books = Books {
            known: &self.known,
            booked: &self.booked,
            checkout: Some(&self.snapshot),
        };
        let new = rows(&reading, &changes, &books);
        self.booked.extend(new);
        for put in changes.put {
            self.known.deposits.retain(|deposit| deposit.id != put.id);
            self.known.deposits.push(put);
        }
        self.known.flags.extend(changes.flags);
    }

    fn told<T>(&self, tell: impl Fn(&Account<'_>) -> T) -> Vec<T> {
        accounts(&self.booked).iter().map(tell).collect()
    }
}

fn text(amount: Option<Amount>) -> String {
    amount.map_or("-".to_owned(), |amount| amount.to_string())
}

#[test]
fn each_deposit_says_what_was_due_and_what_it_left() {
    let mut shelf = Shelf::payment();
    let all = [
        listed("a", "4", 1),
        listed("b", "5.95", 2),
        listed("c", "1.05", 3),
    ];
    for count in 1..=all.len() {
        shelf.take(&all[..count]);
    }
    let told = shelf.told(|account| {
        let counted = account.counted;
        [
            text(counted.asked),
            text(counted.expected),
            text(account.short()),
            text(account.excess()),
        ]
        .join(" ")
    });
    // 9.95 of 10 is enough, so the second one leaves nothing to be paid; the third finds five hundredths still due.
    assert_eq!(told, ["10 10 6 -", "10 6 - -", "10 0.05 - 1"]);
    let worth = shelf.told(|account| account.counted.at_sale.unwrap().amount.to_string());
    assert_eq!(worth, ["10.00", "14.87", "2.62"]);
    let second = shelf.told(|account| account.counted.second);
    assert_eq!(second, [None, None, Some(Second::Again)]);
}

#[test]
fn late_is_what_came_when_the_invoice_had_expired() {
    let mut shelf = Shelf::payment();
    shelf.take(&[listed("a", "1", 3599), listed("b", "1", 3600)]);
    let late = shelf.told(|account| account.counted.late);
    assert_eq!(late, [Some(false), Some(true)]);
}

#[test]
fn money_to_another_invoice_is_a_second_payment_of_its_kind() {
    for (phase, received, second) in [
        (Phase::Awaiting, "0", None),
        (Phase::Detected, "0", None),
        (Phase::Expired, "0", None),
        (Phase::Underpaid, "4", Some(Second::Part)),
        (Phase::Paid, "10", Some(Second::Elsewhere)),
        (Phase::Completed, "10", Some(Second::Elsewhere)),
    ] {
        let mut shelf = Shelf::payment();
        let other = &mut shelf.snapshot.invoices[1];
        (other.phase, other.received) = (phase, amount(received));
        shelf.take(&[listed("a", "10", 1)]);
        let told = shelf.told(|account| account.counted.second);
        assert_eq!(told, [second], "{phase}");
    }
}

#[test]
fn a_top_up_expects_nothing_and_nothing_of_it_is_second() {
    let mut shelf = Shelf::of(sample::topup());
    for invoice in &mut shelf.snapshot.invoices {
        invoice.amount = None;
    }
    shelf.take(&[listed("a", "5", 1), listed("b", "5", 2)]);
    let told = shelf.told(|account| {
        let counted = account.counted;
        let nothing = counted.asked.or(counted.expected).is_none() && counted.at_sale.is_none();
        (
            nothing,
            counted.second,
            account.short().or(account.excess()),
        )
    });
    assert_eq!(told, [(true, None, None); 2]);
}

#[test]
fn what_the_gateway_says_otherwise_is_a_row_of_its_own() {
    let mut shelf = Shelf::payment();
    shelf.take(&[listed("a", "10", 1)]);
    let first = shelf.booked.clone();
    shelf.take(&[listed("a", "9.95", 1)]);
    shelf.take(&[]);
    shelf.take(&[listed("a", "10", 1)]);
    assert_eq!(shelf.booked[..1], first);
    let told = shelf.told(|account| {
        let corrections = account.corrections.iter();
        let words = corrections.map(|one| {
            let says = one.says.clone();
            format!("{} {}", one.reason, says.unwrap_or_default())
        });
        words.collect::<Vec<_>>()
    });
    let corrections = ["amount_changed 9.95 USDT", "missing ", "found 10 USDT"];
    assert_eq!(told, [corrections]);
    assert_eq!(
        shelf.told(|account| account.counted.received),
        [amount("10")]
    );
}

#[test]
fn a_deposit_that_counts_for_another_address_does_not_count_here() {
    let hash = |digit: &str| Some(digit.repeat(64));
    for (other, own, counts) in [
        (None, None, false),
        (hash("a"), None, false),
        (None, hash("a"), false),
        (hash("a"), hash("A"), false),
        (hash("a"), hash("b"), true),
    ] {
        let mut shelf = Shelf::payment();
        shelf.known.elsewhere = vec![Elsewhere {
            id: "a".to_owned(),
            transaction: other.clone(),
        }];
        let deposit = ListedDeposit {
            transaction: own.clone(),
            ..listed("a", "10", 1)
        };
        shelf.take(&[deposit, listed("b", "1", 1)]);
        let key = shelf.snapshot.invoices[0].key;
        let ids = shelf.told(|account| account.counted.transaction_id.clone());
        if counts {
            assert_eq!(ids, [format!("a@{key}"), "b".to_owned()]);
        } else {
            assert_eq!(ids, ["b"], "{other:?} {own:?}");
            let held = shelf.known.deposits.iter().find(|one| one.id == "a");
            assert_eq!(held.unwrap().state, DepositState::Reviewing);
            assert_eq!(shelf.known.flags[0].kind.as_str(), "listed_elsewhere");
        }
    }
}

fn amounts() -> impl Strategy<Value = Vec<(u128, u8)>> {
    proptest::collection::vec((1..=1_000_000_000_000_000_u128, 0..=6_u8), 1..8)
}

proptest! {
    /// Lists that grow, in whatever order and however often each comes: the rows of deposits are the same, and their sum is exactly that of
    /// the deposits.
    #[test]
    fn lists_in_any_order_give_one_ledger(amounts in amounts(), order in proptest::collection::vec(0..8_usize, 1..16)) {
        let all: Vec<ListedDeposit> = amounts
            .iter()
            .enumerate()
            .map(|(index, (units, scale))| ListedDeposit {
                amount: Amount::from_units(*units, *scale).unwrap(),
                ..listed(&format!("d{index}"), "1", i64::try_from(index).unwrap())
            })
            .collect();
        let mut in_turn = Shelf::payment();
        for count in 1..=all.len() {
            in_turn.take(&all[..count]);
        }
        let mut shuffled = Shelf::payment();
        for count in order {
            let before = shuffled.booked.clone();
            shuffled.take(&all[..count.min(all.len())]);
            // Only ever added to.
            prop_assert_eq!(&shuffled.booked[..before.len()], &before[..]);
        }
        shuffled.take(&all);
        let figures = |shelf: &Shelf| shelf.told(|account| account.counted.clone());
        prop_assert_eq!(figures(&in_turn), figures(&shuffled));
        let sum = |amounts: Vec<Amount>| {
            let sum = amounts.into_iter().try_fold(Amount::ZERO, Amount::checked_add);
            sum.unwrap()
        };
        let booked = sum(shuffled.told(|account| account.counted.received));
        prop_assert_eq!(booked, sum(all.iter().map(|deposit| deposit.amount).collect()));
        let counted = shuffled.known.deposits.iter().filter(|deposit| deposit.counts());
        prop_assert_eq!(booked, sum(counted.map(|deposit| deposit.amount).collect()));
    }
}

#[test]
fn a_row_keeps_the_time_of_the_deposit_and_its_own() {
    let mut shelf = Shelf::payment();
    let deposit = Deposit::clone;
    shelf.take(&[listed("a", "1", -5)]);
    let kept = deposit(&shelf.known.deposits[0]);
    let row = &shelf.booked[0];
    let Says::Deposit(counted) = &row.says else {
        panic!("{row:?}");
    };
    let times: (Timestamp, Timestamp) = (counted.deposited_at, row.cause.at);
    assert_eq!(times, (kept.at, NOW));
}
