//! Which invoices are read, and in which order.

use checkout::{Phase, Timestamp};
use uuid::Uuid;

use super::Empty;
use super::samples::{DAY, address, asked, finish, read};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::checkouts::visits::{FIRST_SECONDS, LONGEST_SECONDS};
use crate::input::network_mark::NetworkMark;
use crate::limits::turns::Waiting;
use crate::store::database::{Database, LOOK_SECONDS};
use crate::store::outcome::{Due, Finished, WatchOrder};

/// When everything that is new has its turn.
const SOON: Timestamp = NOW.plus_seconds(FIRST_SECONDS);

async fn order(database: &dyn Database, now: Timestamp) -> WatchOrder {
    let order = database.watch_order(ShopId::default(), now);
    order.await.unwrap()
}

/// The keys of those that money is expected on.
fn keys(order: &WatchOrder) -> Vec<Uuid> {
    order.expected.iter().map(|due| due.key).collect()
}

/// An invoice of a checkout of its own, kept.
async fn kept(
    database: &dyn Database,
    checkout: Checkout,
    number: u128,
    change: impl FnOnce(&mut Invoice),
) -> Invoice {
    let (_, mut invoice) = asked(database, checkout, number).await;
    invoice.address = address(number);
    change(&mut invoice);
    assert_eq!(finish(database, &invoice, NOW).await, Finished::Kept);
    invoice
}

fn of_page(network: Option<i64>) -> Checkout {
    Checkout {
        product: Some("demo-order".to_owned()),
        network: network.map(NetworkMark),
        ..sample::payment_closing_in(DAY)
    }
}

pub(in crate::store) async fn invoices_are_found_by_their_keys_and_by_the_gateways_id(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let first = kept(&*database, sample::payment(), 1, |_| {}).await;
    let second = kept(&*database, sample::payment(), 2, |_| {}).await;
    let keys = vec![second.key, Uuid::nil(), first.key];
    let found = database.invoices(keys).await.unwrap();
    assert_eq!(format!("{found:?}"), format!("{:?}", [&second, &first]));
    let found = database
        .invoice_of_gateway(ShopId::default(), "1".to_owned())
        .await
        .unwrap();
    assert_eq!(format!("{found:?}"), format!("{:?}", Some(&first)));
    let nobodys = database
        .invoice_of_gateway(ShopId::default(), "3".to_owned())
        .await
        .unwrap();
    assert!(nobodys.is_none());
}

pub(in crate::store) async fn an_invoice_is_read_until_the_rules_say_so(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let mut invoices = Vec::new();
    for (number, phase) in (1..).zip(Phase::ALL) {
        let in_phase = |invoice: &mut Invoice| invoice.phase = phase;
        invoices.push(kept(&*database, sample::payment(), number, in_phase).await);
    }
    for phase in [Phase::Awaiting, Phase::Archived] {
        let number = 100 + invoices.len() as u128;
        let takes_any = |invoice: &mut Invoice| {
            invoice.phase = phase;
            invoice.amount = None;
        };
        invoices.push(kept(&*database, sample::topup(), number, takes_any).await);
    }
    let watched = async |now: Timestamp| keys(&order(&*database, now).await);
    for invoice in &invoices {
        let end = invoice.watched_until();
        if end < Timestamp::MAX {
            assert!(!watched(end).await.contains(&invoice.key));
        }
        let last = watched(end.plus_millis(-1)).await;
        assert!(last.contains(&invoice.key), "{:?}", invoice.phase);
    }
    // By what a reading has made of it: a payment that is over is read for a shorter time.
    let paid = &invoices[0];
    assert_eq!(paid.phase, Phase::Choosing);
    let reading = read(paid, "COMPLETED", "10");
    let change = database.take_in(reading).await.unwrap().unwrap();
    let end = change.invoice.watched_until();
    assert!(end < paid.watched_until());
    assert!(!watched(end).await.contains(&paid.key));
    assert!(watched(end.plus_millis(-1)).await.contains(&paid.key));
}

pub(in crate::store) async fn pages_wait_for_their_turn_until_money_was_seen(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let merchants = kept(&*database, sample::payment(), 1, |_| {}).await;
    let pages = kept(&*database, of_page(Some(-7)), 2, |_| {}).await;
    let unknown = kept(&*database, of_page(None), 3, |_| {}).await;
    let waiting = |invoice: &Invoice, network: Option<i64>| Waiting {
        key: invoice.key,
        network: network.map(NetworkMark),
        was_looked_at: false,
    };
    let now = order(&*database, SOON).await;
    let both = vec![waiting(&unknown, None), waiting(&pages, Some(-7))];
    assert_eq!((keys(&now), now.waiting), (vec![merchants.key], both));
    let seen = database.take_in(read(&pages, "MEM_POOL_FOUND", "0")).await;
    assert!(seen.unwrap().unwrap().invoice.saw_money());
    let now = order(&*database, SOON).await;
    let expected = vec![pages.key, merchants.key];
    assert_eq!(
        (keys(&now), now.waiting),
        (expected, vec![waiting(&unknown, None)])
    );
    let since = |due: &Due| due.since == SOON;
    assert!(now.expected.iter().all(since));
    let elsewhere = database.watch_order(ShopId::parse("other").unwrap(), SOON);
    assert_eq!(elsewhere.await.unwrap(), WatchOrder::default());
}

