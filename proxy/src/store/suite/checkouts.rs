//! Checkouts: kept as they are made, listed by the merchant's own id.

use super::Empty;
use super::samples::{DAY, address, asked, caused, customer};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::checkout::{Checkout, Order};
use crate::checkouts::links::ShopLinks;
use crate::checkouts::list_cursor::ListCursor;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::checkouts::unsound::Unsound;
use crate::input::network_mark::NetworkMark;
use crate::store::error::StoreError;
use crate::store::outcome::Finished;

pub(in crate::store) async fn what_is_written_is_read_back(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let links = ShopLinks {
        return_url: Some("https://shop.example/thanks".to_owned()),
        support_url: Some("https://shop.example/".to_owned()),
        logo_url: Some("https://shop.example/logo.png".to_owned()),
    };
    let payment = Order {
        external_id: Some("o-1".to_owned()),
        product: Some("demo-order".to_owned()),
        links,
        ..sample::order(sample::price())
    };
    let purposes = [Purpose::Topup, Purpose::Deposit(customer("user-7"))];
    let orders = purposes.map(sample::order).into_iter().chain([payment]);
    for order in orders {
        let written = Checkout {
            network: Some(NetworkMark(-7)),
            ..sample::made(order)
        };
        database.add_checkout(written.clone()).await.unwrap();
        let read = database.snapshot(written.id).await.unwrap().unwrap();
        assert_eq!(format!("{:?}", read.checkout), format!("{written:?}"));
        assert!(read.invoices.is_empty() && read.purse.is_none());
        assert!(read.deposits.is_empty() && read.alarms.is_empty());
    }
    let never_made = sample::payment().id;
    assert!(database.snapshot(never_made).await.unwrap().is_none());
}

pub(in crate::store) async fn a_checkout_is_kept_once(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    let first = sample::payment();
    database.add_checkout(first.clone()).await.unwrap();
    let second = Checkout {
        description: "Order 1002".to_owned(),
        ..first.clone()
    };
    let refused = database.add_checkout(second).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
    let read = database.snapshot(first.id).await.unwrap().unwrap();
    assert_eq!(read.checkout.description, first.description);
}

pub(in crate::store) async fn a_merchants_own_id_lists_the_newest_first_page_by_page(
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
    for most in 1..=6 {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = database.checkouts_of(ShopId::default(), "o-1".to_owned(), after, most);
            let (page, last) = page.await.unwrap();
            assert!(page.len() <= usize::try_from(most).unwrap());
            let place = |checkout: &Checkout| ListCursor {
                created_at: checkout.created_at,
                id: checkout.id,
            };
            let places: Vec<_> = page.iter().map(|page| place(&page.checkout)).collect();
            if last.is_some() {
                assert_eq!(last, places.last().copied());
            }
            found.extend(places.iter().map(|at| (at.created_at, at.id.to_string())));
            after = last;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{most} a page");
    }
    let nobodys = database.checkouts_of(ShopId::default(), "o-3".to_owned(), None, 9);
    assert_eq!(nobodys.await.unwrap().0.len(), 0);
}

/// An invoice and its alarm are one change: whoever reads meanwhile sees both or neither.
pub(in crate::store) async fn a_snapshot_is_one_consistent_view(empty: impl AsyncFn() -> Empty) {
    let database = empty().await;
    for number in 1..=20 {
        let (checkout, mut invoice) =
            asked(&*database, sample::payment_closing_in(DAY), number).await;
        invoice.address = address(number);
        let reading = tokio::spawn({
            let database = database.shared();
            async move {
                loop {
                    let read = database.snapshot(checkout.id).await.unwrap().unwrap();
                    assert_eq!(read.invoices.len(), read.alarms.len());
                    if !read.invoices.is_empty() {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            }
        });
        let alarm = Alarm::new(invoice.key, &Unsound::BadTransaction, NOW);
        let finished = database
            .finish_attempt(invoice, vec![alarm], caused(NOW))
            .await;
        assert_eq!(finished.unwrap(), Finished::Kept);
        reading.await.unwrap();
    }
}
