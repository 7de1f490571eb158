//! A gateway that misbehaves, case by case: each ends in a named error or in the right result after repeating, never in a
//! wrong state. [`CASES`] says which test shows which case; those that no other file shows are here.

use std::collections::HashSet;
use std::process::Command;
use std::time::Duration;

use calypso::{
    Client, Credentials, Error, GatewayErrorCode, InvoiceKey, InvoiceRef, Paging,
    SingleFiatInvoice, SingleInvoice,
};
use calypso_sandbox::{FaultKind, Sandbox, Scenario, Settings};
use checkout::{Amount, InvoiceStatus, Observation, Phase, advance};
use uuid::Uuid;

use super::gateway::{ACCOUNT, Answer, Gateway, KEY, SECRET, ok, refused};
use super::reading::invoice;

/// Every case, and the test that shows it.
const CASES: [(&str, &str); 35] = [
    (
        "no answer before the effect",
        "sandbox::every_fault_ends_in_one_invoice_or_a_named_error",
    ),
    (
        "no answer after the effect",
        "creating::an_open_outcome_is_settled_by_the_key",
    ),
    (
        "an answer later than the client waits, which then arrives",
        "creating::a_first_attempt_that_may_still_arrive_is_not_forgotten",
    ),
    (
        "connection reset before the first byte",
        "failures::silence_and_broken_connections_are_named",
    ),
    (
        "connection closed at any byte of head and body",
        "failures::an_answer_cut_at_any_byte_is_an_error",
    ),
    (
        "connection reset in the body of a creation's answer",
        "misbehaving_gateway::a_creation_cut_at_any_byte_of_its_answer_made_one_invoice",
    ),
    (
        "200 with a refusal in it",
        "failures::a_refusal_with_a_good_status_is_a_refusal",
    ),
    (
        "200 with error 000 in it, to a creation",
        "misbehaving_gateway::a_creation_ends_in_one_invoice_despite_the_gateways_own_trouble",
    ),
    ("200 with HTML", "failures::a_failing_gateway_is_named"),
    (
        "200 with nothing",
        "misbehaving_gateway::a_creation_ends_in_one_invoice_despite_the_gateways_own_trouble",
    ),
    (
        "200 with truncated JSON of the right length",
        "failures::json_that_is_not_the_answer_is_told_from_no_json",
    ),
    (
        "content length above the body",
        "failures::silence_and_broken_connections_are_named",
    ),
    (
        "content length below the body, or two of them",
        "failures::a_content_length_that_lies_is_an_error",
    ),
    (
        "429 with seconds in Retry-After",
        "failures::being_told_to_slow_down_is_not_answered_with_more_requests",
    ),
    (
        "429 with a date in Retry-After",
        "failures::being_told_to_slow_down_is_not_answered_with_more_requests",
    ),
    (
        "429 with garbage in Retry-After",
        "failures::being_told_to_slow_down_is_not_answered_with_more_requests",
    ),
    (
        "429 to a creation",
        "misbehaving_gateway::a_creation_that_was_turned_away_made_nothing",
    ),
    (
        "a burst of 5xx shorter than the retries",
        "failures::reads_are_repeated_a_few_times",
    ),
    (
        "a burst of 5xx longer than the retries",
        "failures::reads_are_repeated_a_few_times",
    ),
    (
        "each 5xx to a creation",
        "misbehaving_gateway::each_5xx_leaves_a_creation_open_until_its_key_is_looked_up",
    ),
    (
        "a maintenance page with 503",
        "misbehaving_gateway::a_maintenance_that_ends_is_survived",
    ),
    (
        "a gateway that ends the TLS handshake",
        "misbehaving_gateway::a_handshake_that_fails_has_sent_nothing",
    ),
    (
        "a gateway without TLS",
        "failures::a_gateway_without_tls_gets_nothing_of_an_https_request",
    ),
    (
        "an answer that drips",
        "failures::an_answer_that_drips_is_a_timeout",
    ),
    (
        "a key that exists already, on the retry of its own creation",
        "creating::a_taken_key_is_looked_up",
    ),
    (
        "a state that goes back",
        "misbehaving_gateway::a_state_that_goes_back_moves_nothing",
    ),
    (
        "an unknown state",
        "misbehaving_gateway::an_unknown_state_moves_nothing",
    ),
    (
        "unknown fields",
        "reading::unknown_fields_are_ignored_and_unknown_values_kept",
    ),
    (
        "an unknown currency",
        "misbehaving_gateway::another_currency_than_asked_for_is_no_result",
    ),
    (
        "an amount in another unit",
        "misbehaving_gateway::an_amount_in_another_unit_is_no_result",
    ),
    (
        "clocks that differ",
        "failures::a_refused_timestamp_is_clock_skew",
    ),
    (
        "an empty list",
        "misbehaving_gateway::an_empty_list_is_a_list",
    ),
    (
        "a list without an end",
        "misbehaving_gateway::a_page_that_comes_again_is_asked_for_once",
    ),
    (
        "an answer longer than any can be",
        "failures::a_long_answer_is_cut_off",
    ),
    (
        "all of it by chance, call after call",
        "misbehaving_gateway::a_bad_hour_ends_with_one_invoice_each",
    ),
];

