//! What a history cannot say, one case for each fault.

use checkout::wire::ChangeKind;
use checkout::{Phase, Timestamp};
use uuid::Uuid;

use super::{Audit, Fault, leads};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::tests::amount;
use crate::gateway::source::Source;
use crate::reading::history::{Cause, Entry, Recorded, Subject};

/// Histories are told as `kind was became`, `-` for nothing.
fn told(lines: &[&str]) -> Audit {
    let subject = Subject::Checkout(CheckoutId::random());
    let mut audit = Audit::default();
    for (seq, line) in (1..).zip(lines) {
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        let text = |word: &str| Some(word.to_owned()).filter(|word| word != "-");
        audit.note(&Recorded {
            seq,
            entry: Entry {
                subject,
                cause: Cause {
                    source: Source::Poll,
                    at: Timestamp::from_millis(seq),
                },
                kind: words[0].parse::<ChangeKind>().unwrap(),
                invoice: Some(Uuid::from_u128(1)),
                deposit: Some("d".to_owned()),
                was: text(words[1]),
                became: text(words[2]),
            },
        });
    }
    audit
}

fn faults(lines: &[&str]) -> Vec<Fault> {
    let beginning = ["created - payment", "invoice_made - USDT 10"];
    told(&[&beginning[..], lines].concat()).faults().to_vec()
}

#[test]
fn a_payment_from_its_making_to_its_credit_can_be_true() {
    let audit = told(&[
        "created - payment",
        "alarm - no_id",
        "invoice_made - USDT 10",
        "phase awaiting detected",
        "received 0 10",
        "deposit_confirmed - 10 USDT",
        "phase detected paid",
        "second_payment - again: 20",
        "received 10 20",
        "phase paid completed",
    ]);
    assert_eq!(audit.faults(), []);
    assert_eq!((audit.entries(), audit.all_counted().count()), (10, 1));
    let standing = audit.invoice(Uuid::from_u128(1)).unwrap();
    assert_eq!(
        (standing.phase, standing.received),
        (Phase::Completed, amount("20"))
    );
    assert_eq!(audit.counted(Uuid::from_u128(1), "d"), Some("10 USDT"));
    assert_eq!(audit.counted(Uuid::from_u128(2), "d"), None);
    assert_eq!(audit.subjects().count(), 1);
}

#[test]
fn what_was_there_before_the_history_is_where_it_begins() {
    let old = ["kept_before - payment", "kept_before - paid 10 USDT"];
    let old = &old[..];
    // The first one is about the checkout, whatever invoice this test gives it.
    let mut audit = told(&["created - payment", old[1], "phase paid completed"]);
    assert_eq!(audit.faults(), []);
    audit = told(&["created - payment", old[1], "phase paid awaiting"]);
    assert_eq!(audit.faults().len(), 1);
}

#[test]
fn each_fault_is_found() {
    let no_beginning = |seq, kind| Fault::NoBeginning { seq, kind };
    assert_eq!(
        told(&["phase awaiting paid"]).faults(),
        [no_beginning(1, ChangeKind::Phase)]
    );
    assert_eq!(
        told(&["created - payment", "fee - 1"]).faults(),
        [no_beginning(2, ChangeKind::Fee)]
    );
    let begun = |seq, kind| Fault::BegunTwice { seq, kind };
    assert_eq!(
        faults(&["created - payment", "invoice_made - USDT 10"]),
        [
            begun(3, ChangeKind::Created),
            begun(4, ChangeKind::InvoiceMade)
        ]
    );
    assert_eq!(
        faults(&["phase detected paid"]),
        [Fault::Gap {
            seq: 3,
            kind: ChangeKind::Phase,
            was: "detected".to_owned(),
            known: "awaiting".to_owned()
        }]
    );
    assert_eq!(
        faults(&["phase awaiting paid", "phase paid expired"]),
        [Fault::NoWay {
            seq: 4,
            from: Phase::Paid,
            to: Phase::Expired
        }]
    );
    assert_eq!(
        faults(&["received 0 10", "received 10 9.999"]),
        [Fault::ReceivedFell {
            seq: 4,
            from: amount("10"),
            to: amount("9.999")
        }]
    );
    assert_eq!(
        faults(&["received 1 10"]),
        [Fault::Gap {
            seq: 3,
            kind: ChangeKind::Received,
            was: "1".to_owned(),
            known: "0".to_owned()
        }]
    );
    let line = "deposit_confirmed - 10 USDT";
    assert_eq!(
        faults(&[line, line]),
        [Fault::CountedTwice {
            seq: 4,
            deposit: "d".to_owned()
        }]
    );
    let unreadable = |kind| Fault::Unreadable { seq: 3, kind };
    for (line, kind) in [
        ("phase - paid", ChangeKind::Phase),
        ("received 0 much", ChangeKind::Received),
        ("deposit_confirmed - -", ChangeKind::DepositConfirmed),
        ("kept_before - long ago", ChangeKind::KeptBefore),
    ] {
        assert_eq!(faults(&[line]), [unreadable(kind)], "{line}");
    }
}

#[test]
fn entries_out_of_order_are_found() {
    let entry = Entry {
        subject: Subject::Customer(Uuid::nil()),
        cause: Cause {
            source: Source::Poll,
            at: Timestamp::from_millis(0),
        },
        kind: ChangeKind::AddressNamed,
        invoice: None,
        deposit: None,
        was: None,
        became: None,
    };
    let mut audit = Audit::default();
    for seq in [5, 5] {
        let entry = entry.clone();
        audit.note(&Recorded { seq, entry });
    }
    assert_eq!(audit.faults(), [Fault::OutOfOrder { before: 5, seq: 5 }]);
}

#[test]
fn nothing_leads_back_from_paid_and_nothing_to_the_beginning() {
    for to in Phase::ALL {
        assert_eq!(leads(Phase::Paid, to), to == Phase::Completed, "{to}");
        assert!(!leads(Phase::Completed, to), "{to}");
        assert!(!leads(to, Phase::Choosing), "{to}");
        assert!(!leads(to, to), "{to}");
    }
    assert!(leads(Phase::Expired, Phase::Paid));
    assert!(leads(Phase::Underpaid, Phase::Detected));
    assert!(!leads(Phase::Underpaid, Phase::Awaiting));
    assert!(!leads(Phase::Archived, Phase::Awaiting));
}
