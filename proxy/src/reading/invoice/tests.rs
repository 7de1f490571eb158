//! Freshness: what they change, and what they must never change.

use checkout::{Currency, InvoiceStatus, Phase, Timestamp};

use super::{Change, made, next};
use crate::checkouts::alarm::Alarm;
use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::checkout::Order;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::quote::Fit;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests::{self as sample, NOW};
use crate::checkouts::unsound::Unsound;
use crate::reading::second::Second;

mod money;
mod second;
mod terms;

const ADDRESS: &str = "0xdAC17F958D2ee523a2206206994597C13D831ec7";

fn checkout() -> Checkout {
    sample::payment()
}

/// The gateway's answer, with members replaced or added.
fn seen(id: &str, currency: &str, state: &str, debit: &str, more: &str) -> calypso::Invoice {
    let json = format!(
        r#"{{"id":"{id}","invoiceAddress":"{ADDRESS}","type":"SINGLE_FIAT","totalDebitAmount":{debit},"amount":10.5,"currency":"{currency}",
            "state":"{state}","description":"Order 1001","createdDate":"{}","expiration":"{}","fiatAmount":25,"fiatCurrency":"EUR"{more}}}"#,
        NOW,
        NOW.plus_seconds(3600)
    );
    serde_json::from_str(&json).unwrap()
}

/// What follows from a reading whose amount is asked for as it was.
fn step(
    known: &Invoice,
    snapshot: &Snapshot,
    seen: &calypso::Invoice,
    now: Timestamp,
) -> Result<Option<Change>, Unsound> {
    next(known, snapshot, seen, Fit::Unasked, now)
}

/// A new invoice that was read in this state.
fn invoice(checkout: &Checkout, code: &str, state: &str, debit: &str) -> Invoice {
    let currency = Currency::find(code).unwrap();
    let request = InvoiceAttempt::new(checkout, currency, 1, NOW);
    let new = seen(code, code, "PENDING_PAYMENT", "0", "");
    let (new, alarms) = made(checkout, &request, &new, Fit::Fits, NOW).unwrap();
    assert_eq!(alarms, []);
    let before = snapshot(checkout.clone(), vec![new.clone()]);
    let read = seen(code, code, state, debit, "");
    step(&new, &before, &read, NOW)
        .unwrap()
        .map_or(new, |change| change.invoice)
}

fn snapshot(checkout: Checkout, invoices: Vec<Invoice>) -> Snapshot {
    Snapshot {
        invoices,
        ..Snapshot::new(checkout)
    }
}

#[test]
fn the_same_reading_twice_changes_nothing() {
    let checkout = checkout();
    let known = invoice(&checkout, "USDT", "PENDING_PAYMENT", "0");
    let snapshot = snapshot(checkout, vec![known.clone()]);
    for debit in ["0", "0.0", "0.000000", "0e5"] {
        let again = seen("USDT", "USDT", "PENDING_PAYMENT", debit, "");
        assert!(
            step(&known, &snapshot, &again, NOW).unwrap().is_none(),
            "{debit}"
        );
    }
    let moved = step(
        &known,
        &snapshot,
        &seen("USDT", "USDT", "PAID", "10.5", ""),
        NOW,
    )
    .unwrap()
    .unwrap();
    assert_eq!(
        (moved.invoice.phase, moved.second, moved.alarms),
        (Phase::Paid, None, vec![])
    );
}

#[test]
fn every_status_in_every_phase_obeys_the_laws() {
    let statuses = [
        "PENDING_PAYMENT",
        "MEM_POOL_FOUND",
        "PENDING_COMPLIANCE_CHECK",
        "DECLINED",
        "PAID",
        "PENDING_INTERVENTION",
        "COMPLETED",
        "ARCHIVED",
        "CANCEL",
        "SOMETHING_NEW",
        "",
    ];
    let checkout = checkout();
    for phase in Phase::ALL {
        for status in statuses {
            for late in [NOW, NOW.plus_seconds(7200)] {
                let mut known = invoice(&checkout, "USDT", "PENDING_PAYMENT", "0");
                known.phase = phase;
                let snapshot = snapshot(checkout.clone(), vec![known.clone()]);
                let change = step(
                    &known,
                    &snapshot,
                    &seen("USDT", "USDT", status, "10.5", ""),
                    late,
                )
                .unwrap();
                let after = change.map_or(phase, |change| change.invoice.phase);
                if matches!(InvoiceStatus::from(status), InvoiceStatus::Unknown(_)) {
                    let by_money = match phase {
                        // Archived and expired without money: it came after the end.
                        Phase::Expired | Phase::Archived => Phase::Intervention,
                        Phase::Choosing | Phase::Awaiting | Phase::Detected | Phase::Underpaid => {
                            if late == NOW {
                                Phase::Detected
                            } else {
                                Phase::Intervention
                            }
                        }
                        other => other,
                    };
                    assert_eq!(
                        after, by_money,
                        "an unknown status says nothing, its money does"
                    );
                }
                if after.is_paid() && !phase.is_paid() {
                    assert!(
                        ["PAID", "COMPLETED"].contains(&status),
                        "{phase} by {status} became {after}"
                    );
                }
                if phase.is_paid() {
                    assert!(after.is_paid(), "{phase} by {status} became {after}");
                }
            }
        }
    }
}

