//! A gateway that fails in every way: each has its named error, and none shows the secret.

use std::time::Duration;

use calypso::{Client, Credentials, Error, GatewayErrorCode, InvoiceRef, SingleFiatInvoice};
use checkout::Amount;

use super::gateway::{ACCOUNT, Answer, Gateway, HASTY, KEY, SECRET, ok, refused};
use super::reading::invoice;

fn which() -> InvoiceRef {
    InvoiceRef::Id("i-1".into())
}

/// A client of a gateway with one scripted answer, which repeats nothing.
fn asking_once(answer: Answer) -> (Gateway, Client) {
    let never_ends = matches!(answer, Answer::Silence | Answer::Drip(_));
    let gateway = Gateway::new([answer]);
    let mut settings = gateway.settings().retries(0).answer_limit(4096);
    if never_ends {
        settings = settings.timeout(HASTY);
    }
    let client = settings.build().unwrap();
    (gateway, client)
}

/// One read without repetition against one scripted answer.
async fn read(answer: Answer) -> Error {
    let (_gateway, client) = asking_once(answer);
    client.invoice(&which()).await.expect_err("a failure")
}

fn bytes(text: &str) -> Answer {
    Answer::Bytes(text.as_bytes().to_vec())
}

#[tokio::test]
async fn a_failing_gateway_is_named() {
    let error = read(Answer::Body(500, "Internal Server Error".into())).await;
    assert!(
        matches!(&error, Error::NotJson { status: 500, excerpt, .. } if excerpt == "Internal Server Error"),
        "{error:?}"
    );
    assert!(error.may_have_taken_effect());

    let error = read(Answer::Body(
        502,
        "<html>\r\n<body>\u{1b}[31mBad Gateway</body></html>".into(),
    ))
    .await;
    assert!(
        matches!(&error, Error::NotJson { status: 502, excerpt, .. } if excerpt == "<html>  <body> [31mBad Gateway</body></html>"),
        "{error:?}"
    );

    let error = read(ok("<!DOCTYPE html><p>maintenance")).await;
    assert!(
        matches!(&error, Error::NotJson { status: 200, .. }),
        "{error:?}"
    );
    assert!(error.may_have_taken_effect());

    let error = read(ok("")).await;
    assert!(
        matches!(&error, Error::NotJson { status: 200, .. }),
        "{error:?}"
    );

    let error = read(Answer::Body(429, "slow down".into())).await;
    assert!(
        matches!(&error, Error::NotJson { status: 429, .. }),
        "{error:?}"
    );
    assert!(
        !error.may_have_taken_effect(),
        "turned away before anything was done"
    );
}

