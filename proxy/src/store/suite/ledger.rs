//! The ledger: each deposit that counts has one row, whoever lists it and how often, and rows are only ever added.

use std::collections::{HashMap, HashSet};

use checkout::Amount;

use super::Empty;
use super::samples::{
    DAY, address, asked, asked_again, confirmed, currency, customer, finish, listed, read, to,
};
use crate::checkouts::customer::{CustomerId, Purse};
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::gateway::source::Source;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::deposits::ListedDeposit;
use crate::reading::ledger::account::accounts;
use crate::reading::ledger::{Posting, PostingKind};
use crate::reading::second::Second;
use crate::store::database::Database;
use crate::store::outcome::Finished;

async fn all(database: &dyn Database) -> Vec<Posting> {
    let mut all = Vec::new();
    let mut last = 0;
    loop {
        let page = database.ledger(last, 3).await.unwrap();
        let Some((seq, _)) = page.last() else {
            return all;
        };
        assert!(page.iter().all(|(seq, _)| *seq > last));
        last = *seq;
        all.extend(page.into_iter().map(|(_, posting)| posting));
    }
}

/// The deposits that are counted, with what was received.
fn counted(postings: &[Posting]) -> Vec<(String, String)> {
    let counted = postings.iter().filter_map(|posting| {
        let received = posting.counted()?.received.to_string();
        Some((posting.deposit.clone(), received))
    });
    counted.collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(id, sum): &(&str, &str)| ((*id).to_owned(), (*sum).to_owned());
    expected.iter().map(pair).collect()
}

fn user(name: &str) -> PaidTo {
    PaidTo::Customer(key::customer(&customer(name)))
}

pub(in crate::store) async fn each_deposit_that_counts_has_one_row(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let deposits = [confirmed("a", "5.00", NOW), confirmed("b", "7", NOW)];
    for count in [1, 2, 1, 2] {
        let list = listed(user("user-7"), &deposits[..count]);
        database.take_in_deposits(list).await.unwrap();
    }
    let rows = all(&*database).await;
    assert_eq!(counted(&rows), pairs(&[("a", "5.00"), ("b", "7")]));
    // The shorter list in between has one of them no more, and the longer one has it again.
    let kinds: Vec<_> = rows.iter().map(Posting::kind).collect();
    use PostingKind::{Correction, Deposit};
    assert_eq!(kinds, [Deposit, Deposit, Correction, Correction]);
    let of_user = database.ledger_of(vec![user("user-7").key()]).await;
    assert_eq!(of_user.unwrap(), rows);
    let of_nobody = database.ledger_of(vec![user("user-8").key()]).await;
    assert_eq!(of_nobody.unwrap(), []);
}

pub(in crate::store) async fn everything_a_row_says_is_read_back(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let (checkout, invoice) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    let deposit = ListedDeposit {
        transaction: Some("0xab".to_owned()),
        sender: Some("0xcd".to_owned()),
        ..confirmed("a", "10.00", NOW.plus_seconds(4000))
    };
    let list = listed(to(&invoice), &[deposit]);
    database.take_in_deposits(list).await.unwrap();
    let mut paid = read(&invoice, "COMPLETED", "10");
    paid.seen.fee = Some(amount("0.1"));
    paid.rate = Some(amount("2.60"));
    assert!(database.take_in(paid.clone()).await.unwrap().is_some());
    assert!(database.take_in(paid).await.unwrap().is_none());
    let rows = database.ledger_of(vec![invoice.key]).await.unwrap();
    let accounts = accounts(&rows);
    let [account] = &accounts[..] else {
        panic!("{rows:?}")
    };
    assert_eq!(account.first.checkout, Some(checkout.id));
    let counted = account.counted;
    assert_eq!(counted.received.to_string(), "10.00");
    assert_eq!(
        (counted.asked, counted.expected),
        (Some(amount("10")), Some(amount("10")))
    );
    assert_eq!((counted.late, counted.second), (Some(true), None));
    assert_eq!(
        (counted.sender.as_deref(), counted.transaction.as_deref()),
        (Some("0xcd"), Some("0xab"))
    );
    assert_eq!(counted.deposited_at, NOW.plus_seconds(4000));
    let worth = |value: Option<crate::reading::ledger::value::Value>| {
        let value = value.unwrap();
        format!("{} {} {}", value.currency, value.rate, value.amount)
    };
    assert_eq!(worth(counted.at_sale), "EUR 2.5 25.00");
    assert_eq!(
        (account.fee, account.credited),
        (Some(amount("0.1")), Some(amount("9.9")))
    );
    assert_eq!(account.credited_at, Some(NOW));
    assert_eq!(worth(account.at_credit), "EUR 2.60 25.74");
}

pub(in crate::store) async fn a_deposit_counts_for_one_address_of_a_shop(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let one = confirmed("a", "5", NOW);
    let lists =
        ["user-7", "user-8", "user-7"].map(|name| listed(user(name), std::slice::from_ref(&one)));
    for list in lists {
        database.take_in_deposits(list).await.unwrap();
    }
    assert_eq!(counted(&all(&*database).await), pairs(&[("a", "5")]));
    let other = database.deposits(vec![user("user-8").key()]).await.unwrap();
    assert!(other.deposits.iter().all(|deposit| !deposit.counts()));
    assert_eq!(other.flags.len(), 1);
    // Another shop has an account of its own, and another gateway may have told its ids.
    let shop = ShopId::parse("second").unwrap();
    let theirs = CustomerId::parse(shop.clone(), "user-7".to_owned()).unwrap();
    let list = DepositReading {
        shop: shop.clone(),
        ..listed(PaidTo::Customer(key::customer(&theirs)), &[one])
    };
    database.take_in_deposits(list).await.unwrap();
    let rows = all(&*database).await;
    assert_eq!(counted(&rows), pairs(&[("a", "5"), ("a", "5")]));
    assert_eq!(rows[1].shop, shop);
}

