//! Readings of the gateway, as several proxies on one database share them.

use checkout::Timestamp;
use uuid::Uuid;

use super::made;
use crate::checkouts::tests::NOW;
use crate::limits::budget::Urgency;
use crate::limits::shared_budget::Allowance;
use crate::store::leases::Lease;
use crate::store::postgres::Postgres;
use crate::store::readings::{Begun, Readings, Wish};

const ONE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn at(second: i64) -> Timestamp {
    NOW.plus_seconds(second)
}

/// A wish of one proxy at this second, spared by others' readings of the last ten seconds; a lease lasts for five.
fn wish(by: Uuid, second: i64) -> Wish {
    Wish {
        subject: Uuid::from_u128(7),
        lease: Lease {
            by,
            from: at(second),
            until: at(second + 5),
        },
        fresh_since: Some(at(second - 10)),
        account: "an account".to_owned(),
        allowance: Allowance {
            per_minute: 60,
            urgency: Urgency::Now,
        },
    }
}

async fn begun(database: &Postgres, wish: Wish) -> Begun {
    database.begin_reading(wish).await.unwrap()
}

#[tokio::test]
async fn of_several_one_reads_and_the_others_take_what_it_has_read() {
    let (_home, database) = made().await;
    let ended = async |by, read_at: Option<Timestamp>| {
        let end = database.end_reading(wish(by, 0).subject, by, read_at);
        end.await.unwrap();
    };
    assert_eq!(begun(&database, wish(ONE, 0)).await, Begun::Ours);
    assert_eq!(begun(&database, wish(OTHER, 1)).await, Begun::UnderWay);
    assert_eq!(begun(&database, wish(ONE, 1)).await, Begun::Ours, "its own");
    ended(OTHER, None).await;
    assert_eq!(begun(&database, wish(OTHER, 1)).await, Begun::UnderWay);
    ended(ONE, Some(at(1))).await;
    assert_eq!(begun(&database, wish(OTHER, 11)).await, Begun::Read(at(1)));
    assert_eq!(begun(&database, wish(ONE, 2)).await, Begun::Ours, "its own");
    ended(ONE, None).await;
    assert_eq!(begun(&database, wish(OTHER, 12)).await, Begun::Ours, "old");
    // The one that reads is killed.
    assert_eq!(begun(&database, wish(ONE, 16)).await, Begun::UnderWay);
    assert_eq!(begun(&database, wish(ONE, 17)).await, Begun::Ours);
    // Something has changed: what others read or begin to read may be from before.
    let mut new = wish(OTHER, 17);
    new.fresh_since = None;
    assert_eq!(begun(&database, new).await, Begun::Ours);
    // By a clock that is a day ahead.
    ended(OTHER, Some(at(86_400))).await;
    assert_eq!(begun(&database, wish(ONE, 18)).await, Begun::Ours);
    ended(ONE, None).await;
    assert_eq!(
        begun(&database, wish(ONE, 86_400)).await,
        Begun::Read(at(86_400))
    );
}

#[tokio::test]
async fn together_they_stay_within_the_budget_of_an_account() {
    let (_home, database) = made().await;
    let read = async |by, second, subject| {
        let mut wish = wish(by, second);
        wish.subject = Uuid::from_u128(subject);
        begun(&database, wish).await
    };
    for subject in 0..60 {
        let by = [ONE, OTHER][usize::try_from(subject % 2).unwrap()];
        assert_eq!(read(by, 0, subject).await, Begun::Ours);
    }
    assert_eq!(read(ONE, 0, 100).await, Begun::NotNow);
    assert_eq!(read(OTHER, 0, 100).await, Begun::NotNow, "and took no turn");
    assert_eq!(read(OTHER, 1, 100).await, Begun::Ours, "one a second");
    assert_eq!(read(ONE, 1, 101).await, Begun::NotNow);
    let mut elsewhere = wish(ONE, 1);
    elsewhere.account = "another".to_owned();
    elsewhere.subject = Uuid::from_u128(200);
    assert_eq!(begun(&database, elsewhere).await, Begun::Ours);
    let pause = database.pause_account("an account".to_owned(), at(40));
    pause.await.unwrap();
    assert_eq!(read(ONE, 39, 102).await, Begun::NotNow);
    assert_eq!(read(ONE, 40, 102).await, Begun::Ours);
    database.forget_readings(at(100)).await.unwrap();
}