#[tokio::test]
async fn json_that_is_not_the_answer_is_told_from_no_json() {
    let whole = invoice(&[]);
    let error = read(ok(&whole[..whole.len() - 9])).await;
    assert!(
        matches!(&error, Error::NotJson { status: 200, reason, .. } if reason.contains("EOF")),
        "{error:?}"
    );

    for body in ["{}", "[]", "null", "1", "\"text\"", r#"{"state":"PAID"}"#] {
        let error = read(ok(body)).await;
        assert!(
            matches!(&error, Error::Unreadable { status: 200, .. }),
            "{body}: {error:?}"
        );
        assert!(error.may_have_taken_effect());
    }

    let error = read(Answer::Body(400, r#"{"error":"other shape"}"#.into())).await;
    assert!(
        matches!(&error, Error::NotJson { status: 400, reason, .. } if reason.contains("errorCode")),
        "{error:?}"
    );

    let error = read(ok(format!("{whole}{whole}"))).await;
    assert!(
        matches!(&error, Error::NotJson { reason, .. } if reason.contains("trailing")),
        "{error:?}"
    );

    let error = read(Answer::Bytes(
        b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"id\":\"\xff\xfe\"}".to_vec(),
    ))
    .await;
    assert!(matches!(&error, Error::NotJson { .. }), "{error:?}");

    let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    let error = read(ok(deep)).await;
    assert!(
        matches!(&error, Error::NotJson { .. } | Error::Unreadable { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_refusal_with_a_good_status_is_a_refusal() {
    let error = read(ok(r#"{"errorCode":"004","message":"no such invoice"}"#)).await;
    assert!(
        matches!(
            &error,
            Error::Refused {
                status: 200,
                code: GatewayErrorCode::NotFound,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(error.is_not_found());
}

#[tokio::test]
async fn unknown_codes_are_kept() {
    let error = read(Answer::Body(
        400,
        r#"{"errorCode":"0421","message":null,"traceId":17}"#.into(),
    ))
    .await;
    assert_eq!(
        error.code(),
        Some(&GatewayErrorCode::Unknown("0421".into()))
    );
    assert_eq!(
        error.to_string(),
        "/api/v1/invoice: refused with 0421 (not in the reference) [trace 17]"
    );
}

#[tokio::test]
async fn every_known_code_comes_back_as_itself() {
    for code in GatewayErrorCode::KNOWN {
        if *code == GatewayErrorCode::BadTimestamp {
            continue;
        }
        let error = read(refused(code.as_str())).await;
        assert_eq!(error.code(), Some(code));
        assert!(error.to_string().contains(code.meaning()), "{error}");
    }
}

#[tokio::test]
async fn silence_and_broken_connections_are_named() {
    let error = read(Answer::Silence).await;
    assert!(
        matches!(error, Error::Timeout { after, .. } if after == HASTY),
        "{error:?}"
    );
    assert!(error.may_have_taken_effect());

    for broken in [
        Answer::Reset,
        bytes(""),
        bytes("HTTP/1.1 200 OK\r\ncontent-le"),
        bytes("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":"),
        bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n"),
        bytes("SSH-2.0-OpenSSH_9.6\r\n"),
    ] {
        let error = read(broken).await;
        assert!(matches!(error, Error::Interrupted { .. }), "{error:?}");
        assert!(error.may_have_taken_effect());
    }
}

#[tokio::test]
async fn an_answer_cut_at_any_byte_is_an_error() {
    let body = invoice(&[]);
    let whole = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let gateway = Gateway::new((0..whole.len()).map(|end| bytes(&whole[..end])));
    let client = gateway.settings().retries(0).build().unwrap();
    for end in 0..whole.len() {
        let error = client.invoice(&which()).await.expect_err("half an answer");
        assert!(
            matches!(error, Error::Interrupted { .. }),
            "{end}: {error:?}"
        );
    }
    let gateway = Gateway::new([bytes(&whole)]);
    gateway
        .client()
        .invoice(&which())
        .await
        .expect("the whole answer");
}

#[tokio::test]
async fn a_content_length_that_lies_is_an_error() {
    let body = invoice(&[]);
    let short = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len() - 1
    );
    let error = read(bytes(&short)).await;
    assert!(matches!(error, Error::NotJson { .. }), "{error:?}");
    let two = format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{body}");
    let error = read(bytes(&two)).await;
    assert!(matches!(error, Error::Interrupted { .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_drips_is_a_timeout() {
    let error = read(Answer::Drip(format!(
        "HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n{}",
        " ".repeat(4000)
    )))
    .await;
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
}

#[tokio::test]
async fn a_gateway_without_tls_gets_nothing_of_an_https_request() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let mut start = vec![0; 4096];
        let count = stream.read(&mut start).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
            .unwrap();
        start.truncate(count);
        start
    });
    let url = format!("https://127.0.0.1:{port}").parse().unwrap();
    let client = Client::builder(url, Credentials::new(KEY, SECRET), ACCOUNT)
        .retries(0)
        .build()
        .unwrap();
    let error = client.invoice(&which()).await.unwrap_err();
    assert!(matches!(error, Error::NoConnection { .. }), "{error:?}");
    assert!(!error.may_have_taken_effect());
    let sent = String::from_utf8_lossy(&server.join().unwrap()).into_owned();
    assert!(
        !sent.contains("timestamp") && !sent.contains(KEY),
        "only a handshake was sent"
    );
}

#[tokio::test]
async fn being_told_to_slow_down_is_not_answered_with_more_requests() {
    for header in [
        "retry-after: 1\r\n",
        "retry-after: Wed, 21 Oct 2099 07:28:00 GMT\r\n",
        "retry-after: soon\r\n",
        "",
    ] {
        let gateway = Gateway::new([
            Answer::Headed(429, header, "slow down".into()),
            ok(invoice(&[])),
        ]);
        let error = gateway.client().invoice(&which()).await.unwrap_err();
        assert!(
            matches!(error, Error::NotJson { status: 429, .. }),
            "{error:?}"
        );
        assert_eq!(gateway.requests().len(), 1);
    }
}

#[tokio::test]
async fn nobody_there_means_nothing_was_sent() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}").parse().unwrap();
    let client = Client::builder(url, Credentials::new(KEY, SECRET), ACCOUNT)
        .retry_pause(Duration::ZERO)
        .build()
        .unwrap();
    let error = client.invoice(&which()).await.unwrap_err();
    assert!(matches!(error, Error::NoConnection { .. }), "{error:?}");
    assert!(!error.may_have_taken_effect());
}

#[tokio::test]
async fn a_long_answer_is_cut_off() {
    let told = read(ok("x".repeat(5000))).await;
    assert!(
        matches!(told, Error::TooLarge { limit: 4096, .. }),
        "{told:?}"
    );
    let untold = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}",
        "x".repeat(5000)
    );
    let untold = read(bytes(&untold)).await;
    assert!(
        matches!(untold, Error::TooLarge { limit: 4096, .. }),
        "{untold:?}"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Gateway::new([ok(invoice(&[]))]);
    let header: &'static str = format!("location: {}\r\n", elsewhere.url).leak();
    let error = read(Answer::Headed(307, header, String::new())).await;
    assert!(
        matches!(error, Error::Redirect { status: 307, .. }),
        "{error:?}"
    );
    assert!(!error.may_have_taken_effect());
    assert!(
        elsewhere.requests().is_empty(),
        "the signed body stays here"
    );
}

#[tokio::test]
async fn a_refused_timestamp_is_clock_skew() {
    let body = r#"{"errorCode":"011","message":"invalid timestamp parameter"}"#;
    // The clock of the test stands at 2023-11-14T22:13:20Z.
    let cases = [
        (
            "date: Tue, 14 Nov 2023 22:03:20 GMT\r\n",
            Some(600_000),
            "about 600 s ahead of",
        ),
        (
            "date: Tue, 14 Nov 2023 22:23:21 GMT\r\n",
            Some(-601_000),
            "about 601 s behind",
        ),
        ("date: yesterday\r\n", None, "does not tell"),
        ("", None, "does not tell"),
    ];
    for (header, expected, words) in cases {
        let error = read(Answer::Headed(400, header, body.into())).await;
        let Error::ClockSkew {
            ahead_millis, sent, ..
        } = &error
        else {
            panic!("{error:?}")
        };
        assert_eq!(
            (*ahead_millis, sent.millis()),
            (expected, super::gateway::NOW)
        );
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(error.code(), Some(&GatewayErrorCode::BadTimestamp));
        assert!(!error.may_have_taken_effect());
    }
    let gateway = Gateway::new([Answer::Body(400, body.into()), ok(invoice(&[]))]);
    gateway.client().invoice(&which()).await.unwrap_err();
    assert_eq!(
        gateway.requests().len(),
        1,
        "a wrong clock does not get better by asking again"
    );
}

#[tokio::test]
async fn reads_are_repeated_a_few_times() {
    let passing = || Answer::Body(503, "busy".into());
    let gateway = Gateway::new([passing(), Answer::Reset, ok(invoice(&[]))]);
    gateway.client().invoice(&which()).await.unwrap();
    assert_eq!(gateway.requests().len(), 3);

    let gateway = Gateway::new([passing(), passing(), passing(), ok(invoice(&[]))]);
    let error = gateway.client().invoice(&which()).await.unwrap_err();
    assert!(
        matches!(error, Error::NotJson { status: 503, .. }),
        "{error:?}"
    );
    assert_eq!(gateway.requests().len(), 3, "three attempts are all");

    for lasting in [
        refused("004"),
        refused("002"),
        Answer::Body(404, "not here".into()),
        ok("{}"),
    ] {
        let gateway = Gateway::new([lasting, ok(invoice(&[]))]);
        gateway.client().invoice(&which()).await.unwrap_err();
        assert_eq!(
            gateway.requests().len(),
            1,
            "what does not pass by itself is not repeated"
        );
    }
}

#[tokio::test]
async fn each_attempt_is_signed_with_its_own_time() {
    let gateway = Gateway::new([Answer::Reset, ok(invoice(&[]))]);
    let ticks = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(1000));
    let clock = move || {
        checkout::Timestamp::from_millis(ticks.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    };
    let client = gateway
        .settings()
        .clock(std::sync::Arc::new(clock))
        .build()
        .unwrap();
    client.invoice(&which()).await.unwrap();
    let requests = gateway.requests();
    for (request, time) in requests
        .iter()
        .zip(["{\"timestamp\":1000,", "{\"timestamp\":1001,"])
    {
        assert!(request.text().starts_with(time), "{}", request.text());
        assert!(calypso::sign::verify(
            &SECRET.into(),
            &request.body,
            request.header("Sign").unwrap()
        ));
    }
}

#[tokio::test]
async fn no_error_shows_the_secret() {
    let echo = |status| Answer::Body(status, format!("you said {SECRET} and {SECRET}{SECRET}"));
    let in_json = |status| {
        Answer::Body(
            status,
            format!(
                r#"{{"errorCode":"{SECRET}","message":"secret {SECRET}","traceId":"{SECRET}"}}"#
            ),
        )
    };
    let stale = format!(r#"{{"errorCode":"011","message":"{SECRET}","traceId":"{SECRET}"}}"#);
    let in_value = invoice(&[("createdDate", &format!("\"{SECRET}\""))]);
    let in_state = invoice(&[
        ("state", "\"PAID\""),
        ("fiatAmount", "24"),
        ("currency", &format!("\"{SECRET}\"")),
    ]);
    let answers = vec![
        echo(200),
        echo(404),
        echo(500),
        in_json(200),
        in_json(400),
        in_json(500),
        Answer::Body(400, stale),
        ok(in_value.clone()),
        ok(in_state),
        Answer::Body(503, in_value),
        Answer::Reset,
        Answer::Silence,
        Answer::Body(302, SECRET.into()),
        ok(SECRET.repeat(200)),
    ];
    for answer in answers {
        let (gateway, client) = asking_once(answer);
        let price = Amount::parse("25").unwrap();
        let order = SingleFiatInvoice::new("USDT_TRX", price, "EUR", "Order", uuid::Uuid::new_v4());
        let error = client.create_single_fiat_invoice(&order).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(SECRET), "{shown}");
        let sign = gateway.requests()[0].header("Sign").unwrap().to_owned();
        assert!(!shown.contains(&sign), "{shown}");
    }
    let gateway = Gateway::new([]);
    let shown = format!("{:?} {:?}", gateway.client(), Credentials::new(KEY, SECRET));
    assert!(
        !shown.contains(SECRET) && !shown.contains(KEY) && shown.contains("[redacted]"),
        "{shown}"
    );
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let build = |url: &str, key: &str, secret: &str, account: &str| {
        Client::builder(url.parse().unwrap(), Credentials::new(key, secret), account)
            .build()
            .map(drop)
            .map_err(|error| error.to_string())
    };
    let refused = [
        ("http://api.calypso.finance", KEY, SECRET, ACCOUNT, "https"),
        ("http://10.0.0.1", KEY, SECRET, ACCOUNT, "https"),
        (
            "http://127.0.0.1.evil.example",
            KEY,
            SECRET,
            ACCOUNT,
            "https",
        ),
        ("ftp://127.0.0.1", KEY, SECRET, ACCOUNT, "https"),
        (
            "https://user:pass@api.calypso.finance",
            KEY,
            SECRET,
            ACCOUNT,
            "user",
        ),
        (
            "https://api.calypso.finance/?a=b",
            KEY,
            SECRET,
            ACCOUNT,
            "query",
        ),
        (
            "https://api.calypso.finance/#a",
            KEY,
            SECRET,
            ACCOUNT,
            "fragment",
        ),
        ("https://api.calypso.finance", "", SECRET, ACCOUNT, "key"),
        (
            "https://api.calypso.finance",
            "a\nb",
            SECRET,
            ACCOUNT,
            "key",
        ),
        ("https://api.calypso.finance", KEY, "", ACCOUNT, "secret"),
        ("https://api.calypso.finance", KEY, SECRET, " ", "account"),
    ];
    for (url, key, secret, account, word) in refused {
        let error = build(url, key, secret, account).expect_err(url);
        assert!(error.contains(word), "{url}: {error}");
        assert!(!error.contains(SECRET));
    }
    for url in [
        "https://api.calypso.finance",
        "http://localhost:8081",
        "http://127.0.0.1:1",
        "http://[::1]:1",
    ] {
        assert_eq!(build(url, KEY, SECRET, ACCOUNT), Ok(()), "{url}");
    }
}

#[tokio::test]
async fn a_base_url_may_have_a_path() {
    let gateway = Gateway::new([ok(invoice(&[]))]);
    let client = Client::builder(
        gateway.url.join("/calypso/").unwrap(),
        Credentials::new(KEY, SECRET),
        ACCOUNT,
    )
    .build()
    .unwrap();
    client.invoice(&which()).await.unwrap();
    assert_eq!(gateway.requests()[0].path, "/calypso/api/v1/invoice");
}

/// Runs a test of this program in a process of its own, with these variables.
fn run_alone<'a>(test: &str, variables: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .envs(variables)
        .args(["--exact", test])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

/// Runs another test of this program in an environment that names a proxy nobody runs.
#[test]
fn proxies_of_the_environment_are_not_used() {
    let names = [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ];
    run_alone(
        "vectors::an_invoice_is_asked_for_by_its_id",
        names.map(|name| (name, "http://127.0.0.1:1")),
    );
}

/// Set where the log is to be read.
const ALONE: &str = "CALYPSO_TEST_ALONE";

/// Everything that is logged on the way of a failing creation, down to the finest level.
#[tokio::test]
async fn no_log_line_shows_the_secret_or_a_signature() {
    // Whether a line is logged is remembered for the whole process, where other tests listen to none.
    if std::env::var_os(ALONE).is_none() {
        let test = "failures::no_log_line_shows_the_secret_or_a_signature";
        return run_alone(test, [(ALONE, "1")]);
    }
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let gateway = Gateway::new([
        Answer::Body(500, SECRET.into()),
        refused("004"),
        refused("001"),
    ]);
    let order = SingleFiatInvoice::new(
        "BTC",
        Amount::parse("25").unwrap(),
        "EUR",
        "Order",
        uuid::Uuid::new_v4(),
    );
    gateway
        .client()
        .create_single_fiat_invoice(&order)
        .await
        .unwrap_err();
    drop(guard);
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(
        logged.contains("gateway call is repeated") && logged.contains("[redacted]"),
        "{logged}"
    );
    assert!(!logged.contains(SECRET), "{logged}");
    for request in gateway.requests() {
        assert!(
            !logged.contains(request.header("Sign").unwrap()),
            "{logged}"
        );
    }
}

#[derive(Clone, Default)]
struct Lines(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
