//! No more is sent back than has arrived, and each step leads where it says.

use checkout::wire::{DepositState, RefundState};
use checkout::{Address, Currency, Phase};

use super::{Refund, RefundError, RefundId, RefundOrder, RefundPlace, RefundStep, StepError};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::deposit::Deposit;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests::{NOW, amount, invoice, payment};

fn order(checkout: &Checkout, sent_back: &str) -> RefundOrder {
    let currency = Currency::find("USDT").unwrap();
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

/// Two invoices: 10 and 5 have arrived at the first, 2 at the second, and 100 in another currency or not for certain.
fn paid() -> (Checkout, Snapshot) {
    let checkout = payment();
    let invoices = vec![
        invoice(&checkout, 1, Phase::Completed),
        invoice(&checkout, 2, Phase::Paid),
    ];
    let deposit = |at: usize, id: &str, currency: &str, sent: &str, state| Deposit {
        paid_to: invoices[at].key,
        id: id.to_owned(),
        currency: currency.to_owned().into(),
        amount: amount(sent),
        state,
        transaction: None,
        sender: None,
        at: NOW,
        missing_since: None,
    };
    let deposits = vec![
        deposit(0, "a", "USDT", "10", DepositState::Confirmed),
        deposit(0, "b", "USDT", "5.000001", DepositState::Confirmed),
        deposit(1, "c", "USDT", "2", DepositState::Confirmed),
        deposit(1, "d", "ETH", "100", DepositState::Confirmed),
        deposit(1, "e", "USDT", "100", DepositState::Detected),
        deposit(1, "f", "USDT", "100", DepositState::Reviewing),
    ];
    let snapshot = Snapshot {
        invoices,
        deposits,
        ..Snapshot::new(checkout.clone())
    };
    (checkout, snapshot)
}

fn made(
    order: &RefundOrder,
    snapshot: &Snapshot,
    refunds: &[Refund],
) -> Result<Refund, RefundError> {
    order.decide(RefundId::random(), snapshot, refunds, NOW)
}

fn too_large(made: Result<Refund, RefundError>) -> (&'static str, String, String) {
    match made {
        Err(RefundError::TooLarge {
            of,
            received,
            taken,
            ..
        }) => (of, received.to_string(), taken.to_string()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn refunds_take_no_more_than_has_arrived_to_the_last_digit() {
    let (checkout, snapshot) = paid();
    let said =
        |of: &'static str, received: &str, taken: &str| (of, received.to_owned(), taken.to_owned());
    assert_eq!(
        too_large(made(&order(&checkout, "17.000002"), &snapshot, &[])),
        said("the checkout", "17.000001", "0")
    );
    let whole = made(&order(&checkout, "17.000001"), &snapshot, &[]).unwrap();
    assert_eq!(
        too_large(made(
            &order(&checkout, "0.000001"),
            &snapshot,
            std::slice::from_ref(&whole)
        )),
        said("the checkout", "17.000001", "17.000001")
    );
    let cancelled = whole.step(&RefundStep::Cancel, NOW).unwrap().unwrap();
    made(&order(&checkout, "17.000001"), &snapshot, &[cancelled]).unwrap();
    // What was received in another currency covers nothing of this one.
    let mut ether = order(&checkout, "100");
    ether.currency = Currency::find("ETH").unwrap();
    made(&ether, &snapshot, &[whole]).unwrap();
}

#[test]
fn a_refund_of_an_invoice_or_a_deposit_takes_no_more_than_that_has_received() {
    let (checkout, snapshot) = paid();
    let second = RefundOrder {
        invoice: Some(snapshot.invoices[1].key),
        ..order(&checkout, "2")
    };
    let of_second = made(&second, &snapshot, &[]).unwrap();
    let again = made(&second, &snapshot, std::slice::from_ref(&of_second));
    assert_eq!(too_large(again).0, "the invoice");
    let of_deposit = |id: &str, sent_back: &str| RefundOrder {
        deposit: Some(id.to_owned()),
        ..order(&checkout, sent_back)
    };
    let over = made(&of_deposit("b", "5.1"), &snapshot, &[]);
    assert_eq!(too_large(over).0, "the deposit");
    let part = made(
        &of_deposit("b", "5"),
        &snapshot,
        std::slice::from_ref(&of_second),
    )
    .unwrap();
    let more = made(
        &of_deposit("b", "0.000002"),
        &snapshot,
        std::slice::from_ref(&part),
    );
    assert_eq!(too_large(more).0, "the deposit");
    // Of a whole that others take parts of.
    let rest = made(
        &order(&checkout, "10.000002"),
        &snapshot,
        &[of_second, part],
    );
    assert_eq!(too_large(rest).0, "the checkout");
    for (order, field) in [
        (of_deposit("e", "1"), "deposit"),
        (of_deposit("d", "1"), "deposit"),
        (of_deposit("z", "1"), "deposit"),
        (
            RefundOrder {
                invoice: Some(snapshot.invoices[1].key),
                ..of_deposit("a", "1")
            },
            "deposit",
        ),
        (
            RefundOrder {
                invoice: Some(uuid::Uuid::from_u128(3)),
                ..order(&checkout, "1")
            },
            "invoice",
        ),
    ] {
        assert_eq!(
            made(&order, &snapshot, &[]),
            Err(RefundError::Unknown(field))
        );
    }
}

#[test]
fn each_step_leads_where_it_says_and_a_second_time_nowhere() {
    let (checkout, snapshot) = paid();
    let requested = made(&order(&checkout, "1"), &snapshot, &[]).unwrap();
    let send = |hash: &str| RefundStep::Send(hash.to_owned());
    let step = |refund: &Refund, step: &RefundStep| refund.step(step, NOW.plus_seconds(1));
    let approved = step(&requested, &RefundStep::Approve).unwrap().unwrap();
    let sent = step(&approved, &send("0xabc")).unwrap().unwrap();
    let cancelled = step(&requested, &RefundStep::Cancel).unwrap().unwrap();
    assert_eq!(step(&approved, &RefundStep::Approve), Ok(None));
    assert_eq!(step(&sent, &send("0xabc")), Ok(None));
    assert_eq!(
        step(&sent, &send("0xabd")),
        Err(StepError::OtherTransaction)
    );
    assert_eq!(step(&cancelled, &RefundStep::Cancel), Ok(None));
    let late = step(&approved, &RefundStep::Cancel).unwrap().unwrap();
    assert_eq!(late.state, RefundState::Cancelled);
    for (refund, wrong) in [
        (&requested, send("0xabc")),
        (&sent, RefundStep::Approve),
        (&sent, RefundStep::Cancel),
        (&cancelled, RefundStep::Approve),
        (&cancelled, send("0xabc")),
    ] {
        let refused = step(refund, &wrong);
        assert!(
            matches!(refused, Err(StepError::WrongState { .. })),
            "{wrong:?}"
        );
    }
    assert_eq!(sent.transaction.as_deref(), Some("0xabc"));
    assert_eq!(sent.approved_at, Some(NOW.plus_seconds(1)));
    assert_eq!(sent.sent_at, Some(NOW.plus_seconds(1)));
}

#[test]
fn places_are_read_as_they_are_written() {
    let place = RefundPlace {
        requested_at: NOW,
        id: RefundId::random(),
    };
    assert_eq!(RefundPlace::parse(&place.to_string()), Some(place));
    for text in [
        "",
        "1",
        "1.",
        ".x",
        "01.x",
        &format!("+{place}"),
        &format!("{place} "),
    ] {
        assert_eq!(RefundPlace::parse(text), None, "{text}");
    }
}