/// The test program itself says which tests it has: one that is commented out is not among them.
#[test]
fn every_case_has_its_test() {
    let program = std::env::current_exe().unwrap();
    let listed = Command::new(program).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let tests: HashSet<&str> = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .collect();
    for (case, test) in CASES {
        assert!(tests.contains(test), "{case}: there is no test {test}");
    }
}

fn which() -> InvoiceRef {
    InvoiceRef::Id("i-1".into())
}

fn amount(digits: &str) -> Amount {
    Amount::parse(digits).unwrap()
}

fn order() -> SingleFiatInvoice {
    SingleFiatInvoice::new(
        "USDT_TRX",
        amount("25"),
        "EUR",
        "Order 1",
        Uuid::from_u128(7),
    )
}

/// A sandbox that plays a scenario, and a client of it.
async fn sandbox(scenario: &str) -> (Sandbox, Client) {
    let settings = Settings {
        seed: 7,
        ..Settings::default()
    };
    let credentials = Credentials::new(settings.key.clone(), settings.secret.clone());
    let account = settings.account.clone();
    let sandbox = Sandbox::new(settings);
    sandbox.play(Scenario::parse(scenario).unwrap());
    let (address, _server) = sandbox.listen("127.0.0.1:0").await.unwrap();
    let url = format!("http://{address}").parse().unwrap();
    let client = Client::builder(url, credentials, account)
        .timeout(Duration::from_secs(20))
        .retry_pause(Duration::ZERO)
        .build()
        .unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn a_creation_cut_at_any_byte_of_its_answer_made_one_invoice() {
    let (sandbox, client) = sandbox("steps = []").await;
    let made = client.create_single_fiat_invoice(&order()).await.unwrap();
    for bytes in (0..400).step_by(13) {
        for kind in ["reset", "truncated"] {
            let text = format!(
                r#"{{"steps":[{{"at":0,"fault":{{"path":"/api/v1/invoice/*","kind":"{kind}","afterBytes":{bytes}}}}}]}}"#
            );
            sandbox.play(Scenario::parse(&text).unwrap());
            let again = client.create_single_fiat_invoice(&order()).await;
            assert_eq!(again.unwrap().id, made.id, "{kind} after {bytes}");
        }
    }
}

#[tokio::test]
async fn a_creation_ends_in_one_invoice_despite_the_gateways_own_trouble() {
    for kind in [
        FaultKind::Error200,
        FaultKind::Empty,
        FaultKind::Error504,
        FaultKind::Html200,
        FaultKind::Garbage,
    ] {
        let kind = kind.as_str();
        let text = format!(
            r#"{{"steps":[{{"at":0,"fault":{{"path":"/api/v1/invoice/*","kind":"{kind}"}}}}]}}"#
        );
        let (_sandbox, client) = sandbox(&text).await;
        let made = client.create_single_fiat_invoice(&order()).await.unwrap();
        assert_eq!(
            (&made.state, &*made.currency),
            (&InvoiceStatus::PendingPayment, "USDT_TRX"),
            "{kind}"
        );
        let again = client.create_single_fiat_invoice(&order()).await.unwrap();
        assert_eq!(again.id, made.id, "{kind}");
    }
}

#[tokio::test]
async fn a_creation_that_was_turned_away_made_nothing() {
    for header in ["retry-after: 1\r\n", "retry-after: -1\r\n", ""] {
        let gateway = Gateway::new([
            Answer::Headed(429, header, "slow down".into()),
            ok(invoice(&[])),
        ]);
        let error = gateway
            .client()
            .create_single_fiat_invoice(&order())
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::NotJson { status: 429, .. }),
            "{error:?}"
        );
        assert!(!error.may_have_taken_effect() && error.is_too_many());
        let says = (header == "retry-after: 1\r\n").then_some(Duration::from_secs(1));
        assert_eq!(error.retry_after(), says);
        assert_eq!(gateway.paths(), ["/invoice/single-fiat/create"]);
    }
}

