//! Refunds: kept once for each key, and never more than was received, however many ask at once.

use checkout::wire::{ChangeKind, RefundState};
use checkout::{Address, Amount};
use tokio::task::JoinSet;

use super::Empty;
use super::samples::{
    DAY, address, asked, caused, confirmed, currency, customer, finish, listed, to,
};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::key;
use crate::checkouts::refund::{
    Refund, RefundError, RefundId, RefundKey, RefundOrder, RefundPlace, RefundSearch, RefundStep,
};
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::reading::deposit_reading::PaidTo;
use crate::reading::history::Subject;
use crate::store::database::{Database, Refunded, Stepped};

fn order(checkout: &Checkout, sent_back: &str) -> RefundOrder {
    let currency = currency("USDT");
    RefundOrder {
        shop: checkout.shop.clone(),
        checkout: checkout.id,
        invoice: None,
        deposit: None,
        currency,
        amount: amount(sent_back),
        address: Address::parse(
            currency.network,
            "0xdAC17F958D2ee523a2206206994597C13D831ec7",
        )
        .unwrap(),
        reason: "paid too much".to_owned(),
    }
}

fn key_of(name: &str) -> RefundKey {
    RefundKey {
        key: name.to_owned(),
        fingerprint: [1; 32],
    }
}

async fn ask(database: &dyn Database, order: &RefundOrder, name: &str) -> Refunded {
    let (id, key) = (RefundId::random(), key_of(name));
    let asked = database.ask_refund(order.clone(), id, key, caused(NOW));
    asked.await.unwrap()
}

fn kept(refunded: Refunded) -> Refund {
    match refunded {
        Refunded::Kept(refund) => refund,
        other => panic!("{other:?}"),
    }
}

/// A payment to which so much has come.
async fn paid(database: &dyn Database, number: u128, received: &[&str]) -> Checkout {
    let (checkout, mut invoice) = asked(database, sample::payment_closing_in(DAY), number).await;
    invoice.address = address(number);
    finish(database, &invoice, NOW).await;
    let deposits: Vec<_> = received
        .iter()
        .enumerate()
        .map(|(at, sum)| confirmed(&format!("{number}-{at}"), sum, NOW))
        .collect();
    let list = listed(to(&invoice), &deposits);
    database.take_in_deposits(list).await.unwrap();
    checkout
}

pub(in crate::store) async fn a_refund_is_kept_once_for_its_key_and_read_back(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let checkout = paid(&*database, 1, &["10"]).await;
    let invoice = database.snapshot(checkout.id).await.unwrap().unwrap();
    let order = RefundOrder {
        invoice: Some(invoice.invoices[0].key),
        deposit: Some("1-0".to_owned()),
        ..order(&checkout, "4")
    };
    let first = kept(ask(&*database, &order, "r-1").await);
    assert_eq!(first.state, RefundState::Requested);
    assert_eq!(kept(ask(&*database, &order, "r-1").await), first);
    let other = RefundKey {
        fingerprint: [2; 32],
        ..key_of("r-1")
    };
    let reused = database.ask_refund(order.clone(), RefundId::random(), other, caused(NOW));
    assert_eq!(reused.await.unwrap(), Refunded::OtherRequest);
    let shop = ShopId::default();
    let read = database.refund(shop.clone(), first.id).await.unwrap();
    assert_eq!(read.as_ref(), Some(&first));
    let stranger = ShopId::parse("garden").unwrap();
    let of_stranger = database.refund(stranger.clone(), first.id).await.unwrap();
    assert_eq!(of_stranger, None);
    let crossed = RefundOrder {
        shop: stranger.clone(),
        ..order.clone()
    };
    assert_eq!(ask(&*database, &crossed, "r-1").await, Refunded::NoCheckout);
    let step = database.step_refund(stranger, first.id, RefundStep::Approve, caused(NOW));
    assert_eq!(step.await.unwrap(), Stepped::NoRefund);
    // Every step is read back, and told once.
    let send = RefundStep::Send("0xabcdef01".to_owned());
    for step in [RefundStep::Approve, RefundStep::Approve, send.clone(), send] {
        let stepped = database.step_refund(shop.clone(), first.id, step, caused(NOW));
        let Stepped::Stands(after) = stepped.await.unwrap() else {
            panic!("each leads on");
        };
        let read = database.refund(shop.clone(), first.id).await.unwrap();
        assert_eq!(read, Some(*after));
    }
    let cancel = database.step_refund(shop, first.id, RefundStep::Cancel, caused(NOW));
    assert!(matches!(cancel.await.unwrap(), Stepped::Refused(_)));
    let subject = vec![Subject::Checkout(checkout.id)];
    let history = database.history_of(subject, 0, 99).await.unwrap();
    let told: Vec<_> = history
        .into_iter()
        .filter(|recorded| recorded.entry.kind == ChangeKind::Refund)
        .map(|recorded| (recorded.entry.was, recorded.entry.became.unwrap()))
        .collect();
    let said = |state: &str| format!("{state} 4 USDT {}", first.id);
    let was = |state: &str| Some(state.to_owned());
    assert_eq!(
        told,
        [
            (None, said("requested")),
            (was("requested"), said("approved")),
            (was("approved"), said("sent")),
        ]
    );
}