pub(in crate::store) async fn the_invoice_looked_at_last_comes_first(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let mut invoices = Vec::new();
    for number in 1..=3 {
        invoices.push(kept(&*database, of_page(None), number, |_| {}).await);
    }
    let places = async || {
        let order = order(&*database, SOON).await;
        let place = |key| invoices.iter().position(|one| one.key == key).unwrap();
        let waiting = order.waiting.iter();
        waiting
            .map(|one| (place(one.key), one.was_looked_at))
            .collect::<Vec<_>>()
    };
    let look = async |place: usize, now: Timestamp| {
        let checkout = invoices[place].checkout_id;
        database.looked_at(checkout, now).await.unwrap();
    };
    assert_eq!(places().await, [(2, false), (1, false), (0, false)]);
    look(1, NOW).await;
    assert_eq!(places().await, [(1, true), (2, false), (0, false)]);
    look(0, NOW.plus_seconds(1)).await;
    assert_eq!(places().await, [(0, true), (1, true), (2, false)]);
    // A look so soon after the one before is not noted.
    look(1, NOW.plus_seconds(LOOK_SECONDS)).await;
    assert_eq!(places().await, [(0, true), (1, true), (2, false)]);
    look(1, NOW.plus_seconds(LOOK_SECONDS).plus_millis(1)).await;
    assert_eq!(places().await, [(1, true), (0, true), (2, false)]);
    // Nobody has shown a checkout that is not stored.
    database.looked_at(sample::payment().id, NOW).await.unwrap();
}

pub(in crate::store) async fn a_turn_is_taken_by_one_and_comes_again_when_it_is_put_off_to(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let mut all = Vec::new();
    for number in 1..=3 {
        all.push(
            kept(&*database, sample::payment(), number, |_| {})
                .await
                .key,
        );
    }
    all.reverse();
    let claim = async |keys: &[Uuid], now: Timestamp, until: Timestamp| {
        let claimed = database.claim_invoices(keys.to_vec(), now, until);
        claimed.await.unwrap()
    };
    let early = SOON.plus_millis(-1);
    assert!(keys(&order(&*database, early).await).is_empty());
    assert!(claim(&all, early, SOON).await.is_empty());
    assert_eq!(keys(&order(&*database, SOON).await), all);
    let lease = SOON.plus_seconds(120);
    assert_eq!(claim(&all[..2], SOON, lease).await, all[..2]);
    assert_eq!(
        claim(&all, SOON, lease).await,
        all[2..],
        "the others are taken"
    );
    assert!(keys(&order(&*database, SOON).await).is_empty());
    assert_eq!(keys(&order(&*database, lease).await), all);
    let later = lease.plus_seconds(60);
    let put_off = database.put_off_invoices(vec![(all[0], later), (all[1], lease)]);
    put_off.await.unwrap();
    assert_eq!(keys(&order(&*database, lease).await), all[1..]);
    assert_eq!(keys(&order(&*database, later).await), all);
}

pub(in crate::store) async fn what_moves_has_its_turn_soon_and_what_is_repriced_has_not(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let invoice = kept(&*database, sample::payment(), 1, |_| {}).await;
    let later = NOW.plus_seconds(DAY);
    let put_off = database.put_off_invoices(vec![(invoice.key, later)]);
    put_off.await.unwrap();
    let mut reading = read(&invoice, "PENDING_PAYMENT", "0");
    reading.at = NOW.plus_seconds(300);
    database.take_in(reading).await.unwrap();
    let soon = NOW.plus_seconds(300 + FIRST_SECONDS);
    assert!(keys(&order(&*database, soon).await).is_empty());
    let mut reading = read(&invoice, "MEM_POOL_FOUND", "0");
    reading.at = NOW.plus_seconds(300);
    let change = database.take_in(reading).await.unwrap().unwrap();
    assert_eq!(change.invoice.moved_at, NOW.plus_seconds(300));
    assert!(keys(&order(&*database, soon.plus_millis(-1)).await).is_empty());
    assert_eq!(keys(&order(&*database, soon).await), [invoice.key]);
}

pub(in crate::store) async fn turns_that_no_rule_gives_are_put_right(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let ended = kept(&*database, sample::payment(), 1, |_| {}).await;
    let wrong = kept(&*database, sample::payment(), 2, |invoice| {
        invoice.latest_expiry = NOW.plus_seconds(1000 * DAY);
    })
    .await;
    let latest = ended.watched_until();
    let turns = vec![
        (ended.key, latest.plus_seconds(-1)),
        (
            wrong.key,
            latest.plus_seconds(LONGEST_SECONDS).plus_millis(1),
        ),
    ];
    database.put_off_invoices(turns).await.unwrap();
    let before = latest.plus_millis(-1);
    assert_eq!(keys(&order(&*database, before).await), [ended.key]);
    assert!(
        keys(&order(&*database, latest).await).is_empty(),
        "it is watched no more"
    );
    assert_eq!(database.mend_turns(latest).await.unwrap(), 2);
    assert_eq!(database.mend_turns(latest).await.unwrap(), 0);
    assert_eq!(keys(&order(&*database, latest).await), [wrong.key]);
}
