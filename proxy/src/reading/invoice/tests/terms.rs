//! What is to be paid and until when: what a reading may change, and what it may not.

use checkout::{Amount, Currency, InvoiceStatus, Timestamp};

use super::{
    Change, Fit, Invoice, InvoiceAttempt, NOW, checkout, invoice, made, next, seen, snapshot,
};
use crate::reading::terms::needs_rate;

const OFF: Fit = Fit::Off {
    expected: Amount::ZERO,
    percent: 5,
};

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

/// A reading of a USDT invoice with these terms.
fn terms(asked: &str, repriced: Option<i64>, expires_in: i64) -> calypso::Invoice {
    let mut seen = seen("USDT", "USDT", "PENDING_PAYMENT", "0", "");
    seen.amount = Some(amount(asked));
    seen.last_fiat_updated = repriced.map(|seconds| NOW.plus_seconds(seconds));
    seen.expiration = Some(NOW.plus_seconds(expires_in));
    seen
}

fn read(known: &Invoice, seen: &calypso::Invoice, fit: Fit, seconds: i64) -> Option<Change> {
    let before = snapshot(checkout(), vec![known.clone()]);
    next(known, &before, seen, fit, NOW.plus_seconds(seconds)).unwrap()
}

fn alarms(change: Option<&Change>) -> Vec<&str> {
    change.map_or_else(Vec::new, |change| {
        change
            .alarms
            .iter()
            .map(|alarm| alarm.kind.as_str())
            .collect()
    })
}

fn known() -> Invoice {
    invoice(&checkout(), "USDT", "PENDING_PAYMENT", "0")
}

#[test]
fn an_amount_changes_by_a_repricing_that_the_rates_bear_out() {
    // The interval is 900 s, and clocks may differ by 300 s.
    for (asked, repriced, fit, at, result) in [
        ("10.6", Some(900), Fit::Fits, 900, Ok(("10.6", 900))),
        ("10.5", Some(900), Fit::Fits, 900, Ok(("10.5", 900))),
        ("10.6", Some(30), Fit::Fits, 60, Ok(("10.6", 30))),
        ("10.6", Some(90), Fit::Fits, 60, Ok(("10.6", 60))),
        ("10.6", Some(360), Fit::Fits, 60, Ok(("10.6", 60))),
        ("10.6", Some(361), Fit::Fits, 60, Err("priced_ahead")),
        ("10.6", Some(900), OFF, 900, Err("off_rate")),
        ("10.5", Some(900), OFF, 900, Err("off_rate")),
        ("10.6", Some(900), Fit::NoRate, 900, Err("no_rate")),
        ("10.6", Some(900), Fit::Unasked, 900, Ok(("10.5", 0))),
        ("10.6", None, Fit::Fits, 60, Err("amount_changed")),
        ("10.6", Some(0), Fit::Fits, 60, Err("amount_changed")),
        ("10.6", Some(-60), Fit::Fits, 599, Err("amount_changed")),
        ("10.6", None, Fit::Fits, 600, Ok(("10.6", 600))),
        ("10.6", None, OFF, 900, Err("off_rate")),
        ("10.5", None, OFF, 900, Ok(("10.5", 0))),
        ("0", Some(900), Fit::Fits, 900, Err("bad_amount")),
        ("10.1234567", Some(900), Fit::Fits, 900, Err("bad_amount")),
    ] {
        let known = known();
        let change = read(&known, &terms(asked, repriced, 3600), fit, at);
        let (expected, priced_at) = result.unwrap_or(("10.5", 0));
        let invoice = change.as_ref().map_or(&known, |change| &change.invoice);
        let case = format!("{asked} {repriced:?} {fit:?} {at}");
        assert_eq!(invoice.amount, Some(amount(expected)), "{case}");
        assert_eq!(invoice.priced_at, NOW.plus_seconds(priced_at), "{case}");
        let said: Vec<&str> = result.err().into_iter().collect();
        assert_eq!(alarms(change.as_ref()), said, "{case}");
    }
}

