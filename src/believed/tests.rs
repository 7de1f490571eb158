//! Answers that contradict the tables, themselves or an earlier answer are refused, each by the field that is wrong.

use super::{Doubt, Known, PayTo, believe, offered};
use checkout::wire::{CheckoutView, CurrencyView, InvoiceView, PriceView, ReceivingView};
use checkout::{Amount, CURRENCIES, Kind, Phase, Timestamp, Transfer};
use proptest::prelude::*;

const ADDRESS: &str = "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE";
const OTHER: &str = "TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX";

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000 + minutes * 60_000)
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).expect("an amount of the test")
}

fn invoice() -> InvoiceView {
    InvoiceView {
        currency: "USDT_TRX".into(),
        address: Some(ADDRESS.into()),
        amount: amount("27.314"),
        received: Amount::ZERO,
        due: amount("27.314"),
        uri: Some(["tron:", ADDRESS, "?amount=27.314"].concat()),
        reprice_at: Some(at(15)),
        expires_at: at(180),
        transaction: None,
    }
}

fn answer() -> CheckoutView {
    CheckoutView {
        id: "one".into(),
        kind: Kind::Payment,
        state: Phase::Awaiting,
        description: "Order 1001".into(),
        price: Some(PriceView {
            amount: amount("25.00"),
            currency: "EUR".into(),
        }),
        currencies: vec![],
        invoice: Some(invoice()),
        receiving: None,
        expires_at: at(1_440),
        now: at(0),
        poll_after_ms: 3_000,
        return_url: None,
        support_url: None,
        logo_url: None,
        attestation: None,
        url: None,
    }
}

fn top_up() -> CheckoutView {
    CheckoutView {
        kind: Kind::Topup,
        price: None,
        invoice: None,
        receiving: Some(ReceivingView {
            currency: "USDT_TRX".into(),
            address: Some(ADDRESS.into()),
            uri: Some(["tron:", ADDRESS].concat()),
            received: amount("0.3"),
            deposits: vec![],
        }),
        ..answer()
    }
}

fn with(change: impl FnOnce(&mut InvoiceView)) -> CheckoutView {
    let mut answer = answer();
    change(answer.invoice.as_mut().expect("an invoice"));
    answer
}

fn paying(change: impl FnOnce(&mut ReceivingView)) -> CheckoutView {
    let mut answer = top_up();
    change(answer.receiving.as_mut().expect("an address"));
    answer
}

fn field(answer: &CheckoutView, known: &Known<'_>) -> &'static str {
    match believe(answer, known) {
        Ok(_) => "believed",
        Err(Doubt { field, .. }) => field,
    }
}

fn alone(answer: &CheckoutView) -> &'static str {
    field(answer, &Known::default())
}

#[test]
fn what_is_shown_is_parsed_and_built_here() {
    let to = believe(&answer(), &Known::default()).expect("believed");
    let to = to.expect("something to pay");
    assert_eq!(
        (to.currency.code, to.address.as_str()),
        ("USDT_TRX", ADDRESS)
    );
    assert_eq!(to.uri, ["tron:", ADDRESS, "?amount=27.314"].concat());
    assert_eq!(to.ends, at(180));
    let without = believe(&with(|invoice| invoice.uri = None), &Known::default());
    assert_eq!(without, Ok(Some(to)), "a URI in the answer adds nothing");
    let to = believe(&top_up(), &Known::default()).expect("believed");
    assert_eq!(
        to.map(|to| (to.uri, to.ends)),
        Some((["tron:", ADDRESS].concat(), at(1_440)))
    );
}

