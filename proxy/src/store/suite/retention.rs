//! Which checkouts are deleted, and which never are: one of each kind, beside one of which nothing keeps it.

use checkout::wire::DepositState;
use checkout::{InterventionKind, InvoiceStatus, Phase};

use super::Empty;
use super::samples::{DAY, caused, confirmed, currency, finish, listed, to};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::checkouts::unsound::Unsound;
use crate::gateway::source::Source;
use crate::input::network_mark::NetworkMark;
use crate::reading::deposits::{ListedDeposit, UnreadableEntry};
use crate::store::database::Database;
use crate::store::outcome::Finished;

/// A checkout of a page that expires so many seconds from now.
fn of_page(expires_in: i64) -> Checkout {
    Checkout {
        product: Some("demo-order".to_owned()),
        expires_at: NOW.plus_seconds(expires_in),
        ..sample::payment()
    }
}

/// A database, with how many invoices were made in it.
struct Shelf {
    database: Empty,
    invoices: u128,
}

impl Shelf {
    async fn new(empty: impl AsyncFn() -> Empty) -> Self {
        Self {
            database: empty().await,
            invoices: 0,
        }
    }

    async fn add(&self, checkout: Checkout) -> CheckoutId {
        let id = checkout.id;
        self.database.add_checkout(checkout).await.unwrap();
        id
    }

    async fn start(&self, checkout: &Checkout, code: &str) -> InvoiceAttempt {
        let attempt = InvoiceAttempt::new(checkout, currency(code), 1, NOW);
        self.database.start_attempt(attempt).await.unwrap().unwrap()
    }

    async fn refuse(&self, checkout: &Checkout) {
        let attempt = self.start(checkout, "USDT").await;
        self.database.refuse_attempt(attempt.key).await.unwrap();
    }

    /// An invoice of a checkout to which nothing was ever paid, over since as many seconds ago, but for `change`.
    async fn unpaid(
        &mut self,
        checkout: &Checkout,
        over_for: i64,
        change: impl FnOnce(&mut Invoice),
    ) -> Invoice {
        self.invoices += 1;
        let mut invoice = sample::invoice(checkout, self.invoices, Phase::Expired);
        invoice.key = self.start(checkout, "USDT").await.key;
        invoice.status = InvoiceStatus::Archived;
        invoice.expires_at = NOW.plus_seconds(-over_for);
        invoice.latest_expiry = invoice.expires_at;
        invoice.address = super::samples::address(self.invoices);
        change(&mut invoice);
        let finished = finish(&*self.database, &invoice, NOW).await;
        assert_eq!(finished, Finished::Kept);
        invoice
    }

    async fn has(&self, id: CheckoutId) -> bool {
        self.database.snapshot(id).await.unwrap().is_some()
    }

    async fn forget(&self, unchosen_days: i64, unpaid_days: i64) -> usize {
        let (unchosen, unpaid) = (unchosen_days * DAY, unpaid_days * DAY);
        let (unchosen, unpaid) = (NOW.plus_seconds(-unchosen), NOW.plus_seconds(-unpaid));
        let forgotten = self.database.forget_unpaid(unchosen, unpaid);
        forgotten.await.unwrap()
    }
}