#[test]
fn a_price_that_is_missing_or_another_leaves_the_amount_and_hides_no_money() {
    type Edit = fn(&mut calypso::Invoice);
    let edits: [(Edit, &str); 5] = [
        (|seen| seen.fiat_amount = None, "no_price"),
        (|seen| seen.fiat_currency = None, "no_price"),
        (
            |seen| seen.fiat_amount = Some(amount("25.01")),
            "other_price",
        ),
        (
            |seen| seen.fiat_currency = Some("USD".to_owned()),
            "other_price",
        ),
        (|seen| seen.amount = None, "no_amount"),
    ];
    for (edit, name) in edits {
        let mut seen = terms("10.6", Some(900), 3600);
        seen.state = InvoiceStatus::Paid;
        seen.total_debit_amount = amount("10.5");
        edit(&mut seen);
        let change = read(&known(), &seen, Fit::Fits, 900).unwrap();
        assert_eq!(alarms(Some(&change)), [name]);
        assert_eq!(change.invoice.amount, Some(amount("10.5")), "{name}");
        assert_eq!(change.invoice.received, amount("10.5"), "{name}");
        assert!(change.invoice.phase.is_paid(), "{name}");
    }
}

#[test]
fn after_it_was_paid_the_amount_stays() {
    let paid = invoice(&checkout(), "USDT", "PAID", "10.5");
    for (asked, said) in [
        ("10.5", &[][..]),
        ("10.6", &["amount_changed_after_payment"]),
    ] {
        for fit in [Fit::Unasked, Fit::Fits, OFF, Fit::NoRate] {
            let mut seen = terms(asked, Some(900), 3600);
            seen.state = InvoiceStatus::Paid;
            seen.total_debit_amount = amount("10.5");
            assert_eq!(needs_rate(&paid, &seen), None);
            let change = read(&paid, &seen, fit, 900);
            assert_eq!(alarms(change.as_ref()), said, "{asked} {fit:?}");
            let invoice = change.map_or(paid.clone(), |change| change.invoice);
            assert_eq!(invoice.amount, Some(amount("10.5")));
            assert_eq!(invoice.priced_at, NOW);
        }
    }
}

#[test]
fn the_rate_is_asked_for_where_something_depends_on_it() {
    let known = known();
    for (asked, repriced, needed) in [
        ("10.5", None, false),
        ("10.50", Some(0), false),
        ("10.5", Some(1), true),
        ("10.6", None, true),
        ("10.6", Some(0), true),
    ] {
        let seen = terms(asked, repriced, 3600);
        let expected = needed.then(|| amount(asked));
        assert_eq!(needs_rate(&known, &seen), expected, "{asked} {repriced:?}");
    }
    let mut none = terms("10.6", None, 3600);
    none.amount = None;
    assert_eq!(needs_rate(&known, &none), None);
    let mut topup = known;
    topup.amount = None;
    assert_eq!(needs_rate(&topup, &terms("10.6", None, 3600)), None);
}

#[test]
fn an_expiry_moves_within_the_margin_and_never_creeps() {
    let closes = checkout().expires_at.millis_since(NOW) / 1000;
    for (seconds, expires, latest, said) in [
        (3600, 3600, 3600, None),
        (3300, 3300, 3600, None),
        (3299, 3600, 3600, Some("expiry_moved_back")),
        (-3600, 3600, 3600, Some("expiry_moved_back")),
        (7200, 7200, 7200, None),
        (closes, closes, closes, None),
        (closes + 300, closes, closes, None),
        (closes + 301, 3600, 3600, Some("expires_too_late")),
    ] {
        let known = known();
        let change = read(&known, &terms("10.5", None, seconds), Fit::Unasked, 0);
        let said: Vec<&str> = said.into_iter().collect();
        assert_eq!(alarms(change.as_ref()), said, "{seconds}");
        let invoice = change.map_or(known, |change| change.invoice);
        assert_eq!(invoice.expires_at, NOW.plus_seconds(expires), "{seconds}");
        assert_eq!(invoice.latest_expiry, NOW.plus_seconds(latest), "{seconds}");
    }
    let mut invoice = known();
    for step in 1..10 {
        let seen = terms("10.5", None, 3600 - step * 300);
        if let Some(change) = read(&invoice, &seen, Fit::Unasked, 0) {
            invoice = change.invoice;
        }
    }
    assert_eq!(
        invoice.expires_at,
        NOW.plus_seconds(3300),
        "not step by step"
    );
    let mut silent = terms("10.5", None, 0);
    silent.expiration = None;
    assert!(read(&known(), &silent, Fit::Unasked, 0).is_none());
}