pub(in crate::store) async fn of_lists_at_once_each_deposit_is_counted_once(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let ids: Vec<String> = (0..10).map(|number| format!("d{number}")).collect();
    let deposits: Vec<_> = ids.iter().map(|id| confirmed(id, "0.1", NOW)).collect();
    let taking = (0..40_usize).map(|number| {
        let name = if number.is_multiple_of(2) {
            "user-7"
        } else {
            "user-8"
        };
        let mut list = listed(user(name), &deposits[..=number % 10]);
        list.listed.is_whole = false;
        let database = database.shared();
        tokio::spawn(async move { database.take_in_deposits(list).await })
    });
    for taken in taking.collect::<Vec<_>>() {
        taken.await.unwrap().unwrap();
    }
    let rows = all(&*database).await;
    let counted = counted(&rows);
    let distinct: HashSet<_> = counted.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!((counted.len(), distinct.len()), (10, 10));
    // What counts for the customers is what the ledger has counted for them.
    let mut sums: HashMap<uuid::Uuid, Amount> = HashMap::new();
    for row in &rows {
        let sum = sums.entry(row.paid_to).or_insert(Amount::ZERO);
        let received = row.counted().unwrap().received;
        *sum = sum.checked_add(received).unwrap();
    }
    for name in ["user-7", "user-8"] {
        let key = user(name).key();
        let known = database.deposits(vec![key]).await.unwrap();
        let total = crate::checkouts::deposit::total(&known.deposits).unwrap();
        assert_eq!(sums.get(&key).copied().unwrap_or(Amount::ZERO), total);
    }
}

pub(in crate::store) async fn money_that_a_checkout_had_no_use_for_says_so(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, first) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    let mut second = asked_again(&*database, &checkout, "USDC", 2).await;
    second.address = address(2);
    for invoice in [&first, &second] {
        assert_eq!(finish(&*database, invoice, NOW).await, Finished::Kept);
    }
    let to_first = |deposits: &[ListedDeposit]| listed(to(&first), deposits);
    let deposits = [confirmed("a", "10", NOW), confirmed("b", "10", NOW)];
    for count in 1..=2 {
        let list = to_first(&deposits[..count]);
        database.take_in_deposits(list).await.unwrap();
        let paid = database.take_in(read(&first, "PAID", "10")).await.unwrap();
        assert_eq!(paid.is_some(), count == 1);
    }
    let elsewhere = ListedDeposit {
        currency: "USDC".to_owned().into(),
        ..confirmed("c", "10", NOW)
    };
    let list = listed(to(&second), &[elsewhere]);
    database.take_in_deposits(list).await.unwrap();
    let rows = all(&*database).await;
    let second: Vec<_> = rows
        .iter()
        .filter_map(|row| row.counted())
        .map(|counted| counted.second)
        .collect();
    assert_eq!(second, [None, Some(Second::Again), Some(Second::Elsewhere)]);
}

pub(in crate::store) async fn what_is_to_be_compared_is_found_page_by_page(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let mut keys = Vec::new();
    for number in 1..=4 {
        let (_, mut invoice) = asked(&*database, sample::payment_closing_in(DAY), number).await;
        invoice.address = address(number);
        invoice.priced_at = NOW.plus_seconds(i64::try_from(number).unwrap());
        if number > 2 {
            invoice.received = amount("1");
        }
        assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
        keys.push(invoice.key);
    }
    let all_of = async |priced| {
        let mut found = Vec::new();
        let mut after = uuid::Uuid::nil();
        loop {
            let page = database.invoices_after(ShopId::default(), priced, after, 1);
            let page = page.await.unwrap();
            let Some(last) = page.last() else { break };
            assert!(last.key > after);
            after = last.key;
            found.push(after);
        }
        found
    };
    let in_order = |keys: &[uuid::Uuid]| {
        let mut keys = keys.to_vec();
        keys.sort();
        keys
    };
    assert_eq!(all_of(None).await, in_order(&keys[2..]));
    let priced = Some((NOW.plus_seconds(2), NOW.plus_seconds(4)));
    assert_eq!(all_of(priced).await, in_order(&keys[1..3]));
    let other = ShopId::parse("second").unwrap();
    let page = database.invoices_after(other.clone(), None, uuid::Uuid::nil(), 9);
    assert_eq!(page.await.unwrap().len(), 0);
    for name in ["b", "a", "never-shown", "c"] {
        let who = customer(name);
        database.start_customer(who.clone(), NOW).await.unwrap();
        let made = database.finish_customer(who.clone(), name.to_owned());
        made.await.unwrap();
        if name != "never-shown" {
            let purse = Purse {
                customer: who,
                gateway_id: name.to_owned(),
                currency: currency("ETH"),
                address: address(100 + u128::from(name.as_bytes()[0])),
                confirmed_at: NOW,
            };
            database.keep_purse(purse, Source::Poll).await.unwrap();
        }
    }
    let mut names = Vec::new();
    let mut after = None;
    loop {
        let page = database.customers_after(ShopId::default(), after.clone(), 2);
        let page = page.await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.customer.clone());
        names.extend(page.iter().map(|one| one.customer.as_str().to_owned()));
    }
    assert_eq!(names, ["a", "b", "c"]);
    let page = database.customers_after(other, None, 9).await.unwrap();
    assert_eq!(page.len(), 0);
}