#[tokio::test]
async fn each_5xx_leaves_a_creation_open_until_its_key_is_looked_up() {
    for status in [500, 501, 502, 503, 504, 507, 520, 524, 599] {
        let gateway = Gateway::new([
            Answer::Body(status, "<html>".into()),
            refused("004"),
            ok(invoice(&[])),
        ]);
        gateway
            .client()
            .create_single_fiat_invoice(&order())
            .await
            .unwrap();
        let paths = [
            "/invoice/single-fiat/create",
            "/invoice",
            "/invoice/single-fiat/create",
        ];
        assert_eq!(gateway.paths(), paths, "{status}");

        let lasting = (0..3).flat_map(|_| [Answer::Body(status, "<html>".into()), refused("004")]);
        let gateway = Gateway::new(lasting);
        let error = gateway
            .client()
            .create_single_fiat_invoice(&order())
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::NotJson { status: found, .. } if *found == status),
            "{error:?}"
        );
        assert!(error.may_have_taken_effect(), "{status}");
    }
}

#[tokio::test]
async fn a_maintenance_that_ends_is_survived() {
    let text = "[[steps]]\nat = 0\nfault = { kind = \"error503\", times = 4 }\n";
    let (_sandbox, client) = sandbox(text).await;
    // A creation and its look-up are repeated: the maintenance lasts longer than that.
    let error = client
        .create_single_fiat_invoice(&order())
        .await
        .unwrap_err();
    let Error::Unsettled { write, then } = &error else {
        panic!("{error:?}")
    };
    for part in [write, then] {
        assert!(
            matches!(&**part, Error::NotJson { status: 503, excerpt, .. } if excerpt.contains("Maintenance")),
            "{part:?}"
        );
    }
    assert!(error.may_have_taken_effect());
    let made = client.create_single_fiat_invoice(&order()).await.unwrap();
    assert_eq!(made.state, InvoiceStatus::PendingPayment);
}

/// The server answers the handshake with the alert that its peer's certificate is out of date.
#[tokio::test]
async fn a_handshake_that_fails_has_sent_nothing() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = vec![0; 4096];
        let count = stream.read(&mut hello).unwrap();
        stream
            .write_all(&[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x2d])
            .unwrap();
        let mut rest = Vec::new();
        // Whatever still comes; a reset connection has nothing more to say.
        drop(stream.read_to_end(&mut rest));
        hello.truncate(count);
        hello.extend(rest);
        hello
    });
    let url = format!("https://127.0.0.1:{port}").parse().unwrap();
    let client = Client::builder(url, Credentials::new(KEY, SECRET), ACCOUNT)
        .retries(0)
        .build()
        .unwrap();
    let error = client
        .create_single_fiat_invoice(&order())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NoConnection { .. }), "{error:?}");
    assert!(!error.may_have_taken_effect());
    let sent = server.join().unwrap();
    assert!(
        !String::from_utf8_lossy(&sent).contains("timestamp"),
        "only a handshake was sent"
    );
}

