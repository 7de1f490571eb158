//! Lists of checkouts: in their order, page by page, each in the state that it is shown in.

use checkout::{InvoiceStatus, Phase, Timestamp};

use super::Empty;
use super::customers::{ADDRESSES, shown};
use super::rolls::Rolls;
use super::samples::{DAY, address, asked_again, caused, currency, customer, finish};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::list_cursor::ListCursor;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::search::{Found, Reach, Search};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests::{self as sample, NOW};
use crate::store::database::Database;

/// Checkouts of the drawn shop, and searches of it.
const CHECKOUTS: usize = 60;
const SEARCHES: usize = 60;

fn place(checkout: &Checkout) -> ListCursor {
    ListCursor {
        created_at: checkout.created_at,
        id: checkout.id,
    }
}

fn ids(snapshots: &[Snapshot]) -> Vec<CheckoutId> {
    let ids = snapshots.iter().map(|snapshot| snapshot.checkout.id);
    ids.collect()
}

async fn look(
    database: &dyn Database,
    search: &Search,
    now: Timestamp,
    after: Option<ListCursor>,
    reach: Reach,
) -> Found {
    let found = database.checkouts(ShopId::default(), search.clone(), now, after, reach);
    found.await.unwrap()
}

/// Every page, to the end.
async fn all(
    database: &dyn Database,
    search: &Search,
    now: Timestamp,
    reach: Reach,
) -> Vec<CheckoutId> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = look(database, search, now, after, reach).await;
        assert!(page.snapshots.len() <= usize::try_from(reach.most).unwrap());
        found.extend(ids(&page.snapshots));
        if page.more.is_none() {
            return found;
        }
        assert_ne!(page.more, after, "each page comes further");
        after = page.more;
    }
}

