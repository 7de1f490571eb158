//! The JSON between widget and proxy is the documented one, to the letter.

use checkout::wire::{CheckoutView, DepositState, ErrorBody, HostedWidgetView, RefusalCode};
use checkout::{Amount, Kind, Phase};

/// The design's example with its ellipses filled in.
const CHECKOUT: &str = concat!(
    r#"{"id":"0d6c3f0e-58a4-4d0c-9d3b-6a1b3e0a7f11","state":"awaiting","description":"Order 1001","#,
    r#""price":{"amount":"25.00","currency":"EUR"},"#,
    r#""currencies":[{"code":"USDT_TRX","symbol":"USDT","name":"Tether USD","network":"Tron (TRC-20)","estimate":"27.31"}],"#,
    r#""invoice":{"currency":"USDT_TRX","address":"TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX","amount":"27.314","received":"0","due":"27.314","#,
    r#""uri":"tron:TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX?amount=27.314","repriceAt":"2026-11-21T08:40:00Z","expiresAt":"2026-11-21T11:25:00Z","transaction":null},"#,
    r#""expiresAt":"2026-11-22T08:25:00Z","now":"2026-11-21T08:25:00.123Z","pollAfterMs":3000,"#,
    r#""returnUrl":null,"supportUrl":null,"logoUrl":null,"attestation":null}"#,
);

#[test]
fn the_designs_example_is_read_and_printed_the_same() {
    let checkout: CheckoutView = serde_json::from_str(CHECKOUT).unwrap();
    assert_eq!(checkout.state, Phase::Awaiting);
    let price = checkout.price.as_ref().unwrap();
    assert_eq!(price.amount, Amount::parse("25").unwrap());
    assert_eq!((checkout.kind, &checkout.receiving), (Kind::Payment, &None));
    assert_eq!(checkout.invoice.as_ref().unwrap().due.to_string(), "27.314");
    assert_eq!(serde_json::to_string(&checkout).unwrap(), CHECKOUT);
}

