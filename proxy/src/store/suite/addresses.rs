//! Addresses: at one time each serves one invoice, or one customer.

use checkout::Phase;

use super::Empty;
use super::samples::{DAY, asked, customer, finish};
use crate::checkouts::customer::Purse;
use crate::checkouts::invoice::{WATCHED_AFTER_EXPIRY, WATCHED_WHEN_OVER};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::gateway::source::Source;
use crate::store::database::Database;
use crate::store::outcome::{Finished, KeptPurse};

pub(in crate::store) async fn one_address_serves_one_invoice_for_as_long_as_it_is_watched(
    empty: impl AsyncFn() -> Empty,
) {
    for phase in Phase::ALL {
        let database = empty().await;
        let payment = || sample::payment_closing_in(DAY);
        let (_, mut first) = asked(&*database, payment(), 1).await;
        first.phase = phase;
        assert_eq!(finish(&*database, &first, NOW).await, Finished::Kept);
        assert_eq!(
            finish(&*database, &first, NOW).await,
            Finished::Kept,
            "a retry finds its own"
        );
        let (checkout, mut second) = asked(&*database, payment(), 1).await;
        assert_eq!(finish(&*database, &second, NOW).await, Finished::SharedId);
        second.gateway_id = "2".to_owned();
        let end = first.latest_expiry.plus_seconds(watch_seconds(phase));
        for now in [NOW, end.plus_millis(-1)] {
            assert!(first.is_watched(now), "{phase}");
            let finished = finish(&*database, &second, now).await;
            assert_eq!(finished, Finished::SharedAddress, "{phase}");
            let kept = database.snapshot(checkout.id).await.unwrap().unwrap();
            assert_eq!(kept.invoices.len(), 0, "nothing of it is kept");
            assert_eq!(
                database
                    .started_attempts(ShopId::default(), 9)
                    .await
                    .unwrap()
                    .len(),
                1
            );
        }
        assert!(!first.is_watched(end), "{phase}");
        assert_eq!(finish(&*database, &second, end).await, Finished::Kept);
    }
}

/// How long after its expiry a payment's invoice is watched.
fn watch_seconds(phase: Phase) -> i64 {
    match phase {
        Phase::Completed | Phase::Expired | Phase::Archived => WATCHED_WHEN_OVER,
        _ => WATCHED_AFTER_EXPIRY,
    }
}

pub(in crate::store) async fn an_invoices_address_is_no_customers_for_as_long_as_it_is_watched(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (_, mut invoice) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    invoice.phase = Phase::Expired;
    assert_eq!(finish(&*database, &invoice, NOW).await, Finished::Kept);
    known(&*database, "user-7").await;
    let purse = |confirmed_at| Purse {
        customer: customer("user-7"),
        gateway_id: "user-7".to_owned(),
        currency: invoice.currency,
        address: invoice.address.clone(),
        confirmed_at,
    };
    let end = invoice.latest_expiry.plus_seconds(WATCHED_WHEN_OVER);
    for now in [NOW, end.plus_millis(-1)] {
        let kept = database.keep_purse(purse(now), Source::Page).await;
        assert_eq!(kept.unwrap(), KeptPurse::Taken);
        let due = database
            .due_customers(ShopId::default(), now.plus_seconds(DAY), 9)
            .await;
        assert_eq!(due.unwrap().len(), 0, "nothing of it is kept");
    }
    let kept = database.keep_purse(purse(end), Source::Page).await;
    assert_eq!(kept.unwrap(), KeptPurse::Kept);
    // Once it is the customer's, no invoice gets it.
    let (_, mut next) = asked(&*database, sample::payment_closing_in(DAY), 2).await;
    next.address = invoice.address.clone();
    assert_eq!(
        finish(&*database, &next, end).await,
        Finished::SharedAddress
    );
}

pub(in crate::store) async fn the_address_of_a_top_up_is_no_customers_however_old_it_is(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (_, mut topup) = asked(&*database, sample::topup(), 1).await;
    topup.amount = None;
    assert_eq!(finish(&*database, &topup, NOW).await, Finished::Kept);
    known(&*database, "user-7").await;
    let purse = Purse {
        customer: customer("user-7"),
        gateway_id: "user-7".to_owned(),
        currency: topup.currency,
        address: topup.address.clone(),
        confirmed_at: NOW.plus_seconds(3 * 365 * DAY),
    };
    let kept = database.keep_purse(purse, Source::Page).await;
    assert_eq!(kept.unwrap(), KeptPurse::Taken);
}

pub(in crate::store) async fn a_customers_address_is_no_invoices_and_no_other_customers(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (checkout, invoice) = asked(&*database, sample::payment_closing_in(DAY), 1).await;
    let purse = |name: &str, code: &str| Purse {
        customer: customer(name),
        gateway_id: name.to_owned(),
        currency: super::samples::currency(code),
        address: invoice.address.clone(),
        confirmed_at: NOW.plus_seconds(-1000 * DAY),
    };
    for name in ["user-7", "user-8"] {
        known(&*database, name).await;
    }
    let kept = database
        .keep_purse(purse("user-7", "ETH"), Source::Page)
        .await;
    assert_eq!(kept.unwrap(), KeptPurse::Kept);
    assert_eq!(
        finish(&*database, &invoice, NOW).await,
        Finished::SharedAddress
    );
    let read = database.snapshot(checkout.id).await.unwrap().unwrap();
    assert_eq!(read.invoices.len(), 0);
    let kept = database
        .keep_purse(purse("user-8", "ETH"), Source::Page)
        .await;
    assert_eq!(kept.unwrap(), KeptPurse::Taken);
    // Currencies of one family of networks have one address.
    let kept = database
        .keep_purse(purse("user-7", "USDT"), Source::Page)
        .await;
    assert_eq!(kept.unwrap(), KeptPurse::Kept);
}

/// Makes a customer whom the gateway calls as we do.
async fn known(database: &dyn Database, name: &str) {
    database.start_customer(customer(name), NOW).await.unwrap();
    let made = database.finish_customer(customer(name), name.to_owned());
    assert_eq!(made.await.unwrap().as_deref(), Some(name));
}
