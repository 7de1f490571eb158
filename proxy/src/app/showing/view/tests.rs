//! The checkout as its buyer sees it: which invoice decides, what it shows, and when to ask again.

use checkout::wire::{CurrencyView, DepositState, InvoiceView};
use checkout::{Address, Amount, Currency, NetworkId, Phase};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PollPace, currency_view, invoice_view, receiving};
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::Purse;
use crate::checkouts::deposit::Deposit;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::snapshot::Snapshot;
use crate::checkouts::tests::{self as sample, NOW, amount, invoice, payment_closing_in as order};
use crate::config::Paces;

fn shown(reprice_in: Option<i64>, expires_in: i64) -> InvoiceView {
    InvoiceView {
        currency: "BTC".to_owned(),
        address: None,
        amount: Amount::ZERO,
        received: Amount::ZERO,
        due: Amount::ZERO,
        uri: None,
        reprice_at: reprice_in.map(|millis| NOW.plus_millis(millis)),
        expires_at: NOW.plus_millis(expires_in),
        transaction: None,
    }
}

#[test]
fn a_page_asks_at_its_pace_or_right_after_a_deadline() {
    let wait = |state, invoice: Option<InvoiceView>, closes_in| {
        PollPace::of(
            state,
            invoice.as_ref(),
            NOW.plus_millis(closes_in),
            NOW,
            &Paces::default(),
        )
        .at(NOW)
    };
    let far = 3_600_000;
    assert_eq!(wait(Phase::Choosing, None, far), 5000);
    assert_eq!(wait(Phase::Choosing, None, 1000), 1250);
    assert_eq!(
        wait(Phase::Awaiting, Some(shown(Some(far), far)), far),
        3000
    );
    assert_eq!(
        wait(Phase::Awaiting, Some(shown(Some(1000), far)), far),
        1250
    );
    assert_eq!(wait(Phase::Awaiting, Some(shown(Some(far), 700)), far), 950);
    assert_eq!(
        wait(Phase::Awaiting, Some(shown(Some(1), far)), far),
        500,
        "never a hail of requests"
    );
    assert_eq!(
        wait(Phase::Awaiting, Some(shown(Some(-5000), far)), far),
        3000,
        "a deadline that passed is no reason to hurry"
    );
    assert_eq!(
        wait(Phase::Awaiting, Some(shown(Some(0), far)), far),
        3000,
        "nor one that passes now"
    );
    assert_eq!(wait(Phase::Paid, Some(shown(None, 10)), far), 2000);
    assert_eq!(wait(Phase::Completed, Some(shown(None, 10)), 10), 30_000);
}

const DAY: i64 = 24 * 3600;

fn snapshot(checkout: &Checkout, invoices: Vec<Invoice>) -> Snapshot {
    Snapshot {
        invoices,
        ..Snapshot::new(checkout.clone())
    }
}

/// The phase of a checkout with these invoices, and the key of the one that decides.
fn stands(checkout: &Checkout, invoices: &[Invoice], seconds: i64) -> (Phase, Option<u128>) {
    let snapshot = snapshot(checkout, invoices.to_vec());
    let (phase, invoice) = snapshot.standing(NOW.plus_seconds(seconds));
    (phase, invoice.map(|invoice| invoice.key.as_u128()))
}

fn paid(checkout: &Checkout, key: u128, at: i64) -> Invoice {
    let mut invoice = invoice(checkout, key, Phase::Paid);
    invoice.received = amount("10");
    invoice.note_money(NOW.plus_seconds(at));
    invoice
}

#[test]
fn the_invoice_that_was_paid_first_decides_whatever_is_paid_after_it() {
    let order = order(DAY);
    let early = paid(&order, 1, 10);
    let mut late = paid(&order, 2, 20);
    for phase in [Phase::Paid, Phase::Completed] {
        late.phase = phase;
        for pair in [[early.clone(), late.clone()], [late.clone(), early.clone()]] {
            assert_eq!(stands(&order, &pair, 30), (Phase::Paid, Some(1)));
        }
    }
    let mut twin = paid(&order, 3, 10);
    twin.second_payment_at = Some(NOW.plus_seconds(10));
    for pair in [[twin.clone(), early.clone()], [early.clone(), twin]] {
        assert_eq!(
            stands(&order, &pair, 30),
            (Phase::Paid, Some(1)),
            "of two at once the one that was not reported"
        );
    }
    let under = invoice(&order, 4, Phase::Underpaid);
    assert_eq!(stands(&order, &[early, under], 30), (Phase::Paid, Some(1)));
}