#[test]
fn an_evm_address_gets_its_capitals_before_it_is_shown() {
    let small = with(|invoice| {
        invoice.currency = "USDT_MATIC".into();
        invoice.address = Some("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed".into());
        invoice.uri = None;
    });
    let to = believe(&small, &Known::default()).expect("believed");
    assert_eq!(
        to.map(|to| to.address).as_deref(),
        Some("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    );
}

#[test]
fn an_invoice_that_does_not_fit_is_named_by_its_field() {
    for (expected, change) in [
        (
            "invoice.currency",
            (|it| it.currency = "NEWCOIN".into()) as fn(&mut InvoiceView),
        ),
        ("invoice.currency", |it| it.currency = "usdt_trx".into()),
        ("invoice.currency", |it| it.currency = "USDT_TRX ".into()),
        ("invoice.address", |it| it.address = None),
        ("invoice.address", |it| it.address = Some(String::new())),
        ("invoice.address", |it| {
            it.address = Some([ADDRESS, " "].concat());
        }),
        ("invoice.address", |it| {
            it.address = Some("TEv1LEv1LEv1LEv1LEv1LEv1LEv1LEv1LE".into());
        }),
        ("invoice.address", |it| {
            it.address = Some("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa".into());
        }),
        ("invoice.address", |it| it.currency = "USDT".into()),
        ("invoice.address", |it| it.currency = "BTC".into()),
        ("invoice.uri", |it| {
            it.uri = Some("javascript:alert(1)".into());
        }),
        ("invoice.uri", |it| {
            it.uri = Some(["tron:", OTHER, "?amount=27.314"].concat());
        }),
        ("invoice.uri", |it| {
            it.uri = Some(["tron:", ADDRESS, "?amount=2731.4"].concat());
        }),
        ("invoice.uri", |it| {
            it.uri = Some(["TRON:", ADDRESS, "?amount=27.314"].concat());
        }),
        ("invoice.uri", |it| it.uri = Some(String::new())),
        ("invoice.amount", |it| {
            (it.amount, it.due) = (Amount::ZERO, Amount::ZERO);
        }),
        ("invoice.amount", |it| {
            (it.amount, it.due) = (amount("27.3140001"), amount("27.3140001"));
        }),
        ("invoice.received", |it| it.received = amount("0.0000001")),
        ("invoice.due", |it| it.due = amount("27.315")),
        ("invoice.due", |it| it.due = Amount::ZERO),
        ("invoice.due", |it| it.received = amount("1")),
        ("invoice.due", |it| {
            (it.received, it.due) = (it.amount, Amount::ZERO);
        }),
        ("invoice.expiresAt", |it| it.expires_at = at(60 * 24 * 93)),
        ("invoice.repriceAt", |it| it.reprice_at = Some(at(60 * 25))),
    ] {
        let answer = with(change);
        assert_eq!(alone(&answer), expected, "{:?}", answer.invoice);
    }
    for (expected, change) in [
        (
            "receiving.currency",
            (|it| it.currency = "NEWCOIN".into()) as fn(&mut ReceivingView),
        ),
        ("receiving.address", |it| it.address = None),
        ("receiving.address", |it| it.address = Some("T".into())),
        ("receiving.uri", |it| {
            it.uri = Some(["tron:", OTHER].concat());
        }),
        ("receiving.uri", |it| {
            it.uri = Some(["tron:", ADDRESS, "?amount=5"].concat());
        }),
        ("receiving.received", |it| it.received = amount("0.0000001")),
    ] {
        let answer = paying(change);
        assert_eq!(alone(&answer), expected, "{:?}", answer.receiving);
    }
}

#[test]
fn a_checkout_that_contradicts_itself_is_named_by_its_field() {
    for (expected, change) in [
        ("price", (|it| it.price = None) as fn(&mut CheckoutView)),
        ("price", |it| it.kind = Kind::Deposit),
        ("price", |it| {
            it.price.as_mut().expect("one").amount = Amount::ZERO;
        }),
        ("price", |it| {
            it.price.as_mut().expect("one").amount = amount("25.001");
        }),
        ("price", |it| {
            it.price.as_mut().expect("one").currency = "eur".into();
        }),
        ("invoice", |it| it.invoice = None),
        ("receiving", |it| it.receiving = top_up().receiving),
    ] {
        let mut answer = answer();
        change(&mut answer);
        assert_eq!(alone(&answer), expected, "{answer:?}");
    }
    let both = CheckoutView {
        invoice: Some(invoice()),
        ..top_up()
    };
    assert_eq!(alone(&both), "invoice");
}

#[test]
fn one_checkout_stays_the_one_it_was() {
    let before = answer();
    for (expected, change) in [
        ("id", (|it| it.id = "two".into()) as fn(&mut CheckoutView)),
        ("description", |it| it.description = "Order 1002".into()),
        ("price", |it| {
            it.price.as_mut().expect("one").amount = amount("25.01");
        }),
        ("price", |it| {
            it.price.as_mut().expect("one").currency = "USD".into();
        }),
        ("kind", |it| *it = top_up()),
        ("believed", |it| {
            it.price.as_mut().expect("one").amount = amount("25");
        }),
        ("believed", |it| {
            it.return_url = Some("https://shop.example/".into());
        }),
    ] {
        let mut after = answer();
        change(&mut after);
        let known = Known {
            before: Some(&before),
            ..Known::default()
        };
        assert_eq!(field(&after, &known), expected, "{after:?}");
    }
    let known = Known {
        id: Some("another"),
        ..Known::default()
    };
    assert_eq!(field(&before, &known), "id");
}

#[test]
fn nothing_leads_back_from_paid() {
    for paid in [Phase::Paid, Phase::Completed] {
        let before = CheckoutView {
            state: paid,
            ..answer()
        };
        let known = Known {
            before: Some(&before),
            ..Known::default()
        };
        for state in Phase::ALL {
            let after = CheckoutView { state, ..answer() };
            let expected = if state.is_paid() { "believed" } else { "state" };
            assert_eq!(field(&after, &known), expected, "{paid:?} to {state:?}");
        }
    }
}

#[test]
fn an_address_gives_way_only_to_a_choice_or_to_its_own_end() {
    let shown = believe(&answer(), &Known::default()).expect("believed");
    let known = Known {
        shown: shown.as_ref(),
        ..Known::default()
    };
    let moved = with(|invoice| (invoice.address, invoice.uri) = (Some(OTHER.into()), None));
    assert_eq!(field(&moved, &known), "invoice.address");
    let topped = paying(|to| (to.address, to.uri) = (Some(OTHER.into()), None));
    assert_eq!(field(&topped, &known), "receiving.address");
    let chosen = Known {
        chosen: Some("USDT_TRX"),
        ..known
    };
    assert_eq!(field(&moved, &chosen), "believed");
    let later = |minutes| {
        let mut later = CheckoutView {
            now: at(minutes),
            ..moved.clone()
        };
        later.invoice.as_mut().expect("an invoice").expires_at = at(400);
        later
    };
    assert_eq!(field(&later(179), &known), "invoice.address");
    assert_eq!(field(&later(180), &known), "believed");
    let paid = CheckoutView {
        state: Phase::Detected,
        ..moved
    };
    assert_eq!(
        field(&paid, &known),
        "believed",
        "money that came elsewhere is told"
    );
}

#[test]
fn a_choice_is_answered_with_what_was_chosen() {
    let known = Known {
        chosen: Some("BTC"),
        ..Known::default()
    };
    assert_eq!(field(&answer(), &known), "invoice.currency");
    let paid = CheckoutView {
        state: Phase::Detected,
        ..answer()
    };
    assert_eq!(
        field(&paid, &known),
        "believed",
        "money decides before a choice"
    );
}

#[test]
fn what_is_not_to_be_paid_needs_no_address() {
    for state in Phase::ALL {
        let mut answer = with(|it| (it.address, it.uri) = (None, None));
        answer.state = state;
        let expected = if state.shows_address() {
            "invoice.address"
        } else {
            "believed"
        };
        assert_eq!(alone(&answer), expected, "{state:?}");
        answer.now = at(180);
        assert_eq!(alone(&answer), "believed", "{state:?} past the expiry");
    }
}

#[test]
fn a_coin_is_never_offered_under_another_networks_name() {
    let offer = |code: &str| CurrencyView {
        code: code.into(),
        symbol: "USDC".into(),
        name: "<b>".into(),
        network: "Ethereum (ERC-20)".into(),
        estimate: None,
    };
    let shown = offered(vec![offer("USDT_TRX"), offer("NEWCOIN"), offer("BTC")]);
    let words: Vec<_> = shown
        .iter()
        .map(|it| [it.code.as_str(), &it.symbol, &it.name, &it.network])
        .collect();
    assert_eq!(
        words,
        [
            ["USDT_TRX", "USDT", "Tether USD", "Tron (TRC-20)"],
            ["BTC", "BTC", "Bitcoin", "Bitcoin"]
        ]
    );
}

proptest! {
    /// One letter of the address in another's place, in any position, is never shown.
    #[test]
    fn an_address_with_one_wrong_letter_is_refused(place in 0usize..34, letter in "[1-9A-HJ-NP-Za-km-z]") {
        let mut text = ADDRESS.to_owned();
        text.replace_range(place..=place, &letter);
        let said = alone(&with(|it| (it.address, it.uri) = (Some(text.clone()), None)));
        prop_assert_eq!(said, if text == ADDRESS { "believed" } else { "invoice.address" });
    }

    /// Of amount, received and due only the due that follows from the other two is believed, and the URI asks for just that.
    #[test]
    fn only_the_exact_rest_is_asked_for(asked in 1u64..1_000_000, received in 0u64..1_000_000, due in 0u64..1_000_000) {
        let units = |units: u64| Amount::from_units(u128::from(units), 6).expect("in range");
        let mut answer = with(|it| {
            (it.amount, it.received, it.due) = (units(asked), units(received), units(due));
            it.uri = None;
        });
        answer.state = Phase::Underpaid;
        match believe(&answer, &Known::default()) {
            Ok(to) => {
                prop_assert_eq!(due, asked - received);
                let PayTo { currency, uri, .. } = to.expect("something to pay");
                let address = checkout::Address::parse(currency.network, ADDRESS).expect("an address");
                let transfer = Transfer::new(currency, address, units(due));
                prop_assert_eq!(Ok(uri), transfer.map(|transfer| transfer.uri()));
            }
            Err(doubt) => {
                prop_assert_eq!(doubt.field, "invoice.due");
                prop_assert!(received >= asked || due != asked - received);
            }
        }
    }

    /// Whatever a hostile proxy writes into the texts, what is to be paid is in the table, parsed, and asked for by a scheme of the table.
    #[test]
    fn nothing_but_a_payment_becomes_a_link(code in "[A-Z_]{1,10}|\\PC{0,12}", address in "\\PC{0,60}", uri in "\\PC{0,60}", pick in 0usize..40) {
        let code = CURRENCIES.get(pick).map_or(code, |currency| currency.code.to_owned());
        let told = with(|it| {
            it.currency = code;
            it.address = Some(address);
            it.uri = Some(uri);
        });
        if let Ok(Some(to)) = believe(&told, &Known::default()) {
            let scheme = to.currency.network().family.uri_scheme();
            prop_assert!(to.uri.starts_with(&[scheme, ":"].concat()));
        }
    }
}