/// The phases through which the states of an invoice lead.
async fn phases(states: &[&str]) -> Vec<Phase> {
    let answers = states
        .iter()
        .map(|state| ok(invoice(&[("state", &format!("\"{state}\""))])));
    let gateway = Gateway::new(answers);
    let client = gateway.client();
    let mut phase = Phase::Awaiting;
    let mut phases = Vec::new();
    for _ in states {
        let read = client.invoice(&which()).await.unwrap();
        let seen = Observation {
            status: &read.state,
            intervention: read.intervention.as_ref(),
            past_expiry: false,
        };
        phase = advance(phase, &seen);
        phases.push(phase);
    }
    phases
}

#[tokio::test]
async fn a_state_that_goes_back_moves_nothing() {
    let states = [
        "PAID",
        "PENDING_PAYMENT",
        "MEM_POOL_FOUND",
        "ARCHIVED",
        "COMPLETED",
        "PAID",
        "PENDING_PAYMENT",
    ];
    use Phase::{Completed, Paid};
    assert_eq!(
        phases(&states).await,
        [Paid, Paid, Paid, Paid, Completed, Completed, Completed]
    );
}

#[tokio::test]
async fn an_unknown_state_moves_nothing() {
    use Phase::{Awaiting, Detected, Paid};
    let states = [
        "QUANTUM_REVIEW",
        "MEM_POOL_FOUND",
        "paid",
        "",
        "PAID ",
        "PAID",
        "QUANTUM_REVIEW",
    ];
    assert_eq!(
        phases(&states).await,
        [Awaiting, Detected, Detected, Detected, Detected, Paid, Paid]
    );
}

#[tokio::test]
async fn another_currency_than_asked_for_is_no_result() {
    for currency in [
        "\"QUANTUM_COIN\"",
        "\"usdt_trx\"",
        "\"USDT\"",
        "{\"name\":\"BTC\"}",
    ] {
        let gateway = Gateway::new([ok(invoice(&[("currency", currency)]))]);
        let error = gateway
            .client()
            .create_single_fiat_invoice(&order())
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                Error::Contradiction {
                    field: "currency",
                    ..
                }
            ),
            "{error:?}"
        );
    }
    let text = "[[steps]]\nat = 0\nfault = { kind = \"unknown_currency\", times = 1 }\n";
    let (_sandbox, client) = sandbox(text).await;
    let error = client
        .create_single_fiat_invoice(&order())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Contradiction {
                field: "currency",
                ..
            }
        ),
        "{error:?}"
    );
    client
        .create_single_fiat_invoice(&order())
        .await
        .expect("the same invoice, asked for again");
}

