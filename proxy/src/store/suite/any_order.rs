//! Whatever lists come, in whatever order: each shop has credited what was sent to it, each deposit once.
//!
//! `CALYPSO_TRIAL_COUNT` and `CALYPSO_TRIAL_SEED` in the environment say how many rounds and which; `cargo xtask trial any-order` sets them.

use std::collections::BTreeMap;

use checkout::Amount;
use checkout::wire::DepositState;

use super::Empty;
use super::rolls::Rolls;
use super::samples::{DAY, address, asked, confirmed, finish, listed, to};
use crate::checkouts::customer::CustomerId;
use crate::checkouts::key;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::deposits::ListedDeposit;
use crate::reading::ledger::audit::Audit;
use crate::store::database::Database;
use crate::store::outcome::Finished;

/// Rounds of a test run, lists of a round, and deposits to each receiver.
const ROUNDS: u64 = 6;
const LISTS: usize = 40;
const DEPOSITS: usize = 6;

/// An address, and what was sent to it: the same ids in each shop.
struct Receiver {
    shop: ShopId,
    paid_to: PaidTo,
    sent: Vec<ListedDeposit>,
    /// Which of these a list has told to have arrived.
    arrived: Vec<bool>,
}

/// A payment's address, a top-up's and a customer's in each of two shops.
async fn receivers(database: &dyn Database, round: u64) -> Vec<Receiver> {
    let mut all = Vec::new();
    for shop in ["default", "garden"].map(|name| ShopId::parse(name).unwrap()) {
        let number = u128::from(round) * 100;
        let customer = CustomerId::parse(shop.clone(), format!("user-{round}")).unwrap();
        let mut addresses = vec![PaidTo::Customer(key::customer(&customer))];
        for (place, mut checkout) in (1..).zip([sample::payment_closing_in(DAY), sample::topup()]) {
            checkout.shop = shop.clone();
            let own = number + place + if shop.as_str() == "garden" { 50 } else { 0 };
            let (_, mut invoice) = asked(database, checkout, own).await;
            invoice.address = address(own);
            assert_eq!(finish(database, &invoice, NOW).await, Finished::Kept);
            addresses.push(to(&invoice));
        }
        for (place, paid_to) in addresses.into_iter().enumerate() {
            let sent = (0..DEPOSITS).map(|number| {
                let id = format!("{round}-{place}-{number}");
                let sum = format!("{}.{}", 1 + number, 1 + place);
                let hash = (number % 2 == 0).then(|| format!("0x{id}"));
                ListedDeposit {
                    transaction: hash,
                    ..confirmed(&id, &sum, NOW)
                }
            });
            all.push(Receiver {
                shop: shop.clone(),
                paid_to,
                sent: sent.collect(),
                arrived: vec![false; DEPOSITS],
            });
        }
    }
    all
}

/// A list of a receiver's: some of what was sent to it, in any order, some of it twice or on its way, and of what has arrived before something else.
fn any_list(rolls: &mut Rolls, receiver: &mut Receiver) -> Vec<ListedDeposit> {
    let mut list = Vec::new();
    for _ in 0..=rolls.below(DEPOSITS) {
        let place = rolls.below(DEPOSITS);
        let mut entry = receiver.sent[place].clone();
        if list.iter().any(|one: &ListedDeposit| one.id == entry.id) {
            // Twice in one list, and the second time as it was the first.
            let first = list.iter().find(|one| one.id == entry.id);
            entry = first.unwrap().clone();
        } else if receiver.arrived[place] {
            match rolls.below(6) {
                0 => entry.amount = amount("999"),
                1 => entry.state = Some(DepositState::Declined),
                2 => entry.currency = "BTC".to_owned().into(),
                3 => entry.state = None,
                _ => {}
            }
        } else {
            let states = [DepositState::Detected, DepositState::Reviewing];
            match rolls.below(4) {
                state @ 0..=1 => entry.state = Some(states[state]),
                _ => receiver.arrived[place] = true,
            }
        }
        let at = rolls.below(list.len() + 1);
        list.insert(at, entry);
    }
    list
}

async fn play(database: &dyn Database, seed: u64, round: u64) {
    let mut rolls = Rolls::new(seed, round);
    let mut all = receivers(database, round).await;
    for _ in 0..LISTS {
        let place = rolls.below(all.len());
        let mut list = any_list(&mut rolls, &mut all[place]);
        let (shop, paid_to) = (all[place].shop.clone(), all[place].paid_to);
        // What counts for another address of the shop is listed for this one as well.
        let other = rolls.below(all.len());
        let (one, number) = (&all[other], rolls.below(DEPOSITS));
        if one.paid_to != paid_to && one.shop == shop && one.arrived[number] {
            list.push(one.sent[number].clone());
        }
        let mut reading = DepositReading {
            shop,
            ..listed(paid_to, &list)
        };
        reading.listed.is_whole = rolls.below(2) == 0;
        let again = reading.clone();
        if rolls.below(4) == 0 {
            let both = (
                database.take_in_deposits(reading),
                database.take_in_deposits(again),
            );
            let (one, two) = tokio::join!(both.0, both.1);
            one.and(two).unwrap();
        } else {
            database.take_in_deposits(reading).await.unwrap();
        }
    }
    for receiver in &all {
        let rows = database
            .ledger_of(vec![receiver.paid_to.key()])
            .await
            .unwrap();
        let counted = rows.iter().filter_map(|row| {
            assert_eq!(row.shop, receiver.shop);
            Some((row.deposit.clone(), row.counted()?.received))
        });
        let counted: BTreeMap<String, Amount> = counted.collect();
        let arrived = receiver.sent.iter().zip(&receiver.arrived);
        let arrived = arrived.filter(|(_, arrived)| **arrived);
        let arrived: BTreeMap<String, Amount> = arrived
            .map(|(sent, _)| (sent.id.clone(), sent.amount))
            .collect();
        assert_eq!(counted, arrived, "seed {seed}, round {round}");
    }
}

pub(in crate::store) async fn each_shop_has_credited_what_was_sent_to_it(
    empty: impl AsyncFn() -> Empty,
) {
    let number = |name: &str, usual| {
        std::env::var(name).map_or(usual, |text| text.parse::<u64>().expect("a number"))
    };
    let rounds = number("CALYPSO_TRIAL_COUNT", ROUNDS);
    let seed = number("CALYPSO_TRIAL_SEED", 7);
    println!("cargo xtask trial any-order --seed {seed} --count {rounds}");
    let database = empty().await;
    for round in 0..rounds {
        play(&*database, seed, round).await;
    }
    // All of it together: no id twice in a shop, nothing said of what was never counted.
    let (mut audit, mut last) = (Audit::default(), 0);
    loop {
        let page = database.ledger(last, 500).await.unwrap();
        let Some((seq, _)) = page.last() else { break };
        last = *seq;
        for (seq, row) in &page {
            audit.note(*seq, row);
        }
    }
    assert_eq!(audit.faults(), []);
    let deposits: u64 = audit.sums().values().map(|(deposits, _)| deposits).sum();
    println!(
        "{rounds} rounds of {LISTS} lists: {deposits} deposits of two shops, each credited once"
    );
    assert!(deposits > 6 * rounds, "the run has shown too little");
}