/// Something about an invoice that keeps its checkout for ever, and how it comes to be there.
type Sign = (&'static str, fn(&mut Invoice));

const SIGNS: [Sign; 5] = [
    ("money arrived", |invoice| {
        invoice.received = amount("0.00000001");
    }),
    ("a decision is open", |invoice| {
        invoice.intervention = Some(InterventionKind::Underpay);
    }),
    ("a transaction was seen", |invoice| {
        invoice.transaction = Some("ab".to_owned());
    }),
    ("it held money", |invoice| invoice.held_at = Some(NOW)),
    ("it was paid", |invoice| invoice.paid_at = Some(NOW)),
];

/// What may stand without an invoice, and keeps a checkout as well.
const NEIGHBOURS: [&str; 3] = [
    "the gateway contradicted itself",
    "a customer's address was shown",
    "an attempt may have made an invoice",
];

async fn put_neighbour(shelf: &Shelf, checkout: &Checkout, which: &str) {
    let database: &dyn Database = &*shelf.database;
    match which {
        "the gateway contradicted itself" => {
            let alarm = Alarm::new(uuid::Uuid::nil(), &Unsound::NoId, NOW);
            assert!(
                database
                    .raise(checkout.id, alarm, Source::Poll)
                    .await
                    .unwrap()
            );
        }
        "a customer's address was shown" => {
            let chosen = database.choose_purse(checkout.id, currency("USDT"), caused(NOW));
            chosen.await.unwrap();
        }
        _ => {
            shelf.start(checkout, "BTC").await;
        }
    }
}

pub(in crate::store) async fn whatever_may_be_money_keeps_a_checkout_for_ever(
    empty: impl AsyncFn() -> Empty,
) {
    let mut shelf = Shelf::new(empty).await;
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    let old = || of_page(-1000 * DAY);
    let over = 1000 * DAY;
    for (why, sign) in SIGNS {
        let checkout = old();
        kept.push((why.to_owned(), shelf.add(checkout.clone()).await));
        shelf.unpaid(&checkout, over, sign).await;
    }
    let merchants = Checkout {
        product: None,
        ..old()
    };
    kept.push((
        "the merchant made it".to_owned(),
        shelf.add(merchants.clone()).await,
    ));
    shelf.unpaid(&merchants, over, |_| {}).await;
    for phase in Phase::ALL {
        let checkout = old();
        let id = shelf.add(checkout.clone()).await;
        let in_phase = |invoice: &mut Invoice| invoice.phase = phase;
        shelf.unpaid(&checkout, over, in_phase).await;
        if matches!(phase, Phase::Expired | Phase::Archived) {
            gone.push(id);
        } else {
            kept.push((format!("it is {phase}"), id));
        }
    }
    for which in NEIGHBOURS {
        for has_invoice in [true, false] {
            let checkout = old();
            let id = shelf.add(checkout.clone()).await;
            if has_invoice {
                shelf.unpaid(&checkout, over, |_| {}).await;
            }
            put_neighbour(&shelf, &checkout, which).await;
            kept.push((format!("{which}, with an invoice: {has_invoice}"), id));
        }
    }
    for is_readable in [true, false] {
        let checkout = old();
        let id = shelf.add(checkout.clone()).await;
        let invoice = shelf.unpaid(&checkout, over, |_| {}).await;
        let declined = ListedDeposit {
            state: Some(DepositState::Declined),
            ..confirmed("d", "1", NOW)
        };
        let mut list = listed(to(&invoice), &[declined]);
        if !is_readable {
            list.listed.deposits.clear();
            list.listed.unreadable.push(UnreadableEntry {
                name: "d".to_owned(),
                has_id: true,
                says: "x".to_owned(),
            });
        }
        shelf.database.take_in_deposits(list).await.unwrap();
        kept.push((format!("a deposit is known, readable: {is_readable}"), id));
    }
    gone.push(shelf.add(old()).await);
    assert_eq!(shelf.forget(2, 30).await, gone.len());
    // Room is made among what is open only, however little there is; and nothing more is deleted for being too much.
    assert_eq!(
        shelf
            .database
            .make_room(ShopId::default(), NOW, 0)
            .await
            .unwrap(),
        0
    );
    assert_eq!(shelf.database.forget_more(NOW, 0).await.unwrap(), 0);
    for (why, id) in &kept {
        assert!(shelf.has(*id).await, "{why}");
    }
    for id in &gone {
        assert!(!shelf.has(*id).await);
    }
}

pub(in crate::store) async fn an_unpaid_checkout_goes_when_it_and_its_last_invoice_are_old_enough(
    empty: impl AsyncFn() -> Empty,
) {
    let mut shelf = Shelf::new(empty).await;
    let young = shelf.add(of_page(-2 * DAY)).await;
    let just_over_two_days = || Checkout {
        expires_at: NOW.plus_seconds(-2 * DAY).plus_millis(-1),
        ..of_page(0)
    };
    let unchosen = shelf.add(just_over_two_days()).await;
    let refused = just_over_two_days();
    shelf.add(refused.clone()).await;
    shelf.refuse(&refused).await;
    let unpaid = of_page(-30 * DAY - 1);
    shelf.add(unpaid.clone()).await;
    let gone = shelf.unpaid(&unpaid, 30 * DAY + 1, |_| {}).await;
    let lately_over = of_page(-30 * DAY - 1);
    shelf.add(lately_over.clone()).await;
    let stays = shelf.unpaid(&lately_over, 30 * DAY, |_| {}).await;
    assert_eq!(shelf.forget(2, 30).await, 2);
    for id in [unchosen, unpaid.id] {
        assert!(!shelf.has(id).await);
    }
    for id in [young, refused.id, lately_over.id] {
        assert!(shelf.has(id).await);
    }
    // Its invoice and its attempt go with it.
    let left = shelf.database.invoices(vec![gone.key, stays.key]).await;
    let left: Vec<_> = left.unwrap().iter().map(|left| left.key).collect();
    assert_eq!(left, [stays.key]);
    let attempt = shelf.database.latest_attempt(unpaid.id, currency("USDT"));
    assert_eq!(attempt.await.unwrap(), None);
}

pub(in crate::store) async fn no_more_than_so_many_expired_checkouts_are_kept(
    empty: impl AsyncFn() -> Empty,
) {
    let mut shelf = Shelf::new(empty).await;
    let mut ids = Vec::new();
    for seconds in [-3, -1, -5, -2, -4] {
        let checkout = of_page(seconds);
        ids.push((seconds, shelf.add(checkout.clone()).await));
        match seconds {
            -2 => shelf.refuse(&checkout).await,
            -3 => {
                shelf.unpaid(&checkout, 3, |_| {}).await;
            }
            _ => {}
        }
    }
    // None of these counts: it is open, it is still watched, it was just over.
    let open = shelf.add(of_page(1)).await;
    let watched = of_page(-9);
    shelf.add(watched.clone()).await;
    shelf.unpaid(&watched, 0, |_| {}).await;
    let just_over = shelf.add(of_page(0)).await;
    ids.sort_by_key(|(seconds, _)| *seconds);
    for (most, deleted) in [(5, 0), (3, 2), (3, 0), (0, 3), (0, 0)] {
        let forgotten = shelf.database.forget_more(NOW, most).await.unwrap();
        assert_eq!(forgotten, deleted, "at most {most}");
        for (_, gone) in ids.drain(..deleted) {
            assert!(!shelf.has(gone).await, "the oldest go first");
        }
        for (_, id) in &ids {
            assert!(shelf.has(*id).await);
        }
    }
    for id in [open, watched.id, just_over] {
        assert!(shelf.has(id).await);
    }
}

pub(in crate::store) async fn room_is_made_by_those_that_nobody_chose_for_and_that_close_first(
    empty: impl AsyncFn() -> Empty,
) {
    let mut shelf = Shelf::new(empty).await;
    let expired = shelf.add(of_page(0)).await;
    let merchants = Checkout {
        product: None,
        ..of_page(1)
    };
    let mut never = vec![expired, shelf.add(merchants).await];
    let [started, made, refused] = [2, 2, 2].map(of_page);
    for checkout in [&started, &made, &refused] {
        never.push(shelf.add(checkout.clone()).await);
    }
    shelf.start(&started, "USDT").await;
    shelf.unpaid(&made, 0, |_| {}).await;
    shelf.refuse(&refused).await;
    for which in &NEIGHBOURS[..2] {
        let checkout = of_page(3);
        never.push(shelf.add(checkout.clone()).await);
        put_neighbour(&shelf, &checkout, which).await;
    }
    // Made in another order than they close in.
    let mut unchosen = Vec::new();
    for seconds in [400, 100, 300, 200] {
        unchosen.push((seconds, shelf.add(of_page(seconds)).await));
    }
    unchosen.sort_by_key(|(seconds, _)| *seconds);
    // Nine of pages are open: five that stay whatever comes, and these four.
    for (most, removed) in [(9, 0), (8, 1), (8, 0), (6, 2), (1, 1), (0, 0)] {
        let before = open(&shelf, &ShopId::default()).await;
        let made = shelf
            .database
            .make_room(ShopId::default(), NOW, most)
            .await
            .unwrap();
        assert_eq!(made, removed, "room for {most}");
        let after = open(&shelf, &ShopId::default()).await;
        assert_eq!(usize::try_from(before - after).unwrap(), removed);
        for (_, gone) in unchosen.drain(..removed) {
            assert!(!shelf.has(gone).await, "the first to close goes first");
        }
        for id in never.iter().chain(unchosen.iter().map(|(_, id)| id)) {
            assert!(shelf.has(*id).await);
        }
    }
    assert_eq!(open(&shelf, &ShopId::default()).await, 5);
}

/// How many checkouts of a shop's pages are open.
async fn open(shelf: &Shelf, shop: &ShopId) -> u32 {
    let open = shelf.database.open_checkouts(NOW).await.unwrap();
    open.get(shop).copied().unwrap_or_default()
}

pub(in crate::store) async fn room_is_made_in_one_shop_and_no_other(
    empty: impl AsyncFn() -> Empty,
) {
    let shelf = Shelf::new(empty).await;
    let garden = ShopId::parse("garden").unwrap();
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for seconds in [10, 20, 30] {
        own.push(shelf.add(of_page(seconds)).await);
        // They close first, and would have to go first.
        let of_garden = Checkout {
            shop: garden.clone(),
            ..of_page(seconds - 5)
        };
        others.push(shelf.add(of_garden).await);
    }
    assert_eq!(open(&shelf, &garden).await, 3);
    let made = shelf.database.make_room(ShopId::default(), NOW, 1).await;
    assert_eq!(made.unwrap(), 2);
    assert_eq!(open(&shelf, &ShopId::default()).await, 1);
    assert_eq!(open(&shelf, &garden).await, 3);
    for id in &others {
        assert!(shelf.has(*id).await);
    }
    let nobody = ShopId::parse("nobody").unwrap();
    let made = shelf.database.make_room(nobody, NOW, 0).await;
    assert_eq!(made.unwrap(), 0);
}

pub(in crate::store) async fn room_is_made_by_the_network_that_has_most(
    empty: impl AsyncFn() -> Empty,
) {
    let shelf = Shelf::new(empty).await;
    let made_by = |network: Option<i64>, seconds| Checkout {
        network: network.map(NetworkMark),
        ..of_page(seconds)
    };
    // One network has four, another two, and two are nobody's, which count as one network.
    let mut crowd = Vec::new();
    for seconds in [30, 40, 50, 60] {
        crowd.push(shelf.add(made_by(Some(1), seconds)).await);
    }
    let mut others = Vec::new();
    for (network, seconds) in [(Some(2), 10), (Some(2), 20), (None, 15), (None, 25)] {
        others.push(shelf.add(made_by(network, seconds)).await);
    }
    assert_eq!(
        shelf
            .database
            .make_room(ShopId::default(), NOW, 6)
            .await
            .unwrap(),
        2
    );
    for (place, id) in crowd.iter().enumerate() {
        assert_eq!(shelf.has(*id).await, place >= 2, "its oldest go");
    }
    for id in &others {
        assert!(shelf.has(*id).await);
    }
    // All have two now: of each the older one goes before any younger one, the first to close first.
    assert_eq!(
        shelf
            .database
            .make_room(ShopId::default(), NOW, 4)
            .await
            .unwrap(),
        2
    );
    let mut left = Vec::new();
    for id in others.iter().chain(&crowd[2..]) {
        left.push(shelf.has(*id).await);
    }
    assert_eq!(left, [false, true, false, true, true, true]);
}

pub(in crate::store) async fn a_flood_is_cut_down_to_the_limit(empty: impl AsyncFn() -> Empty) {
    let shelf = Shelf::new(empty).await;
    let mut adding = tokio::task::JoinSet::new();
    let mut ids = Vec::new();
    for seconds in 1..=1203 {
        let (database, checkout) = (shelf.database.shared(), of_page(seconds));
        ids.push(checkout.id);
        adding.spawn(async move { database.add_checkout(checkout).await });
    }
    while let Some(added) = adding.join_next().await {
        added.unwrap().unwrap();
    }
    assert_eq!(
        shelf
            .database
            .make_room(ShopId::default(), NOW, 100)
            .await
            .unwrap(),
        1103
    );
    assert_eq!(open(&shelf, &ShopId::default()).await, 100);
    for (place, id) in ids.iter().enumerate() {
        assert_eq!(shelf.has(*id).await, place >= 1103, "{place}");
    }
}

pub(in crate::store) async fn money_that_comes_while_old_ones_are_deleted_keeps_its_checkout(
    empty: impl AsyncFn() -> Empty,
) {
    let mut shelf = Shelf::new(empty).await;
    let mut all = Vec::new();
    for _ in 0..120 {
        let checkout = of_page(-40 * DAY);
        shelf.add(checkout.clone()).await;
        all.push(shelf.unpaid(&checkout, 40 * DAY, |_| {}).await);
    }
    // To every second one something is paid, while two proxies delete and buyers go on making new ones.
    let mut work = tokio::task::JoinSet::new();
    for (number, invoice) in all.iter().enumerate() {
        let database = shelf.database.shared();
        let list = listed(to(invoice), &[confirmed(&format!("d{number}"), "1", NOW)]);
        let is_paid = number % 2 == 1;
        work.spawn(async move {
            if is_paid {
                // One that is gone already takes nothing, and says so.
                drop(database.take_in_deposits(list).await);
            } else {
                database.add_checkout(of_page(DAY)).await.unwrap();
            }
        });
        if number % 60 == 20 {
            let database = shelf.database.shared();
            work.spawn(async move {
                let old = NOW.plus_seconds(-30 * DAY);
                database.forget_unpaid(old, old).await.unwrap();
            });
        }
    }
    while let Some(done) = work.join_next().await {
        done.unwrap();
    }
    let mut kept = 0;
    for (number, invoice) in all.iter().enumerate() {
        let is_there = shelf.has(invoice.checkout_id).await;
        kept += u32::from(is_there && number % 2 == 1);
    }
    let books = shelf.database.books().await.unwrap();
    assert_eq!(books.deposits, kept, "no deposit without its checkout");
    let old = NOW.plus_seconds(-30 * DAY);
    shelf.database.forget_unpaid(old, old).await.unwrap();
    let books = shelf.database.books().await.unwrap();
    assert_eq!((books.deposits, books.checkouts), (kept, kept + 60));
}

pub(in crate::store) async fn networks_are_forgotten_when_nobody_takes_turns_with_them_any_more(
    empty: impl AsyncFn() -> Empty,
) {
    let shelf = Shelf::new(empty).await;
    let mut ids = Vec::new();
    for expires_in in [-1, 0, 1] {
        let checkout = Checkout {
            network: Some(NetworkMark(7)),
            ..of_page(expires_in)
        };
        ids.push(shelf.add(checkout).await);
    }
    shelf.database.forget_networks(NOW).await.unwrap();
    let mut networks = Vec::new();
    for id in ids {
        let read = shelf.database.snapshot(id).await.unwrap().unwrap();
        networks.push(read.checkout.network);
    }
    let known = Some(NetworkMark(7));
    assert_eq!(networks, [None, known, known]);
}