#[test]
fn only_the_merchant_is_told_the_url() {
    let mut checkout: CheckoutView = serde_json::from_str(CHECKOUT).unwrap();
    assert_eq!(checkout.url, None);
    checkout.url = Some(String::from("https://pay.shop.example/pay/0d6c"));
    let json = serde_json::to_string(&checkout).unwrap();
    assert!(
        json.ends_with(r#""attestation":null,"url":"https://pay.shop.example/pay/0d6c"}"#),
        "{json}"
    );
    assert_eq!(
        serde_json::from_str::<CheckoutView>(&json).unwrap(),
        checkout
    );
}

#[test]
fn before_a_choice_there_is_no_invoice() {
    let start = CHECKOUT.find(r#"{"currency":"USDT_TRX""#).unwrap();
    let end = CHECKOUT.find(r#","expiresAt":"2026-11-22"#).unwrap();
    let json =
        format!("{}null{}", &CHECKOUT[..start], &CHECKOUT[end..]).replace("awaiting", "choosing");
    let checkout: CheckoutView = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (checkout.state, checkout.invoice.clone()),
        (Phase::Choosing, None)
    );
    assert_eq!(serde_json::to_string(&checkout).unwrap(), json);
}

#[test]
fn an_expired_invoice_carries_no_address_and_nothing_to_scan() {
    let gone = CHECKOUT
        .replace("awaiting", "expired")
        .replace(
            r#""address":"TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX""#,
            r#""address":null"#,
        )
        .replace(
            r#""uri":"tron:TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX?amount=27.314""#,
            r#""uri":null"#,
        );
    let checkout: CheckoutView = serde_json::from_str(&gone).unwrap();
    let invoice = checkout.invoice.as_ref().unwrap();
    assert_eq!((&invoice.address, &invoice.uri), (&None, &None));
    assert_eq!(serde_json::to_string(&checkout).unwrap(), gone);
}

#[test]
fn fields_of_a_later_time_are_ignored_in_answers() {
    let json = CHECKOUT
        .replacen('{', r#"{"newField":{"deep":[1]},"#, 1)
        .replace(r#""price":{"#, r#""price":{"vat":19,"#);
    assert_eq!(
        serde_json::from_str::<CheckoutView>(&json).unwrap(),
        serde_json::from_str::<CheckoutView>(CHECKOUT).unwrap()
    );
}

#[test]
fn money_that_is_a_number_is_refused() {
    for (text, number) in [
        (r#""amount":"27.314""#, r#""amount":27.314"#),
        (r#""estimate":"27.31""#, r#""estimate":27.31"#),
    ] {
        assert!(CHECKOUT.contains(text));
        assert!(
            serde_json::from_str::<CheckoutView>(&CHECKOUT.replace(text, number)).is_err(),
            "{number}"
        );
    }
}

#[test]
fn errors_have_one_shape() {
    let json = r#"{"error":{"code":"currency_not_offered","message":"…","requestId":"01J"}}"#;
    let body: ErrorBody = serde_json::from_str(json).unwrap();
    assert_eq!(body.error.code, RefusalCode::CurrencyNotOffered);
    assert_eq!(serde_json::to_string(&body).unwrap(), json);
}

/// A top-up with one deposit that counts and one that does not yet.
const TOPUP: &str = concat!(
    r#"{"id":"0d6c3f0e-58a4-4d0c-9d3b-6a1b3e0a7f11","kind":"topup","state":"awaiting","description":"Top up","price":null,"#,
    r#""currencies":[{"code":"USDT_TRX","symbol":"USDT","name":"Tether USD","network":"Tron (TRC-20)","estimate":null}],"invoice":null,"#,
    r#""receiving":{"currency":"USDT_TRX","address":"TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX","uri":"tron:TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX","#,
    r#""received":"27.314","deposits":[{"amount":"27.314","currency":"USDT_TRX","transaction":"ab12","at":"2026-11-21T08:25:00Z","state":"confirmed"},"#,
    r#"{"amount":"1","currency":"USDT_TRX","transaction":null,"at":"2026-11-21T08:26:00Z","state":"detected"}]},"#,
    r#""expiresAt":"2027-11-21T08:25:00Z","now":"2026-11-21T08:27:00Z","pollAfterMs":3000,"#,
    r#""returnUrl":null,"supportUrl":null,"logoUrl":null,"attestation":null,"url":"https://pay.shop.example/pay/0d6c"}"#,
);

#[test]
fn a_checkout_without_a_price_says_what_it_is_and_what_arrived() {
    let checkout: CheckoutView = serde_json::from_str(TOPUP).unwrap();
    assert_eq!((checkout.kind, &checkout.price), (Kind::Topup, &None));
    let receiving = checkout.receiving.as_ref().unwrap();
    assert_eq!(receiving.deposits[0].state, DepositState::Confirmed);
    assert_eq!(receiving.deposits[1].transaction, None);
    assert_eq!(serde_json::to_string(&checkout).unwrap(), TOPUP);
    let choosing = CheckoutView {
        receiving: None,
        ..checkout
    };
    let json = serde_json::to_string(&choosing).unwrap();
    assert!(
        json.contains(r#""invoice":null,"receiving":null,"#),
        "{json}"
    );
    assert_eq!(
        serde_json::from_str::<CheckoutView>(&json).unwrap(),
        choosing
    );
}

#[test]
fn kinds_and_states_of_deposits_are_words() {
    for kind in Kind::ALL {
        let json = format!("\"{kind}\"");
        assert_eq!(serde_json::to_string(&kind).unwrap(), json);
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    for state in DepositState::ALL {
        let json = format!("\"{state}\"");
        assert_eq!(serde_json::to_string(&state).unwrap(), json);
        assert_eq!(state.as_str().parse(), Ok(state));
    }
    for word in ["", "Payment", "top-up", "TOPUP", "deposit "] {
        assert!(word.parse::<Kind>().is_err(), "{word:?}");
    }
    assert!("CONFIRMED".parse::<DepositState>().is_err());
    let json = r#"{"url":"https://pay.example/pay?widgetKey=1"}"#;
    let link: HostedWidgetView = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&link).unwrap(), json);
}