#[test]
fn a_new_invoice_is_held_to_what_was_asked_for() {
    let checkout = checkout();
    let usdt = Currency::find("USDT").unwrap();
    let mut request = InvoiceAttempt::new(&checkout, usdt, 1, NOW);
    let make = |request: &InvoiceAttempt, seen: &calypso::Invoice, fit| {
        let made = made(&checkout, request, seen, fit, NOW);
        made.err().map(|unsound| unsound.name())
    };
    for (fit, result) in [
        (Fit::Fits, None),
        (OFF, Some("off_rate")),
        (Fit::NoRate, Some("no_rate")),
        (Fit::Unasked, Some("no_rate")),
    ] {
        assert_eq!(make(&request, &terms("10.5", None, 3600), fit), result);
    }
    let life = 90 * 24 * 3600;
    for (seconds, result) in [
        (1, None),
        (0, Some("already_expired")),
        (life + 300, None),
        (life + 301, Some("expires_too_late")),
    ] {
        let seen = terms("10.5", None, seconds);
        assert_eq!(make(&request, &seen, Fit::Fits), result, "{seconds}");
    }
    request.expiration = Some(NOW.plus_seconds(1800));
    for (seconds, result) in [(1800, None), (2100, None), (2101, Some("expires_too_late"))] {
        let seen = terms("10.5", None, seconds);
        assert_eq!(make(&request, &seen, Fit::Fits), result, "{seconds}");
    }
    let (most, more) = ("7".repeat(64), "7".repeat(65));
    for (id, result) in [
        ("", Some("no_id")),
        ("d9732536-acdd-41bd-87c3-ec40aeeb6a37", None),
        ("17", None),
        (most.as_str(), None),
        (more.as_str(), Some("bad_id")),
        ("a b", Some("bad_id")),
        ("<script>", Some("bad_id")),
        ("é", Some("bad_id")),
    ] {
        let mut seen = terms("10.5", None, 1800);
        seen.id = id.to_owned();
        assert_eq!(make(&request, &seen, Fit::Fits), result, "{id}");
    }
    for (key, result) in [
        (Some(request.key.to_string()), None),
        (Some(request.key.to_string().to_uppercase()), None),
        (Some(uuid::Uuid::nil().to_string()), Some("other_key")),
        (Some("x".to_owned()), Some("other_key")),
        (None, None),
    ] {
        let mut seen = terms("10.5", None, 1800);
        seen.idempotency_key = key.clone();
        assert_eq!(make(&request, &seen, Fit::Fits), result, "{key:?}");
    }
}

#[test]
fn a_date_without_a_zone_does_not_make_an_old_amount_new() {
    let checkout = checkout();
    let usdt = Currency::find("USDT").unwrap();
    let request = InvoiceAttempt::new(&checkout, usdt, 1, NOW);
    let later = NOW.plus_seconds(9);
    let priced = |created: Option<i64>, repriced: Option<i64>| -> Timestamp {
        let mut seen = terms("10.5", repriced, 3600);
        seen.created = created.map(|seconds| NOW.plus_seconds(seconds));
        let made = made(&checkout, &request, &seen, Fit::Fits, later);
        made.unwrap().0.priced_at
    };
    assert_eq!(priced(Some(5), None), NOW.plus_seconds(5));
    assert_eq!(priced(Some(5), Some(7)), NOW.plus_seconds(7));
    assert_eq!(priced(Some(7200), None), later, "two hours ahead");
    assert_eq!(priced(Some(-7200), None), NOW, "two hours behind");
    assert_eq!(priced(None, None), later);
}