#[tokio::test]
async fn an_amount_in_another_unit_is_no_result() {
    // Cents for euros, and the other way round.
    for price in ["2500", "0.25"] {
        let gateway = Gateway::new([ok(invoice(&[("fiatAmount", price)]))]);
        let error = gateway
            .client()
            .create_single_fiat_invoice(&order())
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                Error::Contradiction {
                    field: "fiatAmount",
                    ..
                }
            ),
            "{error:?}"
        );
    }
    // Millionths of a dollar for dollars; nothing was rounded on the way.
    let order = SingleInvoice::new(amount("27.314"), "USDT_TRX", "Order 1", Uuid::from_u128(7));
    for units in ["27314000", "27.3140001", "27"] {
        let gateway = Gateway::new([ok(invoice(&[("type", "\"SINGLE\""), ("amount", units)]))]);
        let error = gateway
            .client()
            .create_single_invoice(&order)
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                Error::Contradiction {
                    field: "amount",
                    ..
                }
            ),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn an_empty_list_is_a_list() {
    for list in [
        "[]",
        r#"{"result":[]}"#,
        r#"{"result":[],"page":0,"totalElements":0}"#,
    ] {
        let gateway = Gateway::new([ok(list)]);
        let page = gateway
            .client()
            .invoices_by_external_id("order-1", Paging::default())
            .await
            .unwrap();
        assert!(page.items.is_empty(), "{list}");
    }
    let gateway = Gateway::new([ok(r#"{"currencyRates":[]}"#)]);
    assert!(
        gateway
            .client()
            .rates(&["BTC"], &["EUR"])
            .await
            .unwrap()
            .is_empty()
    );
    for none in ["{}", "null", r#"{"result":null}"#] {
        let gateway = Gateway::new([ok(none)]);
        let error = gateway
            .client()
            .invoices_by_external_id("order-1", Paging::default())
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Unreadable { .. }),
            "{none}: no list is not an empty one: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_page_that_comes_again_is_asked_for_once() {
    // The gateway claims a million pages and always answers the same one: who asks for a page gets that page, once.
    let page = format!(
        r#"{{"result":[{}],"page":0,"size":1,"totalElements":1000000}}"#,
        invoice(&[])
    );
    let gateway = Gateway::new([ok(page.clone()), ok(page)]);
    let client = gateway.client();
    for number in [0, 1] {
        let paging = Paging {
            number: Some(number),
            ..Paging::default()
        };
        let found = client
            .invoices_by_external_id("order-1", paging)
            .await
            .unwrap();
        assert_eq!(
            (found.items.len(), found.page),
            (1, Some(0)),
            "it says itself which page it is"
        );
    }
    assert_eq!(gateway.requests().len(), 2);
    let gateway = Gateway::new([ok(r#"{"result":[]}"#)]);
    let history = InvoiceKey::Id("i-1".into());
    let none = gateway
        .client()
        .deposit_history(&history, Paging::default())
        .await
        .unwrap();
    assert!(none.items.is_empty() && gateway.requests().len() == 1);
}

/// Half of all calls fail, each in some way that ends by itself. The same seed is the same hour.
#[tokio::test]
async fn a_bad_hour_ends_with_one_invoice_each() {
    let text = r#"{"seed": 11, "steps": [{"at": 0, "fault": {"percent": 50, "weights": {"error500": 1, "error502": 1,
        "error503": 1, "error504": 1, "error200": 1, "error429": 1, "html": 1, "html200": 1, "garbage": 1, "empty": 1,
        "truncated": 1, "wrong_length": 1, "reset": 1, "unknown_field": 1}}}]}"#;
    let (_sandbox, client) = sandbox(text).await;
    let (mut failed, mut ids) = (0, std::collections::BTreeSet::new());
    for number in 0..40_u128 {
        let key = Uuid::from_u128(0x1000 + number);
        let order = SingleFiatInvoice::new("BTC", amount("25"), "EUR", "Order", key);
        let made = 'again: {
            for _ in 0..50 {
                match client.create_single_fiat_invoice(&order).await {
                    Ok(made) => break 'again made,
                    Err(error) => {
                        let named = matches!(
                            error,
                            Error::NotJson { .. }
                                | Error::Unsettled { .. }
                                | Error::Interrupted { .. }
                                | Error::Refused {
                                    code: GatewayErrorCode::Internal,
                                    ..
                                }
                        );
                        assert!(named, "{error:?}");
                        failed += 1;
                    }
                }
            }
            panic!("fifty attempts failed");
        };
        assert_eq!(
            (&made.state, made.fiat_amount),
            (&InvoiceStatus::PendingPayment, Some(amount("25")))
        );
        assert!(ids.insert(made.id), "one invoice for each key");
    }
    assert!(failed > 0, "some were not settled at once");
}