/// Thirty ask at once for what there is ten times.
pub(in crate::store) async fn refunds_at_once_never_sum_up_to_more_than_was_received(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let checkout = paid(&*database, 1, &["0.7", "0.3"]).await;
    let mut asking = JoinSet::new();
    for number in 0..30 {
        let (database, order) = (database.shared(), order(&checkout, "0.1"));
        asking.spawn(async move {
            let asked = ask(&*database, &order, &format!("r-{number}")).await;
            if let Refunded::Kept(refund) = &asked
                && number % 3 == 0
            {
                let shop = ShopId::default();
                let cancel = RefundStep::Cancel;
                let stepped = database.step_refund(shop, refund.id, cancel, caused(NOW));
                stepped.await.unwrap();
            }
            asked
        });
    }
    let answers = asking.join_all().await;
    let kept = answers
        .iter()
        .filter(|one| matches!(one, Refunded::Kept(_)));
    assert!(kept.count() >= 10);
    for answer in &answers {
        let is_refused = matches!(
            answer,
            Refunded::Kept(_) | Refunded::Refused(RefundError::TooLarge { .. })
        );
        assert!(is_refused, "{answer:?}");
    }
    let search = RefundSearch::default();
    let all = database.refunds(ShopId::default(), search, None, 99).await;
    let taken = all
        .unwrap()
        .0
        .into_iter()
        .fold(Amount::ZERO, |sum, refund| {
            if refund.state == RefundState::Cancelled {
                sum
            } else {
                sum.checked_add(refund.order.amount).unwrap()
            }
        });
    assert!(taken <= amount("1"), "{taken}");
}

/// One customer's money is one sum, whatever checkout of theirs a refund names.
pub(in crate::store) async fn a_customers_refunds_are_one_sum_over_all_checkouts(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (one, other) = (sample::deposit(), sample::deposit());
    for checkout in [&one, &other] {
        database.add_checkout(checkout.clone()).await.unwrap();
    }
    let paid_to = PaidTo::Customer(key::customer(&customer("user-7")));
    let list = listed(paid_to, &[confirmed("a", "10", NOW)]);
    database.take_in_deposits(list).await.unwrap();
    kept(ask(&*database, &order(&one, "6"), "r-1").await);
    let more = ask(&*database, &order(&other, "5"), "r-2").await;
    assert!(matches!(
        more,
        Refunded::Refused(RefundError::TooLarge { .. })
    ));
    kept(ask(&*database, &order(&other, "4"), "r-3").await);
}

pub(in crate::store) async fn refunds_are_listed_the_newest_first_page_by_page(
    empty: impl AsyncFn() -> Empty,
) {
    let database = empty().await;
    let (one, other) = (
        paid(&*database, 1, &["10"]).await,
        paid(&*database, 2, &["10"]).await,
    );
    let mut expected = Vec::new();
    for (number, checkout) in [&one, &other, &one, &one].into_iter().enumerate() {
        let seconds = i64::try_from(number / 2).unwrap();
        let cause = caused(NOW.plus_seconds(seconds));
        let (id, key) = (RefundId::random(), key_of(&format!("r-{number}")));
        let asked = database.ask_refund(order(checkout, "1"), id, key, cause);
        expected.push(kept(asked.await.unwrap()));
    }
    expected.sort_by_key(|refund| (refund.requested_at, refund.id.to_string()));
    expected.reverse();
    let shop = ShopId::default();
    let approved = expected[2].id;
    let step = database.step_refund(shop.clone(), approved, RefundStep::Approve, caused(NOW));
    step.await.unwrap();
    let page = async |search: RefundSearch, after: Option<RefundPlace>, most| {
        let page = database.refunds(shop.clone(), search, after, most).await;
        let (page, more) = page.unwrap();
        let ids: Vec<_> = page.iter().map(|refund| refund.id).collect();
        (ids, more)
    };
    let all: Vec<_> = expected.iter().map(|refund| refund.id).collect();
    for most in 1..=5 {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let (ids, more) = page(RefundSearch::default(), after, most).await;
            found.extend(ids);
            after = more;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, all, "{most} a page");
    }
    let of_other = RefundSearch {
        checkout: Some(other.id),
        state: None,
    };
    assert_eq!(page(of_other, None, 9).await.0.len(), 1);
    let in_state = RefundSearch {
        checkout: None,
        state: Some(RefundState::Approved),
    };
    assert_eq!(page(in_state, None, 9).await, (vec![approved], None));
    let stranger = ShopId::parse("garden").unwrap();
    let nobodys = database.refunds(stranger, RefundSearch::default(), None, 9);
    assert_eq!(nobodys.await.unwrap().0, []);
}