pub(in crate::store) async fn a_list_has_the_newest_first_page_by_page(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let ordered = |external_id: &str, created_in: i64| Checkout {
        external_id: Some(external_id.to_owned()),
        created_at: NOW.plus_seconds(created_in),
        ..sample::payment()
    };
    // Two of the second moment: of these the greater id comes first.
    let mut expected = Vec::new();
    for created_in in [5, -1, 2, 2, 0] {
        let checkout = ordered("o-1", created_in);
        expected.push((checkout.created_at, checkout.id.to_string()));
        database.add_checkout(checkout).await.unwrap();
    }
    database.add_checkout(ordered("o-2", 1)).await.unwrap();
    database.add_checkout(sample::payment()).await.unwrap();
    expected.sort();
    expected.reverse();
    let of_order = |external_id: &str| Search {
        external_id: Some(external_id.to_owned()),
        ..Search::default()
    };
    for most in 1..=6 {
        let (mut found, mut after) = (Vec::new(), None);
        let reach = Reach { most, looked: 1 };
        loop {
            let page = look(&*database, &of_order("o-1"), NOW, after, reach).await;
            assert!(page.snapshots.len() <= usize::try_from(most).unwrap());
            let checkouts = page.snapshots.iter().map(|page| &page.checkout);
            let places: Vec<_> = checkouts.map(place).collect();
            if page.more.is_some() {
                assert_eq!(page.more, places.last().copied());
            }
            found.extend(places.iter().map(|at| (at.created_at, at.id.to_string())));
            after = page.more;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{most} a page");
    }
    let reach = Reach { most: 9, looked: 9 };
    let nobodys = look(&*database, &of_order("o-3"), NOW, None, reach).await;
    assert_eq!(nobodys.snapshots.len(), 0);
    let everything = all(&*database, &Search::default(), NOW, reach).await;
    assert_eq!(everything.len(), 7);
}

/// A checkout of a drawn kind with invoices in drawn phases, made and closing at drawn times around now.
async fn drawn(database: &dyn Database, rolls: &mut Rolls, number: u128) -> Checkout {
    let purpose = match rolls.below(5) {
        0 => Purpose::Topup,
        1 => Purpose::Deposit(customer(["a", "b", "c"][rolls.below(3)])),
        _ => sample::price(),
    };
    let mut moment = |days: i64| {
        let seconds = i64::try_from(rolls.below(2 * 24 * 60)).unwrap() * 60;
        NOW.plus_seconds(seconds - DAY + days * DAY)
    };
    let (created_at, expires_at) = (moment(-1), moment(0));
    let checkout = Checkout {
        created_at,
        expires_at,
        external_id: [None, Some("o-1".to_owned()), Some("o-2".to_owned())][rolls.below(3)].clone(),
        ..sample::made(sample::order(purpose))
    };
    database.add_checkout(checkout.clone()).await.unwrap();
    if matches!(checkout.purpose, Purpose::Deposit(_)) {
        if rolls.below(3) > 0 {
            let chosen = database.choose_purse(checkout.id, currency("TRX"), caused(NOW));
            chosen.await.unwrap();
        }
        return checkout;
    }
    for (at, code) in ["USDT", "ETH", "USDC"][..rolls.below(4)].iter().enumerate() {
        let gateway_id = number * 10 + u128::try_from(at).unwrap();
        let mut invoice = asked_again(database, &checkout, code, gateway_id).await;
        invoice.address = address(gateway_id);
        // Money in one decides, so half of them have none.
        let bare = [Phase::Awaiting, Phase::Expired, Phase::Archived];
        invoice.phase = match rolls.below(2) {
            0 => bare[rolls.below(bare.len())],
            _ => Phase::ALL[1 + rolls.below(Phase::ALL.len() - 1)],
        };
        if invoice.phase == Phase::Archived {
            invoice.status = InvoiceStatus::Archived;
        }
        if checkout.purpose == Purpose::Topup {
            invoice.amount = None;
        }
        let minutes = i64::try_from(rolls.below(2 * 24 * 60)).unwrap();
        invoice.expires_at = NOW.plus_seconds(minutes * 60 - DAY);
        if invoice.phase.is_paid() {
            invoice.paid_at = Some(NOW.plus_seconds(-minutes));
        }
        finish(database, &invoice, NOW).await;
    }
    checkout
}

fn searched(rolls: &mut Rolls) -> Search {
    let states = (0..rolls.below(4)).map(|_| Phase::ALL[rolls.below(Phase::ALL.len())]);
    let states = states.collect();
    let mut time = || {
        let minutes = i64::try_from(rolls.below(3 * 24 * 60)).unwrap();
        (minutes % 2 == 0).then(|| NOW.plus_seconds(minutes * 60 - 2 * DAY))
    };
    let (from, to) = (time(), time());
    let external_id = [None, None, Some("o-1".to_owned())][rolls.below(3)].clone();
    Search {
        states,
        external_id,
        from,
        to,
    }
}

/// What is listed is held against every checkout, each judged by itself.
pub(in crate::store) async fn a_list_has_each_checkout_in_the_state_that_is_shown(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let mut rolls = Rolls::new(20_261_130, 1);
    for (name, address) in ["a", "b", "c"].into_iter().zip(ADDRESSES) {
        // One of them is trusted for an hour more, one is not any more.
        let minutes = i64::try_from(rolls.below(10_000)).unwrap();
        shown(&*database, name, address, NOW.plus_seconds(-60 * minutes)).await;
    }
    let mut made = Vec::new();
    for number in 1..=CHECKOUTS {
        made.push(drawn(&*database, &mut rolls, u128::try_from(number).unwrap()).await);
    }
    made.sort_by_key(|checkout| (checkout.created_at, checkout.id.to_string()));
    made.reverse();
    let mut found_in = Vec::new();
    for _ in 0..SEARCHES {
        let search = searched(&mut rolls);
        let minutes = i64::try_from(rolls.below(3 * 24 * 60)).unwrap();
        let now = NOW.plus_seconds(minutes * 60 - DAY);
        let mut expected = Vec::new();
        for checkout in &made {
            let snapshot = database.snapshot(checkout.id).await.unwrap().unwrap();
            let (state, _) = snapshot.standing(now);
            let is_in_time = search.from.is_none_or(|from| checkout.created_at >= from)
                && search.to.is_none_or(|to| checkout.created_at < to);
            let is_of_order =
                search.external_id.is_none() || search.external_id == checkout.external_id;
            if search.has_state(state) && is_in_time && is_of_order {
                expected.push(checkout.id);
                found_in.push(state);
            }
        }
        let size = |rolls: &mut Rolls| u32::try_from(1 + rolls.below(CHECKOUTS)).unwrap();
        let reach = Reach {
            most: size(&mut rolls),
            looked: size(&mut rolls),
        };
        let listed = all(&*database, &search, now, reach).await;
        assert_eq!(listed, expected, "{search:?} at {now} by {reach:?}");
    }
    for state in Phase::ALL {
        assert!(found_in.contains(&state), "no search has found {state}");
    }
}

pub(in crate::store) async fn what_is_made_meanwhile_stands_before_all_pages(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let made_in = |seconds: i64| Checkout {
        created_at: NOW.plus_seconds(seconds),
        ..sample::payment()
    };
    let mut there = Vec::new();
    for seconds in 0..20 {
        let checkout = made_in(seconds);
        there.push(checkout.id);
        database.add_checkout(checkout).await.unwrap();
    }
    there.reverse();
    let choosing = Search {
        states: vec![Phase::Choosing],
        ..Search::default()
    };
    for search in [Search::default(), choosing] {
        let (mut listed, mut after) = (Vec::new(), None);
        let mut later = 1000;
        loop {
            let reach = Reach { most: 3, looked: 7 };
            let page = look(&*database, &search, NOW.plus_seconds(60), after, reach).await;
            listed.extend(ids(&page.snapshots));
            for _ in 0..4 {
                later += 1;
                database.add_checkout(made_in(later)).await.unwrap();
            }
            after = page.more;
            if after.is_none() {
                break;
            }
        }
        let of_before: Vec<_> = listed.iter().filter(|id| there.contains(id)).collect();
        assert_eq!(of_before, there.iter().collect::<Vec<_>>());
        listed.dedup();
        let mut once = listed.clone();
        once.sort_by_key(ToString::to_string);
        once.dedup();
        assert_eq!(once.len(), listed.len(), "none comes twice");
    }
}

pub(in crate::store) async fn a_rare_state_is_looked_for_a_bounded_way_at_a_time(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    for seconds in 0..30 {
        let checkout = Checkout {
            created_at: NOW.plus_seconds(seconds),
            ..sample::payment()
        };
        database.add_checkout(checkout).await.unwrap();
    }
    let paid = Search {
        states: vec![Phase::Paid],
        ..Search::default()
    };
    let reach = Reach { most: 9, looked: 7 };
    let (mut calls, mut after) = (0, None);
    loop {
        let page = look(&*database, &paid, NOW, after, reach).await;
        calls += 1;
        assert_eq!(page.snapshots.len(), 0);
        after = page.more;
        if after.is_none() {
            break;
        }
    }
    // Thirty checkouts, seven a call.
    assert_eq!(calls, 5);
}
