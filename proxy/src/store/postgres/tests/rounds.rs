//! How often a transaction waits for an answer. Each time costs the way to the database and back, whatever is asked.

use std::time::Duration;

use super::made;
use super::relay::Relay;
use crate::checkouts::tests::{self as sample, NOW};
use crate::store::database::{Attempts, Checkouts, Deposits, Invoices};
use crate::store::outcome::Finished;
use crate::store::postgres::Postgres;
use crate::store::suite::samples::{address, asked, confirmed, finish, listed, read, to};

/// Longer than this process needs to send what it does not wait for.
const FAR: Duration = Duration::from_millis(30);

#[tokio::test]
async fn what_a_buyer_waits_for_goes_to_the_database_and_back_a_known_number_of_times() {
    let (home, _) = made().await;
    let relay = Relay::at(&home, FAR).await;
    let mut place = relay.place(&home);
    place.connections = 1;
    let (database, _) = Postgres::open(&place).await.unwrap();
    let mut counted = Vec::new();
    // Twice, because the first time each statement is prepared.
    for number in 1..=2 {
        counted.clear();
        let checkout = sample::payment();
        let (rounds, _) = relay.rounds(database.add_checkout(checkout.clone())).await;
        counted.push(("a checkout is made", rounds));
        let (rounds, _) = relay.rounds(database.snapshot(checkout.id)).await;
        counted.push(("it is read", rounds));
        let (_, mut invoice) = asked(&database, sample::payment(), number).await;
        invoice.address = address(number);
        let latest = database.latest_attempt(invoice.checkout_id, invoice.currency);
        let (rounds, attempt) = relay.rounds(latest).await;
        counted.push(("its attempt is read", rounds));
        let attempt = attempt.unwrap().unwrap();
        let (rounds, _) = relay.rounds(database.start_attempt(attempt)).await;
        counted.push(("an attempt is started", rounds));
        let (rounds, finished) = relay.rounds(finish(&database, &invoice, NOW)).await;
        assert_eq!(finished, Finished::Kept);
        counted.push(("an invoice is kept", rounds));
        let (rounds, change) = relay
            .rounds(database.take_in(read(&invoice, "MEM_POOL_FOUND", "0")))
            .await;
        assert!(change.unwrap().is_some());
        counted.push(("a reading is taken in", rounds));
        let list = listed(
            to(&invoice),
            &[confirmed(&format!("d-{number}"), "10", NOW)],
        );
        let (rounds, _) = relay.rounds(database.take_in_deposits(list)).await;
        counted.push(("a deposit is taken in", rounds));
    }
    assert_eq!(
        counted,
        [
            ("a checkout is made", 3),
            ("it is read", 1),
            ("its attempt is read", 1),
            ("an attempt is started", 3),
            ("an invoice is kept", 3),
            ("a reading is taken in", 5),
            ("a deposit is taken in", 5),
        ]
    );
}
