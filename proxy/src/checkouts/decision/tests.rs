//! Nothing is archived while money is in sight, and nothing is done before a reading shows it.

use checkout::wire::DepositState;
use checkout::{InterventionKind, InvoiceStatus, Phase};

use super::{Act, Decision, DecisionName, DecisionState, Objection, Said};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::deposit::Deposit;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests::{NOW, amount, deposit, invoice, payment, topup};

fn snapshot(checkout: &Checkout, invoices: Vec<Invoice>) -> Snapshot {
    Snapshot {
        invoices,
        ..Snapshot::new(checkout.clone())
    }
}

fn decided(checkout: &Checkout, act: Act, invoice: Option<&Invoice>) -> Decision {
    Decision {
        name: DecisionName {
            checkout: checkout.id,
            act,
            invoice: invoice.map(|invoice| invoice.key),
        },
        shop: checkout.shop.clone(),
        decided_at: NOW,
        state: DecisionState::Open,
    }
}

fn sent(to: &Invoice, state: DepositState, missing: bool) -> Deposit {
    Deposit {
        paid_to: to.key,
        id: "d-1".to_owned(),
        currency: "USDT".to_owned().into(),
        amount: amount("1"),
        state,
        transaction: None,
        sender: None,
        at: NOW,
        missing_since: missing.then_some(NOW),
    }
}

#[test]
fn no_payment_is_archived_while_money_is_in_sight() {
    let checkout = payment();
    for phase in Phase::ALL {
        for received in ["0", "1"] {
            let mut one = invoice(&checkout, 1, phase);
            one.received = amount(received);
            let other = invoice(&checkout, 2, Phase::Awaiting);
            let has_money = one.has_money();
            let stands = snapshot(&checkout, vec![one, other]);
            let archive = decided(&checkout, Act::Archive, None);
            let objection = has_money.then_some(Objection::MoneyInSight);
            assert_eq!(archive.name.objection(&stands), objection, "{phase}");
            let state = archive.settled(&stands, false, Said::Yes, NOW);
            let expected = if has_money {
                DecisionState::Withdrawn
            } else {
                DecisionState::Open
            };
            assert_eq!(state, expected, "{phase} {received}");
        }
    }
}

#[test]
fn a_deposit_is_money_in_sight_before_its_invoice_says_so() {
    let (checkout, top_up) = (payment(), topup());
    for (state, missing, of_payment, of_topup) in [
        (DepositState::Detected, false, true, true),
        (DepositState::Detected, true, false, false),
        (DepositState::Reviewing, false, true, true),
        (DepositState::Confirmed, false, true, false),
        (DepositState::Declined, false, false, false),
    ] {
        let to = invoice(&checkout, 1, Phase::Awaiting);
        let mut stands = snapshot(&checkout, vec![to.clone()]);
        stands.deposits = vec![sent(&to, state, missing)];
        assert_eq!(stands.has_money_in_sight(), of_payment, "{state}");
        // What was decided about once is no reason any more.
        stands.invoices[0].phase = Phase::Archived;
        let again = state != DepositState::Confirmed && of_payment;
        assert_eq!(stands.has_money_in_sight(), again, "{state}");
        let mut to = invoice(&top_up, 1, Phase::Awaiting);
        to.amount = None;
        to.received = amount("7");
        let mut stands = snapshot(&top_up, vec![to.clone()]);
        stands.deposits = vec![sent(&to, state, missing)];
        assert_eq!(stands.has_money_in_sight(), of_topup, "{state}");
        // A page that is closed need not be opened for it.
        let archive = decided(&top_up, Act::Archive, None);
        let settled = archive.settled(&stands, false, Said::Nothing, NOW);
        assert_eq!(settled, DecisionState::Open, "{state}");
        let mut customers = snapshot(&deposit(), vec![]);
        customers.deposits = stands.deposits;
        assert!(!customers.has_money_in_sight());
    }
}