#[test]
fn what_was_received_does_not_shrink_after_it_was_paid() {
    let checkout = checkout();
    let known = invoice(&checkout, "USDT", "PAID", "10.5");
    let mut snapshot = snapshot(checkout, vec![known.clone()]);
    for status in [
        "PENDING_PAYMENT",
        "ARCHIVED",
        "DECLINED",
        "CANCEL",
        "MEM_POOL_FOUND",
    ] {
        let seen = seen("USDT", "USDT", status, "0", "");
        let change = step(&known, &snapshot, &seen, NOW).unwrap().unwrap();
        assert!(change.invoice.is_unchanged(&known), "{status}");
        let names: Vec<&str> = change
            .alarms
            .iter()
            .map(|alarm| alarm.kind.as_str())
            .collect();
        assert_eq!(names, ["received_shrank", "status_went_back"], "{status}");
    }
    for name in ["received_shrank", "status_went_back"] {
        snapshot.alarms.push(Alarm {
            invoice: known.key,
            kind: name.to_owned(),
            detail: String::new(),
            at: NOW,
        });
    }
    let seen = seen("USDT", "USDT", "ARCHIVED", "0", "");
    assert!(
        step(&known, &snapshot, &seen, NOW).unwrap().is_none(),
        "said once"
    );
}

#[test]
fn an_invoice_found_long_after_its_request_may_be_over() {
    let checkout = checkout();
    let currency = Currency::find("USDT").unwrap();
    let request = InvoiceAttempt::new(&checkout, currency, 1, NOW);
    let answer = seen("USDT", "USDT", "ARCHIVED", "0", "");
    let soon = made(
        &checkout,
        &request,
        &answer,
        Fit::Fits,
        NOW.plus_seconds(3600),
    );
    assert!(matches!(soon, Err(Unsound::AlreadyExpired { .. })));
    let (found, _) = made(
        &checkout,
        &request,
        &answer,
        Fit::Fits,
        NOW.plus_seconds(3601),
    )
    .unwrap();
    assert_eq!(found.phase, Phase::Expired);
}

pub(super) fn topup() -> (Checkout, InvoiceAttempt) {
    let checkout = sample::made(Order {
        description: "Top up".to_owned(),
        ..sample::order(Purpose::Topup)
    });
    let request = InvoiceAttempt::new(&checkout, Currency::find("USDT").unwrap(), 1, NOW);
    assert_eq!(request.expiration, None, "it has no end");
    (checkout, request)
}

pub(super) fn unlimited(kind: &str, currency: &str, state: &str, debit: &str) -> calypso::Invoice {
    let json = format!(
        r#"{{"id":"u","invoiceAddress":"{ADDRESS}","type":"{kind}","totalDebitAmount":{debit},"currency":"{currency}","state":"{state}",
            "description":"Top up","expiration":"{NOW}"}}"#
    );
    serde_json::from_str(&json).unwrap()
}

#[test]
fn a_top_ups_invoice_has_no_amount_and_no_end() {
    let (checkout, request) = topup();
    let _usdt = Currency::find("USDT").unwrap();
    let make = |seen: &calypso::Invoice| {
        made(&checkout, &request, seen, Fit::Unasked, NOW).map(|(invoice, _)| invoice)
    };
    let invoice = make(&unlimited("UNLIMITED", "USDT", "PENDING_PAYMENT", "0")).unwrap();
    assert_eq!(invoice.amount, None);
    assert_eq!(
        invoice.expires_at, checkout.expires_at,
        "an expiration means nothing here"
    );
    assert_eq!(invoice.phase, Phase::Awaiting);
    assert_eq!(invoice.reprice_at(NOW), None);
    assert_eq!(invoice.phase_at(checkout.expires_at), Phase::Expired);
    assert!(make(&unlimited("UNLIMITED", "ETH", "PENDING_PAYMENT", "0")).is_err());
    for kind in ["SINGLE", "SINGLE_FIAT", "BOUND", "NEW"] {
        assert!(
            matches!(
                make(&unlimited(kind, "USDT", "PENDING_PAYMENT", "0")),
                Err(Unsound::OtherKind { .. })
            ),
            "{kind}"
        );
    }
}

#[test]
fn money_never_moves_a_top_up_and_only_the_gateway_ends_it() {
    let (checkout, request) = topup();
    let _usdt = Currency::find("USDT").unwrap();
    let first = unlimited("UNLIMITED", "USDT", "PENDING_PAYMENT", "0");
    let (known, _) = made(&checkout, &request, &first, Fit::Unasked, NOW).unwrap();
    let snapshot = snapshot(checkout, vec![known.clone()]);
    for state in [
        "PENDING_PAYMENT",
        "MEM_POOL_FOUND",
        "PENDING_COMPLIANCE_CHECK",
        "DECLINED",
        "PAID",
        "PENDING_INTERVENTION",
        "COMPLETED",
        "SOMETHING_NEW",
    ] {
        for debit in ["0", "5", "7.5"] {
            let known = &known;
            let seen = unlimited("UNLIMITED", "USDT", state, debit);
            let change = step(known, &snapshot, &seen, NOW).unwrap();
            let Some(change) = change else { continue };
            assert_eq!(change.invoice.phase, Phase::Awaiting, "{state} {debit}");
            assert_eq!(change.second, None, "more is welcome");
        }
    }
    for state in ["ARCHIVED", "CANCEL"] {
        let seen = unlimited("UNLIMITED", "USDT", state, "5");
        let ended = step(&known, &snapshot, &seen, NOW)
            .unwrap()
            .unwrap()
            .invoice;
        assert_eq!(ended.phase, Phase::Archived);
        let back = step(&ended, &snapshot, &first, NOW)
            .unwrap()
            .unwrap()
            .invoice;
        assert_eq!(back.phase, Phase::Archived, "for good");
    }
}
