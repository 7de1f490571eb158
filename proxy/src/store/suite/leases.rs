//! Leases of attempts: one proxy asks the gateway, and whoever comes after one that is gone.

use checkout::Phase;
use uuid::Uuid;

use super::Empty;
use super::samples::{DAY, currency, customer, finish};
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::tests::{self as sample, NOW};
use crate::store::database::Database;
use crate::store::leases::{Claim, Lease};
use crate::store::outcome::Finished;

const ONE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

/// A lease of ten seconds that begins so many seconds after [`NOW`].
fn lease(by: Uuid, second: i64) -> Lease {
    let from = NOW.plus_seconds(second);
    Lease {
        by,
        from,
        until: from.plus_seconds(10),
    }
}

/// Another's lease that began at this second.
fn others(second: i64) -> Claim {
    let until = lease(OTHER, second).until;
    Claim::Others { until }
}

async fn started(database: &dyn Database) -> InvoiceAttempt {
    let checkout = sample::payment_closing_in(DAY);
    database.add_checkout(checkout.clone()).await.unwrap();
    let attempt = InvoiceAttempt::new(&checkout, currency("USDT"), 1, NOW);
    database.start_attempt(attempt).await.unwrap().unwrap()
}

pub(in crate::store) async fn an_attempt_is_one_proxys_until_its_lease_ends(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (key, beside) = (started(&*database).await.key, started(&*database).await.key);
    let claim = async |by, second| {
        database
            .claim_attempt(key, lease(by, second))
            .await
            .unwrap()
    };
    assert_eq!(claim(ONE, 0).await, Claim::Ours);
    for second in [0, 3, 9] {
        assert_eq!(claim(OTHER, second).await, others(0), "{second}");
    }
    // Another attempt is another matter.
    let free = database.claim_attempt(beside, lease(OTHER, 0)).await;
    assert_eq!(free.unwrap(), Claim::Ours);
    // One's own is made longer, and at its end it is anybody's.
    assert_eq!(claim(ONE, 5).await, Claim::Ours);
    assert_eq!(claim(OTHER, 14).await, others(5));
    assert_eq!(claim(OTHER, 15).await, Claim::Ours);
    assert_eq!(claim(ONE, 16).await, others(15));
    // A clock that was an hour ahead holds nobody up.
    assert_eq!(claim(OTHER, 3600).await, Claim::Ours);
    assert_eq!(claim(ONE, 17).await, Claim::Ours);
}

pub(in crate::store) async fn a_lease_is_ended_by_its_owner_alone(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let key = started(&*database).await.key;
    let claim = async |by| database.claim_attempt(key, lease(by, 0)).await.unwrap();
    assert_eq!(claim(ONE).await, Claim::Ours);
    database.release_attempt(key, OTHER).await.unwrap();
    assert_eq!(claim(OTHER).await, others(0));
    database.release_attempt(key, ONE).await.unwrap();
    assert_eq!(claim(OTHER).await, Claim::Ours);
}

pub(in crate::store) async fn what_is_settled_is_nobodys(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let claim = async |key| database.claim_attempt(key, lease(ONE, 0)).await.unwrap();
    let refused = started(&*database).await;
    database.refuse_attempt(refused.key).await.unwrap();
    assert_eq!(claim(refused.key).await, Claim::Settled);
    assert_eq!(claim(Uuid::nil()).await, Claim::Settled);
    // What one has made meanwhile, the other does not ask for.
    let made = started(&*database).await;
    let others = database.claim_attempt(made.key, lease(OTHER, 0)).await;
    assert_eq!(others.unwrap(), Claim::Ours);
    let checkout = database.snapshot(made.checkout_id).await.unwrap().unwrap();
    let mut invoice = sample::invoice(&checkout.checkout, 7, Phase::Awaiting);
    (invoice.key, invoice.currency) = (made.key, made.currency);
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    assert_eq!(claim(made.key).await, Claim::Settled);
}

pub(in crate::store) async fn a_customer_is_one_proxys_until_its_lease_ends(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let who = customer("a");
    let claim = async |by, second| {
        let claim = database.claim_customer(who.clone(), lease(by, second));
        claim.await.unwrap()
    };
    assert_eq!(claim(OTHER, 0).await, Claim::Ours);
    assert_eq!(claim(ONE, 9).await, others(0));
    let beside = database.claim_customer(customer("b"), lease(ONE, 0)).await;
    assert_eq!(beside.unwrap(), Claim::Ours);
    // A claim is no call whose outcome is open.
    let open = database.start_customer(who.clone(), NOW).await.unwrap();
    assert_eq!(open, 1);
    let made = database.gateway_customer(who.clone()).await.unwrap();
    assert_eq!(made, None);
    assert_eq!(claim(ONE, 10).await, Claim::Ours);
    database.release_customer(who.clone(), OTHER).await.unwrap();
    assert!(matches!(claim(OTHER, 11).await, Claim::Others { .. }));
    database.release_customer(who.clone(), ONE).await.unwrap();
    assert_eq!(claim(OTHER, 11).await, Claim::Ours);
    let made = database.finish_customer(who.clone(), "7".to_owned()).await;
    assert_eq!(made.unwrap().as_deref(), Some("7"));
    assert_eq!(claim(ONE, 3600).await, Claim::Settled);
}

pub(in crate::store) async fn of_many_who_claim_at_once_one_has_it(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    for _ in 0..10 {
        let key = started(&*database).await.key;
        let claims: Vec<_> = (1..=32)
            .map(|number| {
                let shared = database.shared();
                let lease = lease(Uuid::from_u128(number), 0);
                tokio::spawn(async move { shared.claim_attempt(key, lease).await.unwrap() })
            })
            .collect();
        let mut ours = 0;
        for claim in claims {
            match claim.await.unwrap() {
                Claim::Ours => ours += 1,
                claim => assert_eq!(claim, others(0)),
            }
        }
        assert_eq!(ours, 1);
    }
}
