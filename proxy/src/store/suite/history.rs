//! The history: each change is told once, with its source, in the order in which it was made.

use std::collections::HashSet;

use checkout::wire::ChangeKind;
use checkout::{Address, Timestamp};

use super::Empty;
use super::samples::{
    DAY, address, asked, asked_again, caused, confirmed, currency, customer, finish, listed, read,
    to,
};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::Purse;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::checkouts::unsound::Unsound;
use crate::gateway::source::Source;
use crate::reading::deposit_reading::PaidTo;
use crate::reading::events::tests::teller;
use crate::reading::history::{Recorded, Subject};
use crate::store::database::Database;
use crate::store::outcome::{Finished, KeptPurse};

/// Entries by source and kind.
fn told(recorded: &[Recorded]) -> Vec<String> {
    let words = recorded.iter().map(|recorded| {
        let entry = &recorded.entry;
        format!("{} {}", entry.cause.source, entry.kind)
    });
    words.collect()
}

async fn all(database: &dyn Database) -> Vec<Recorded> {
    database.history(0, 1000).await.unwrap()
}

/// What was told since there were so many entries.
async fn since(database: &dyn Database, count: usize) -> Vec<String> {
    told(&all(database).await[count..])
}

fn purse(name: &str, at: Timestamp) -> Purse {
    let currency = currency("TRX");
    Purse {
        customer: customer(name),
        gateway_id: format!("gateway-{name}"),
        currency,
        address: Address::parse(currency.network, "TMdXdBXTZNmGeLSVPCoBZQk3htdJVYyUVs").unwrap(),
        confirmed_at: at,
    }
}

pub(in crate::store) async fn every_change_that_somebody_is_shown_has_an_entry(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, first) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    let page = Checkout {
        product: Some("demo-order".to_owned()),
        ..sample::payment()
    };
    database.add_checkout(page).await.unwrap();
    assert_eq!(
        told(&all(&*database).await),
        ["merchant created", "page created"]
    );
    let mut second = asked_again(&*database, &checkout, "USDC", 2).await;
    second.address = address(2);
    let alarm = Alarm::new(first.key, &Unsound::NoId, NOW);
    let made = database.finish_attempt(first.clone(), vec![alarm], caused(NOW), teller());
    assert_eq!(made.await.unwrap(), Finished::Kept);
    assert_eq!(finish(&*database, &second, NOW).await, Finished::Kept);
    assert_eq!(
        since(&*database, 2).await,
        [
            "watcher invoice_made",
            "watcher alarm",
            "watcher invoice_made"
        ]
    );
    let chosen = database.choose_invoice(first.key, caused(NOW)).await;
    assert!(chosen.unwrap());
    let moved = database.take_in(read(&first, "MEM_POOL_FOUND", "0")).await;
    assert!(moved.unwrap().is_some());
    assert_eq!(
        since(&*database, 5).await,
        ["watcher chosen", "watcher phase", "watcher status"]
    );
    let list = listed(to(&first), &[confirmed("a", "1", NOW)]);
    database.take_in_deposits(list).await.unwrap();
    let list = listed(to(&first), &[confirmed("a", "2", NOW)]);
    database.take_in_deposits(list).await.unwrap();
    let alarm = Alarm::new(second.key, &Unsound::NoId, NOW);
    let raised = database.raise(checkout.id, alarm, Source::Poll).await;
    assert!(raised.unwrap());
    assert_eq!(
        since(&*database, 8).await,
        ["watcher deposit_confirmed", "watcher flag", "poll alarm"]
    );
    let deposit = sample::deposit();
    database.add_checkout(deposit.clone()).await.unwrap();
    let who = customer("user-7");
    database.start_customer(who.clone(), NOW).await.unwrap();
    let made = database.finish_customer(who, "gateway-user-7".to_owned());
    made.await.unwrap();
    let kept = database
        .keep_purse(purse("user-7", NOW), Source::Page)
        .await;
    assert_eq!(kept.unwrap(), KeptPurse::Kept);
    let trx = currency("TRX");
    let chosen = database.choose_purse(deposit.id, trx, caused(NOW)).await;
    assert!(chosen.unwrap());
    let later = purse("user-7", NOW.plus_seconds(DAY));
    let kept = database.keep_purse(later, Source::Poll).await;
    assert_eq!(kept.unwrap(), KeptPurse::Kept);
    assert_eq!(
        since(&*database, 11).await,
        [
            "merchant created",
            "page address_named",
            "watcher chosen",
            "poll address_confirmed"
        ]
    );
    // Each says what it is about, and what changed.
    let entries = all(&*database).await;
    let chosen = &entries[5].entry;
    assert_eq!(chosen.subject, Subject::Checkout(checkout.id));
    assert_eq!(chosen.invoice, Some(first.key));
    let words = (chosen.was.as_deref(), chosen.became.as_deref());
    assert_eq!(words, (Some("USDC"), Some("USDT")));
    let counted = &entries[8].entry;
    assert_eq!(
        (counted.invoice, counted.deposit.as_deref()),
        (Some(first.key), Some("a"))
    );
    assert_eq!(counted.became.as_deref(), Some("1 USDT"));
    assert_eq!(counted.cause, caused(NOW));
}

