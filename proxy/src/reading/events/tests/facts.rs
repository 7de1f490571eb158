//! Steps of one invoice, each by itself; and whole lives of several, rolled.

use std::collections::HashSet;

use checkout::wire::EventKind as Kind;
use checkout::{Phase, Timestamp};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

use crate::checkouts::checkout::Checkout;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests::{self as sample, NOW, amount};
use crate::reading::events::facts::{Fact, closed, made, read};
use crate::reading::invoice::Change;
use crate::reading::second::Second;

/// A payment that closes in an hour, with an invoice in a phase.
fn one(phase: Phase) -> Snapshot {
    let checkout = sample::payment_closing_in(3600);
    let invoice = sample::invoice(&checkout, 1, phase);
    with(checkout, vec![invoice])
}

fn with(checkout: Checkout, invoices: Vec<Invoice>) -> Snapshot {
    Snapshot {
        invoices,
        ..Snapshot::new(checkout)
    }
}

fn change(before: &Snapshot, place: usize, to: impl FnOnce(&mut Invoice)) -> Change {
    let known = &before.invoices[place];
    let mut invoice = known.clone();
    to(&mut invoice);
    Change {
        before: known.phase,
        invoice,
        second: None,
        alarms: vec![],
    }
}

fn kinds(facts: &[Fact]) -> Vec<Kind> {
    facts.iter().map(|fact| fact.kind).collect()
}

/// What the step of the only invoice tells, at a moment.
fn step(was: Phase, is: Phase, grew: bool, at: Timestamp) -> Vec<Kind> {
    let before = one(was);
    let change = change(&before, 0, |invoice| {
        invoice.phase = is;
        if grew {
            invoice.received = amount("1");
        }
    });
    kinds(&read(&before, &change, at))
}

/// What a merchant hears when a checkout has come to a phase from another one that was not paid.
fn arrival(is: Phase) -> &'static [Kind] {
    match is {
        Phase::Choosing | Phase::Awaiting | Phase::Expired => &[],
        Phase::Detected => &[Kind::Detected],
        Phase::Paid => &[Kind::Paid],
        Phase::Completed => &[Kind::Paid, Kind::Completed],
        Phase::Reviewing => &[Kind::Reviewing],
        Phase::Declined => &[Kind::Declined],
        Phase::Underpaid => &[Kind::Underpaid],
        Phase::Overpaid => &[Kind::Overpaid],
        Phase::Intervention => &[Kind::Intervention],
        Phase::Archived => &[Kind::Archived],
    }
}

#[test]
fn each_step_tells_where_the_checkout_has_come_to() {
    for was in Phase::ALL {
        for is in Phase::ALL {
            let expected: &[Kind] = match (was, is) {
                _ if was == is => &[],
                // Nothing leads back from there.
                (Phase::Paid | Phase::Completed, is) if !is.is_paid() => continue,
                (Phase::Paid, Phase::Completed) => &[Kind::Completed],
                (Phase::Completed, Phase::Paid) => &[],
                _ => arrival(is),
            };
            assert_eq!(step(was, is, false, NOW), expected, "{was} to {is}");
        }
    }
}

#[test]
fn more_money_that_is_not_what_was_asked_for_is_told_each_time() {
    for phase in Phase::ALL {
        let expected: &[Kind] = match phase {
            Phase::Reviewing
            | Phase::Declined
            | Phase::Underpaid
            | Phase::Overpaid
            | Phase::Intervention => arrival(phase),
            _ => &[],
        };
        assert_eq!(step(phase, phase, true, NOW), expected, "{phase}");
    }
    let before = one(Phase::Underpaid);
    let more = |sum: &str, at| {
        let change = change(&before, 0, |invoice| invoice.received = amount(sum));
        read(&before, &change, at).remove(0).cause
    };
    assert_ne!(more("1", NOW), more("2", NOW.plus_seconds(1)));
}

#[test]
fn an_expiry_is_told_when_the_checkout_closes_and_not_when_an_invoice_ends() {
    let closes = NOW.plus_seconds(3600);
    let waiting = one(Phase::Awaiting);
    assert_eq!(kinds(&closed(&waiting, closes)), [Kind::Expired]);
    assert_eq!(kinds(&closed(&waiting, closes.plus_seconds(-1))), []);
    assert_eq!(
        kinds(&closed(&one(Phase::Choosing), closes)),
        [Kind::Expired]
    );
    for phase in Phase::ALL {
        let is_told = matches!(phase, Phase::Choosing | Phase::Awaiting | Phase::Expired);
        let told = kinds(&closed(&one(phase), closes));
        assert_eq!(!told.is_empty(), is_told, "{phase}");
    }
    // Nobody picked a currency.
    let mut checkout = sample::payment_closing_in(3600);
    let nobody = Snapshot::new(checkout.clone());
    assert_eq!(kinds(&closed(&nobody, closes)), [Kind::Expired]);
    checkout.product = Some("coffee".to_owned());
    let of_page = Snapshot::new(checkout.clone());
    assert_eq!(kinds(&closed(&of_page, closes)), []);
    let invoice = sample::invoice(&checkout, 1, Phase::Awaiting);
    let chosen = with(checkout, vec![invoice]);
    assert_eq!(kinds(&closed(&chosen, closes)), [Kind::Expired]);
    // A payment that was on its way when the checkout closed, and has disappeared since.
    assert_eq!(
        step(Phase::Detected, Phase::Awaiting, false, closes),
        [Kind::Expired]
    );
    assert_eq!(step(Phase::Detected, Phase::Awaiting, false, NOW), []);
}

