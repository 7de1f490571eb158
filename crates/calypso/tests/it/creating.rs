//! One key, one object: what the client does when a creation's outcome is open.

use calypso::{Error, GatewayErrorCode, Invoice, SingleFiatInvoice, SingleFiatWidget};
use checkout::Amount;
use uuid::Uuid;

use super::gateway::{Answer, Gateway, HASTY, ok, refused};
use super::reading::invoice;

const KEY: Uuid = Uuid::from_u128(0x1be6_a518_6dcd_477d_96af_dd91_4b13_00ce);
const CREATE: &str = "/invoice/single-fiat/create";
const GET: &str = "/invoice";

fn order() -> SingleFiatInvoice {
    SingleFiatInvoice::new(
        "USDT_TRX",
        Amount::parse("25.00").unwrap(),
        "EUR",
        "Order 1001",
        KEY,
    )
}

async fn create(gateway: &Gateway) -> Result<Invoice, Error> {
    let client = gateway.settings().timeout(HASTY).build().unwrap();
    client.create_single_fiat_invoice(&order()).await
}

fn made() -> Answer {
    ok(invoice(&[]))
}

/// Every way to leave the outcome open.
fn open_outcomes() -> Vec<Answer> {
    let half = invoice(&[]);
    vec![
        Answer::Silence,
        Answer::Reset,
        Answer::Body(500, "<html>".into()),
        refused("000"),
        ok(&half[..half.len() / 2]),
        ok("{}"),
        Answer::Body(504, String::new()),
        Answer::Bytes(
            format!("HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n{half}").into_bytes(),
        ),
    ]
}

#[tokio::test]
async fn an_open_outcome_is_settled_by_the_key() {
    for open in open_outcomes() {
        let gateway = Gateway::new([open, made()]);
        create(&gateway).await.unwrap();
        let requests = gateway.requests();
        let paths: Vec<_> = requests
            .iter()
            .map(|request| request.path.as_str())
            .collect();
        assert_eq!(
            paths,
            ["/api/v1/invoice/single-fiat/create", "/api/v1/invoice"],
            "looked up, not created again"
        );
        assert!(
            requests[1].text().ends_with(
                r#""payload":{"idempotencyKey":"1be6a518-6dcd-477d-96af-dd914b1300ce"}}"#
            )
        );
    }
}

#[tokio::test]
async fn a_key_that_is_not_there_is_sent_again() {
    for open in open_outcomes()
        .into_iter()
        .filter(|open| !matches!(open, Answer::Body(200, body) if body == "{}"))
    {
        let gateway = Gateway::new([open, refused("004"), made()]);
        create(&gateway).await.unwrap();
        let requests = gateway.requests();
        assert_eq!(
            requests
                .iter()
                .map(|request| request.path.replace("/api/v1", ""))
                .collect::<Vec<_>>(),
            [CREATE, GET, CREATE]
        );
        assert_eq!(
            requests[0].body, requests[2].body,
            "the same request, the clock of the test standing still"
        );
    }
}

#[tokio::test]
async fn attempts_are_bounded_and_the_outcome_stays_open() {
    let silent = || [Answer::Reset, refused("004")];
    let gateway = Gateway::new(
        [silent(), silent(), silent(), silent()]
            .into_iter()
            .flatten(),
    );
    let error = create(&gateway).await.unwrap_err();
    assert!(matches!(error, Error::Interrupted { .. }), "{error:?}");
    assert!(error.may_have_taken_effect());
    assert_eq!(gateway.paths(), [CREATE, GET, CREATE, GET, CREATE, GET]);
}

#[tokio::test]
async fn a_first_attempt_that_may_still_arrive_is_not_forgotten() {
    let gateway = Gateway::new([Answer::Silence, refused("004"), refused("001")]);
    let error = create(&gateway).await.unwrap_err();
    let Error::Unsettled { write, then } = &error else {
        panic!("{error:?}")
    };
    assert!(matches!(**write, Error::Timeout { .. }));
    assert!(matches!(
        **then,
        Error::Refused {
            code: GatewayErrorCode::BadRequest,
            ..
        }
    ));
    assert!(error.may_have_taken_effect());
    assert_eq!(error.code(), Some(&GatewayErrorCode::BadRequest));
}

#[tokio::test]
async fn a_look_up_that_fails_leaves_the_outcome_open() {
    let gateway = Gateway::new([Answer::Reset, refused("002")]);
    let error = create(&gateway).await.unwrap_err();
    assert!(matches!(error, Error::Unsettled { .. }), "{error:?}");
    assert!(error.may_have_taken_effect());
    assert_eq!(
        gateway.paths(),
        [CREATE, GET],
        "no second creation without knowing"
    );
}

#[tokio::test]
async fn a_taken_key_is_looked_up() {
    let gateway = Gateway::new([refused("016"), made()]);
    assert_eq!(create(&gateway).await.unwrap().id, "i-1");
    assert_eq!(gateway.paths(), [CREATE, GET]);
}