#[test]
fn an_archive_is_done_when_no_address_is_left_that_takes_money() {
    let checkout = payment();
    let archive = decided(&checkout, Act::Archive, None);
    let settled = |invoices: &[Invoice], is_making, now| {
        archive.settled(
            &snapshot(&checkout, invoices.to_vec()),
            is_making,
            Said::Nothing,
            now,
        )
    };
    assert_eq!(settled(&[], false, NOW), DecisionState::Done);
    assert_eq!(settled(&[], true, NOW), DecisionState::Open);
    let (waits, over) = (
        invoice(&checkout, 1, Phase::Awaiting),
        invoice(&checkout, 2, Phase::Archived),
    );
    let both = [waits.clone(), over];
    assert_eq!(settled(&both, false, NOW), DecisionState::Open);
    assert_eq!(settled(&both[1..], false, NOW), DecisionState::Done);
    // The gateway archives it by itself when its time is over.
    assert_eq!(settled(&both, false, waits.expires_at), DecisionState::Done);
    let top_up = topup();
    let mut endless = invoice(&top_up, 3, Phase::Awaiting);
    endless.amount = None;
    let archive = decided(&top_up, Act::Archive, None);
    assert_eq!(archive.may_archive_from(&waits), NOW);
    let day_later = NOW.plus_seconds(24 * 60 * 60);
    assert_eq!(archive.may_archive_from(&endless), day_later);
    let after = endless.expires_at.plus_seconds(90 * 24 * 60 * 60);
    let stands = snapshot(&top_up, vec![endless]);
    let state = archive.settled(&stands, false, Said::Yes, after);
    assert_eq!(state, DecisionState::Open);
}

#[test]
fn an_intervention_is_decided_by_what_the_gateway_says_of_its_invoice() {
    let checkout = payment();
    for status in InvoiceStatus::KNOWN {
        let mut one = invoice(&checkout, 1, Phase::Intervention);
        one.status = status.clone();
        for kind in [None, Some(InterventionKind::Underpay)] {
            one.intervention = kind.clone();
            let stands = snapshot(&checkout, vec![one.clone()]);
            let objects = |act| {
                let decision = decided(&checkout, act, Some(&one));
                decision.name.objection(&stands).is_some()
            };
            let pending = *status == InvoiceStatus::PendingIntervention;
            let credited = *status == InvoiceStatus::Completed && kind.is_some();
            // Called paid, with too little for that.
            let called = matches!(status, InvoiceStatus::Paid | InvoiceStatus::Completed);
            assert_eq!(objects(Act::ReturnToPaid), !pending && !called, "{status}");
            assert_eq!(objects(Act::Close), !credited, "{status}");
        }
    }
    let stranger = invoice(&checkout, 2, Phase::Intervention);
    let name = decided(&checkout, Act::ReturnToPaid, Some(&stranger)).name;
    let stands = snapshot(&checkout, vec![]);
    assert_eq!(name.objection(&stands), Some(Objection::NoInvoice));
    let other = snapshot(&topup(), vec![stranger]);
    assert_eq!(name.objection(&other), Some(Objection::NoPayment));
}

/// Whatever the gateway answered to the call: only a reading says that it is paid.
#[test]
fn it_is_paid_when_a_reading_says_so_and_never_before() {
    let checkout = payment();
    for said in [Said::Nothing, Said::Yes, Said::No] {
        for phase in Phase::ALL {
            let mut one = invoice(&checkout, 1, phase);
            one.status = InvoiceStatus::PendingIntervention;
            let decision = decided(&checkout, Act::ReturnToPaid, Some(&one));
            let state = |one: &Invoice| {
                let stands = snapshot(&checkout, vec![one.clone()]);
                decision.settled(&stands, false, said, NOW)
            };
            let waits = match said {
                Said::No => DecisionState::Refused,
                Said::Nothing | Said::Yes => DecisionState::Open,
            };
            let expected = if phase.is_paid() {
                DecisionState::Done
            } else {
                waits
            };
            assert_eq!(state(&one), expected, "{phase} {said:?}");
            // Sent back to the buyer instead.
            one.status = InvoiceStatus::Archived;
            let over = if phase.is_paid() {
                DecisionState::Done
            } else {
                DecisionState::Refused
            };
            assert_eq!(state(&one), over, "{phase} {said:?}");
        }
    }
}

#[test]
fn the_gateway_is_told_again_ever_later_and_each_hour_in_the_end() {
    let decision = decided(&payment(), Act::Archive, None);
    let pause = |age: i64| {
        let now = NOW.plus_seconds(age);
        decision.next_try(now).millis_since(now) / 1000
    };
    assert_eq!(
        [0, 100, 800, 8_000, 1_000_000].map(pause),
        [30, 30, 100, 1_000, 3_600]
    );
    assert_eq!(pause(-100), 30, "whatever the clock says");
}