#[test]
fn a_late_payment_that_is_accepted_is_told_as_paid_after_the_expiry() {
    let closes = NOW.plus_seconds(3600);
    assert_eq!(
        step(Phase::Awaiting, Phase::Paid, true, closes),
        [Kind::Paid]
    );
    assert_eq!(
        step(Phase::Expired, Phase::Completed, true, closes),
        [Kind::Paid, Kind::Completed]
    );
}

#[test]
fn an_invoice_that_was_found_again_tells_how_far_it_had_come() {
    let checkout = sample::payment();
    let before = Snapshot::new(checkout.clone());
    for phase in Phase::ALL {
        let invoice = sample::invoice(&checkout, 1, phase);
        assert_eq!(
            kinds(&made(&before, &invoice, NOW)),
            arrival(phase),
            "{phase}"
        );
    }
}

#[test]
fn a_second_payment_is_told_whenever_more_of_it_comes() {
    let checkout = sample::payment();
    let mut paid = sample::invoice(&checkout, 1, Phase::Paid);
    (paid.received, paid.held_at, paid.paid_at) = (amount("10"), Some(NOW), Some(NOW));
    let before = with(checkout, vec![paid]);
    let mut again = change(&before, 0, |invoice| {
        invoice.received = amount("20");
        invoice.second_payment_at = Some(NOW);
    });
    again.second = Some(Second::Again);
    let first = read(&before, &again, NOW);
    assert_eq!(kinds(&first), [Kind::SecondPayment]);
    let after = before.with(&again.invoice);
    let more = change(&after, 0, |invoice| invoice.received = amount("25"));
    let second = read(&after, &more, NOW);
    assert_eq!(kinds(&second), [Kind::SecondPayment]);
    assert_ne!(first[0].cause, second[0].cause);
    let fee = change(&after, 0, |invoice| invoice.fee = Some(amount("1")));
    assert_eq!(kinds(&read(&after, &fee, NOW)), []);
}

#[test]
fn a_top_up_has_no_second_payment_and_tells_of_no_phase_but_its_end() {
    let checkout = sample::topup();
    let mut invoice = sample::invoice(&checkout, 1, Phase::Awaiting);
    (invoice.amount, invoice.expires_at) = (None, checkout.expires_at);
    let before = with(checkout, vec![invoice]);
    let grown = change(&before, 0, |invoice| {
        invoice.received = amount("5");
        invoice.second_payment_at = Some(NOW);
    });
    assert_eq!(kinds(&read(&before, &grown, NOW)), []);
    let ended = change(&before, 0, |invoice| invoice.phase = Phase::Archived);
    assert_eq!(kinds(&read(&before, &ended, NOW)), [Kind::Archived]);
}

/// One thing that happens: to which invoice, what it becomes, whether more has arrived, and how much later.
fn happening() -> impl Strategy<Value = (usize, usize, bool, i64)> {
    (0..3_usize, 1..Phase::ALL.len(), any::<bool>(), 1..1800_i64)
}

proptest! {
    #[test]
    fn whatever_happens_each_fact_is_told_once_and_paid_only_of_what_is_paid(
        happenings in proptest::collection::vec(happening(), 1..40),
    ) {
        let checkout = sample::payment_closing_in(7200);
        let invoices = [1, 2, 3].map(|key| sample::invoice(&checkout, key, Phase::Awaiting));
        let mut snapshot = with(checkout, invoices.to_vec());
        let (mut told, mut now, mut is_closed) = (HashSet::new(), NOW, false);
        let mut heard: Vec<Kind> = Vec::new();
        for (place, phase, grew, later) in happenings {
            now = now.plus_seconds(later);
            let mut facts = Vec::new();
            if !is_closed && snapshot.checkout.is_past_expiry(now) {
                is_closed = true;
                facts.extend(closed(&snapshot, now));
            }
            let known = &snapshot.invoices[place];
            let to = Phase::ALL[phase];
            let to = if known.phase.is_paid() && !to.is_paid() || known.phase == Phase::Completed {
                known.phase
            } else {
                to
            };
            let change = change(&snapshot, place, |invoice| {
                invoice.phase = to;
                if grew {
                    invoice.received = invoice.received.checked_add(amount("1")).unwrap();
                }
                invoice.note_money(now);
            });
            facts.extend(read(&snapshot, &change, now));
            snapshot = snapshot.with(&change.invoice);
            // The same reading by whoever comes second finds nothing to tell.
            let again = Change { before: change.invoice.phase, ..change };
            prop_assert_eq!(read(&snapshot, &again, now.plus_seconds(1)), vec![]);
            let (standing, _) = snapshot.standing(now);
            for fact in facts {
                if fact.kind != Kind::Expired {
                    prop_assert!(told.insert(fact.cause.clone()), "{} again", fact.cause);
                } else {
                    told.insert(fact.cause.clone());
                }
                if matches!(fact.kind, Kind::Paid | Kind::Completed) {
                    prop_assert!(standing.is_paid(), "{} while {}", fact.kind, standing);
                }
                heard.push(fact.kind);
            }
            // Who has heard everything knows whether it is paid.
            prop_assert_eq!(heard.contains(&Kind::Paid), standing.is_paid());
            prop_assert_eq!(heard.contains(&Kind::Completed), standing == Phase::Completed);
        }
        let completed = heard.iter().position(|kind| *kind == Kind::Completed);
        let paid = heard.iter().position(|kind| *kind == Kind::Paid);
        prop_assert!(completed.is_none_or(|completed| paid.is_some_and(|paid| paid < completed)));
    }
}