#[tokio::test]
async fn a_taken_key_with_nothing_behind_it_is_the_refusal() {
    let gateway = Gateway::new([refused("016"), refused("004")]);
    let error = create(&gateway).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Refused {
                code: GatewayErrorCode::KeyAlreadyUsed,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(!error.may_have_taken_effect());
    assert_eq!(gateway.paths(), [CREATE, GET]);
}

#[tokio::test]
async fn a_key_of_something_else_is_named() {
    let others = [
        ("currency", "\"BTC\"", "currency"),
        ("fiatAmount", "25.01", "fiatAmount"),
        ("fiatCurrency", "\"USD\"", "fiatCurrency"),
        ("type", "\"SINGLE\"", "type"),
    ];
    for (field, value, named) in others {
        let gateway = Gateway::new([refused("016"), ok(invoice(&[(field, value)]))]);
        let error = create(&gateway).await.unwrap_err();
        assert!(
            matches!(&error, Error::KeyReused { field, .. } if *field == named),
            "{error:?}"
        );
        assert!(!error.may_have_taken_effect());

        let gateway = Gateway::new([ok(invoice(&[(field, value)]))]);
        let error = create(&gateway).await.unwrap_err();
        assert!(
            matches!(&error, Error::Contradiction { field, .. } if *field == named),
            "{error:?}"
        );
        assert!(error.may_have_taken_effect());
    }
}

#[tokio::test]
async fn another_spelling_of_the_same_price_is_the_same() {
    for price in ["25", "25.0", "2.5e1", "\"25\""] {
        let gateway = Gateway::new([ok(invoice(&[("fiatAmount", price)]))]);
        create(&gateway).await.unwrap();
    }
    let gateway = Gateway::new([ok(invoice(&[("fiatAmount", ""), ("fiatCurrency", "null")]))]);
    create(&gateway)
        .await
        .expect("a gateway need not repeat the price");
}

#[tokio::test]
async fn a_clear_refusal_is_final() {
    for code in ["001", "002", "003", "004", "006", "028", "777"] {
        let gateway = Gateway::new([refused(code), made()]);
        let error = create(&gateway).await.unwrap_err();
        assert_eq!(error.code(), Some(&GatewayErrorCode::from(code)));
        assert!(!error.may_have_taken_effect(), "{error}");
        assert_eq!(gateway.paths(), [CREATE]);
    }
}

#[tokio::test]
async fn a_widget_is_looked_up_as_a_widget() {
    let widget = r#"{"idempotencyKey":"k","widgetType":"SINGLE_FIAT","widgetState":"IN_PROGRESS","fiatAmount":25}"#;
    let gateway = Gateway::new([Answer::Reset, ok(widget)]);
    let order = SingleFiatWidget::new(["BTC"], Amount::parse("25").unwrap(), "EUR", "Order", KEY);
    gateway
        .client()
        .create_single_fiat_widget(&order)
        .await
        .unwrap();
    assert_eq!(
        gateway.paths(),
        [
            "/payment-widget/single-fiat/create",
            "/payment-widget/single-fiat/find"
        ]
    );
}

#[tokio::test]
async fn what_breaks_a_known_rule_is_not_sent() {
    let gateway = Gateway::new([made()]);
    let client = gateway.client();
    let mut orders = vec![order(), order(), order(), order()];
    orders[0].fiat_amount = Amount::parse("0.00").unwrap();
    orders[1].currency = " ".into();
    orders[2].fiat_currency = String::new();
    orders[3].description = String::new();
    for order in orders {
        let error = client.create_single_fiat_invoice(&order).await.unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        assert!(!error.may_have_taken_effect());
    }
    let price = Amount::parse("25").unwrap();
    let none: [&str; 0] = [];
    for order in [
        SingleFiatWidget::new(none, price, "EUR", "Order", KEY),
        SingleFiatWidget::new(["BTC", ""], price, "EUR", "Order", KEY),
    ] {
        let error = client.create_single_fiat_widget(&order).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::Invalid {
                    field: "cryptoCurrencies",
                    ..
                }
            ),
            "{error:?}"
        );
    }
    assert!(gateway.requests().is_empty());
}

#[tokio::test]
async fn prices_and_dates_leave_with_their_exact_digits() {
    let gateway = Gateway::new([ok(invoice(&[("fiatAmount", "0.10")]))]);
    let mut order = order();
    order.fiat_amount = Amount::parse("0.10").unwrap();
    order.options.expiration = Some(checkout::Timestamp::parse("2026-11-21T08:00:00Z").unwrap());
    order.options.external_id = Some("№ \"7\"".into());
    gateway
        .client()
        .create_single_fiat_invoice(&order)
        .await
        .unwrap();
    let sent = gateway.requests().remove(0);
    assert!(
        sent.text().contains(r#""fiatAmount":0.10,"#),
        "{}",
        sent.text()
    );
    assert!(
        sent.text()
            .contains(r#""expiration":"2026-11-21T08:00:00.000Z""#),
        "{}",
        sent.text()
    );
    assert!(
        sent.text().contains(r#""externalId":"№ \"7\"""#),
        "{}",
        sent.text()
    );
    assert!(
        !sent.text().contains("returnUrl"),
        "what is not set is not sent"
    );
}