#[test]
fn nobody_is_asked_for_the_rest_while_other_money_is_there() {
    let order = order(DAY);
    let under = invoice(&order, 1, Phase::Underpaid);
    assert_eq!(
        stands(&order, std::slice::from_ref(&under), 0),
        (Phase::Underpaid, Some(1))
    );
    for phase in Phase::ALL {
        let other = invoice(&order, 2, phase);
        let has_money = other.has_money();
        let (stands, _) = stands(&order, &[under.clone(), other], 0);
        match phase {
            Phase::Paid | Phase::Completed | Phase::Overpaid => assert_eq!(stands, phase),
            _ if has_money => assert_eq!(stands, Phase::Intervention, "{phase}"),
            _ => assert_eq!(stands, Phase::Underpaid, "{phase}"),
        }
    }
}

#[test]
fn without_an_invoice_time_alone_decides() {
    let order = order(DAY);
    assert_eq!(stands(&order, &[], 0), (Phase::Choosing, None));
    assert_eq!(stands(&order, &[], DAY - 1), (Phase::Choosing, None));
    assert_eq!(stands(&order, &[], DAY), (Phase::Expired, None));
    let mut long = invoice(&order, 1, Phase::Awaiting);
    long.expires_at = NOW.plus_seconds(2 * DAY);
    let long = [long];
    assert_eq!(stands(&order, &long, DAY - 1), (Phase::Awaiting, Some(1)));
    assert_eq!(stands(&order, &long, DAY), (Phase::Expired, Some(1)));
    let detected = [invoice(&order, 1, Phase::Detected)];
    assert_eq!(stands(&order, &detected, DAY), (Phase::Detected, Some(1)));
}

#[test]
fn of_a_top_up_the_one_chosen_last_is_shown_unless_the_gateway_ended_it() {
    let topup = sample::topup();
    let make = |key, phase| {
        let mut invoice = invoice(&topup, key, phase);
        invoice.amount = None;
        invoice.expires_at = topup.expires_at;
        if phase == Phase::Archived {
            invoice.status = checkout::InvoiceStatus::Archived;
        }
        invoice
    };
    let open = [make(1, Phase::Awaiting), make(2, Phase::Awaiting)];
    assert_eq!(stands(&topup, &open, 0), (Phase::Awaiting, Some(2)));
    let ended = [make(1, Phase::Awaiting), make(2, Phase::Archived)];
    assert_eq!(stands(&topup, &ended, 0), (Phase::Awaiting, Some(1)));
    let both = [make(1, Phase::Archived), make(2, Phase::Archived)];
    assert_eq!(stands(&topup, &both, 0), (Phase::Archived, Some(2)));
}

#[test]
fn a_currency_can_be_picked_while_no_money_was_seen_and_the_checkout_is_open() {
    let order = order(DAY);
    for phase in Phase::ALL {
        let snapshot = snapshot(&order, vec![invoice(&order, 1, phase)]);
        let open = ["choosing", "awaiting", "expired"].contains(&phase.as_str());
        assert_eq!(snapshot.is_open(NOW), open, "{phase}");
        assert!(!snapshot.is_open(order.expires_at), "{phase}");
    }
    let none = snapshot(&order, vec![]);
    assert!(none.is_open(order.expires_at.plus_millis(-1)));
    assert!(!none.is_open(order.expires_at));
}

#[test]
fn a_top_up_that_is_over_says_what_arrived_and_no_address() {
    let topup = sample::topup();
    let mut open = invoice(&topup, 1, Phase::Awaiting);
    open.amount = None;
    open.expires_at = topup.expires_at;
    let snapshot = snapshot(&topup, vec![open]);
    let before = topup.expires_at.plus_millis(-1);
    let (shown, asked) = receiving(&snapshot, before).unwrap().unwrap();
    assert!(shown.address.is_some() && shown.uri.is_some());
    let (over, nothing) = receiving(&snapshot, topup.expires_at).unwrap().unwrap();
    assert!(asked.is_some() && nothing.is_none());
    assert_eq!((over.address, over.uri), (None, None));
    assert_eq!(
        (over.currency, over.received),
        (shown.currency, shown.received)
    );
}

