//! Checkouts: kept as they are made.

use super::Empty;
use super::samples::{DAY, address, asked, caused, customer};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::checkout::{Checkout, Order};
use crate::checkouts::links::ShopLinks;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::tests::{self as sample, NOW};
use crate::checkouts::unsound::Unsound;
use crate::input::network_mark::NetworkMark;
use crate::reading::events::tests::teller;
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
            .finish_attempt(invoice, vec![alarm], caused(NOW), teller())
            .await;
        assert_eq!(finished.unwrap(), Finished::Kept);
        reading.await.unwrap();
    }
}