pub(in crate::store) async fn what_changes_nothing_has_no_entry(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let (checkout, invoice) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    let reading = read(&invoice, "MEM_POOL_FOUND", "0");
    let list = listed(to(&invoice), &[confirmed("a", "1", NOW)]);
    let alarm = Alarm::new(invoice.key, &Unsound::NoId, NOW);
    let mut counts = Vec::new();
    for _ in 0..2 {
        assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
        let chosen = database.choose_invoice(invoice.key, caused(NOW)).await;
        assert!(!chosen.unwrap(), "it is the one shown");
        database.take_in(reading.clone()).await.unwrap();
        database.take_in_deposits(list.clone()).await.unwrap();
        let raised = database.raise(checkout.id, alarm.clone(), Source::Poll);
        raised.await.unwrap();
        counts.push(all(&*database).await.len());
    }
    assert_eq!(counts, [6, 6]);
    let paid = database.take_in(read(&invoice, "PAID", "0")).await.unwrap();
    assert!(paid.is_some(), "an alarm is a change");
    let before = all(&*database).await.len();
    let refused = database.add_checkout(checkout).await;
    assert!(refused.is_err());
    assert_eq!(all(&*database).await.len(), before);
}

pub(in crate::store) async fn entries_of_several_subjects_come_in_one_order_page_by_page(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let deposit = sample::deposit();
    database.add_checkout(deposit.clone()).await.unwrap();
    let other = sample::payment();
    database.add_checkout(other.clone()).await.unwrap();
    let customer = key::customer(&customer("user-7"));
    let ids = ["a", "b", "c", "d"];
    for count in 1..=ids.len() {
        let deposits: Vec<_> = ids[..count]
            .iter()
            .map(|id| confirmed(id, "1", NOW))
            .collect();
        let list = listed(PaidTo::Customer(customer), &deposits);
        database.take_in_deposits(list).await.unwrap();
    }
    let subjects = [Subject::Customer(customer), Subject::Checkout(deposit.id)];
    let mut seen = Vec::new();
    let mut after = 0;
    loop {
        let page = database.history_of(subjects.to_vec(), after, 2).await;
        let page = page.unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = last.seq;
        seen.extend(page);
    }
    let order: Vec<_> = seen
        .iter()
        .map(|one| one.entry.deposit.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(order, ["", "a", "b", "c", "d"]);
    assert!(seen.is_sorted_by_key(|one| one.seq));
    let others = database.history_of(vec![Subject::Checkout(other.id)], 0, 9);
    assert_eq!(told(&others.await.unwrap()), ["merchant created"]);
    let nobodys = database.history_of(vec![], 0, 9).await.unwrap();
    assert_eq!(nobodys, []);
}

pub(in crate::store) async fn a_history_goes_with_its_checkout_and_with_nothing_else(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let page = |days: i64| Checkout {
        product: Some("demo-order".to_owned()),
        expires_at: NOW.plus_seconds(days * DAY),
        ..sample::payment()
    };
    let (old, open) = (page(-9), page(9));
    for checkout in [&old, &open] {
        database.add_checkout(checkout.clone()).await.unwrap();
    }
    let forgotten = database.forget_unpaid(NOW.plus_seconds(-DAY), NOW.plus_seconds(-DAY));
    assert_eq!(forgotten.await.unwrap(), 1);
    let left = all(&*database).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].entry.subject, Subject::Checkout(open.id));
    // The number is not used again: whoever follows by numbers would miss the next change.
    let last = left[0].seq;
    let made = database.make_room(ShopId::default(), NOW, 0).await;
    assert_eq!(made.unwrap(), 1);
    assert_eq!(all(&*database).await, []);
    database.add_checkout(sample::payment()).await.unwrap();
    assert!(all(&*database).await[0].seq > last);
}

pub(in crate::store) async fn of_writers_at_once_each_entry_has_a_number_of_its_own(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let writing = (0..50).map(|_| {
        let database = database.shared();
        tokio::spawn(async move { database.add_checkout(sample::payment()).await })
    });
    for written in writing.collect::<Vec<_>>() {
        written.await.unwrap().unwrap();
    }
    let entries = all(&*database).await;
    let numbers: HashSet<i64> = entries.iter().map(|one| one.seq).collect();
    assert_eq!((entries.len(), numbers.len()), (50, 50));
    assert!(
        entries
            .iter()
            .all(|one| one.entry.kind == ChangeKind::Created)
    );
}