#[test]
fn an_address_is_shown_while_money_is_asked_for_until_its_end_and_never_after() {
    let order = order(DAY);
    for phase in Phase::ALL {
        for (received, is_due) in [("0", true), ("4", true), ("10", false), ("20", false)] {
            let mut invoice = invoice(&order, 1, phase);
            invoice.received = amount(received);
            for (millis, before_the_end) in [(-1, true), (0, false)] {
                let now = invoice.expires_at.plus_millis(millis);
                let (view, asked) = invoice_view(&invoice, phase, order.expires_at, now)
                    .unwrap()
                    .unwrap();
                // What is signed is there exactly with the address, and made of the same values.
                assert_eq!(asked.is_some(), view.address.is_some());
                if let Some(asked) = asked {
                    assert_eq!(Some(asked.transfer.to().as_str()), view.address.as_deref());
                    assert_eq!(Some(asked.transfer.uri()), view.uri);
                    assert_eq!(asked.reprice_at, view.reprice_at);
                    assert_eq!(asked.expires_at, view.expires_at);
                }
                let asks = ["awaiting", "underpaid"].contains(&phase.as_str());
                let shown = asks && is_due && before_the_end;
                assert_eq!(view.address.is_some(), shown, "{phase} {received}");
                assert_eq!(view.uri.is_some(), shown, "{phase} {received}");
            }
        }
    }
}

#[test]
fn an_invoice_that_outlives_its_checkout_is_awaited_until_that_closes() {
    let short = order(1800);
    let invoice = invoice(&short, 1, Phase::Awaiting);
    let expires_at = |phase| {
        let view = invoice_view(&invoice, phase, short.expires_at, NOW);
        view.unwrap().unwrap().0.expires_at
    };
    assert_eq!(expires_at(Phase::Awaiting), short.expires_at);
    assert_eq!(expires_at(Phase::Underpaid), invoice.expires_at);
}

#[test]
fn the_code_asks_for_what_is_missing() {
    let order = order(DAY);
    let mut invoice = invoice(&order, 1, Phase::Underpaid);
    invoice.received = amount("4");
    let view = invoice_view(&invoice, Phase::Underpaid, order.expires_at, NOW);
    let uri = view.unwrap().unwrap().0.uri.unwrap();
    assert!(uri.ends_with("uint256=6000000"), "{uri}");
    invoice.amount = None;
    let none = invoice_view(&invoice, Phase::Underpaid, order.expires_at, NOW);
    assert!(none.unwrap().is_none());
}

#[test]
fn an_invoice_shows_everything_the_buyer_has_to_know() {
    let order = order(DAY);
    let mut known = invoice(&order, 1, Phase::Awaiting);
    known.received = amount("4");
    known.transaction = Some("ab".to_owned());
    let view = invoice_view(&known, Phase::Awaiting, order.expires_at, NOW);
    let address = known.address.as_str().to_owned();
    let expected = InvoiceView {
        currency: "USDT".to_owned(),
        uri: Some(format!(
            "ethereum:{address}@1/transfer?address={address}&uint256=6000000"
        )),
        address: Some(address),
        amount: amount("10"),
        received: amount("4"),
        due: amount("6"),
        reprice_at: Some(NOW.plus_seconds(900)),
        expires_at: known.expires_at,
        transaction: Some("ab".to_owned()),
    };
    assert_eq!(view.unwrap().map(|(view, _)| view), Some(expected));
    let currency = Currency::find("USDT_TRX").unwrap();
    let expected = CurrencyView {
        code: "USDT_TRX".to_owned(),
        symbol: "USDT".to_owned(),
        name: "Tether USD".to_owned(),
        network: "Tron (TRC-20)".to_owned(),
        estimate: Some(amount("27.31")),
    };
    assert_eq!(currency_view(currency, Some(amount("27.31"))), expected);
}

/// One USDT that has arrived at this address.
fn deposit(paid_to: Uuid, id: &str) -> Deposit {
    Deposit {
        paid_to,
        id: id.to_owned(),
        currency: "USDT".to_owned().into(),
        amount: amount("1.50"),
        state: DepositState::Confirmed,
        transaction: Some(format!("hash of {id}")),
        sender: Some("somebody".to_owned()),
        at: NOW.plus_seconds(7),
        missing_since: None,
    }
}

#[test]
fn of_what_has_arrived_the_page_lists_what_is_about_its_address() {
    let topup = sample::topup();
    let mut open = invoice(&topup, 1, Phase::Awaiting);
    open.amount = None;
    open.expires_at = topup.expires_at;
    let paid_to = open.key;
    let mut snapshot = snapshot(&topup, vec![open]);
    let elsewhere = deposit(Uuid::from_u128(2), "elsewhere");
    let other_currency = Deposit {
        currency: "ETH".to_owned().into(),
        ..deposit(paid_to, "ether")
    };
    let on_its_way = Deposit {
        state: DepositState::Detected,
        transaction: None,
        ..deposit(paid_to, "on its way")
    };
    let gone = Deposit {
        missing_since: Some(NOW),
        ..on_its_way.clone()
    };
    let kept = Deposit {
        missing_since: Some(NOW),
        ..deposit(paid_to, "kept")
    };
    snapshot.deposits = vec![
        deposit(paid_to, "one"),
        elsewhere,
        other_currency,
        gone,
        kept,
        on_its_way,
    ];
    let (shown, _) = receiving(&snapshot, NOW).unwrap().unwrap();
    let address = snapshot.invoices[0].address.as_str();
    let at = NOW.plus_seconds(7).to_string();
    let listed = |transaction: Value, state: &str| json!({"amount": "1.50", "currency": "USDT", "transaction": transaction, "at": at, "state": state});
    let expected = json!({
        "currency": "USDT",
        "address": address,
        "uri": format!("ethereum:{}@1/transfer?address={address}", "0xdAC17F958D2ee523a2206206994597C13D831ec7"),
        "received": "3",
        "deposits": [
            listed(json!("hash of one"), "confirmed"),
            listed(json!("hash of kept"), "confirmed"),
            listed(Value::Null, "detected"),
        ],
    });
    assert_eq!(serde_json::to_value(shown).unwrap(), expected);
}

#[test]
fn a_customers_address_is_shown_for_a_day_after_the_gateway_named_it() {
    let open = sample::deposit();
    let customer = open.purpose.customer().unwrap().clone();
    let mut snapshot = snapshot(&open, vec![]);
    let phase = |snapshot: &Snapshot, now| snapshot.standing(now).0;
    assert_eq!(phase(&snapshot, NOW), Phase::Choosing);
    assert!(receiving(&snapshot, NOW).unwrap().is_none());
    let named = "0xdAC17F958D2ee523a2206206994597C13D831ec7";
    snapshot.deposits = vec![deposit(key::customer(&customer), "one")];
    snapshot.purse = Some(Purse {
        customer,
        gateway_id: "17".to_owned(),
        currency: Currency::find("USDT").unwrap(),
        address: Address::parse(NetworkId::Ethereum, named).unwrap(),
        confirmed_at: NOW,
    });
    let last = NOW.plus_seconds(DAY).plus_millis(-1);
    let (shown, asked) = receiving(&snapshot, last).unwrap().unwrap();
    assert!(asked.is_some_and(|asked| asked.invoice.is_none()));
    assert_eq!(shown.address.as_deref(), Some(named));
    assert_eq!((shown.received, shown.deposits.len()), (amount("1.5"), 1));
    assert_eq!(phase(&snapshot, last), Phase::Awaiting);
    assert!(snapshot.is_open(last));
    let untold = NOW.plus_seconds(DAY);
    assert!(receiving(&snapshot, untold).unwrap().is_none());
    assert_eq!(phase(&snapshot, untold), Phase::Choosing);
    // At the end of the checkout the address goes, and what has arrived stays.
    let end = open.expires_at;
    if let Some(purse) = &mut snapshot.purse {
        purse.confirmed_at = end;
    }
    assert_eq!(phase(&snapshot, end.plus_millis(-1)), Phase::Awaiting);
    assert_eq!(phase(&snapshot, end), Phase::Expired);
    let (over, nothing) = receiving(&snapshot, end).unwrap().unwrap();
    assert!(nothing.is_none());
    assert_eq!((over.address, over.uri), (None, None));
    assert_eq!(over.received, amount("1.5"));
}
