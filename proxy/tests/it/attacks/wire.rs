//! Class F: bytes that are no proper HTTP, or too much of it. Each gets a refusal or an end, never what it asked for.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{names_are_unique, nothing_was_taken};
use crate::support::TestProxy;

const HOST: &str = "Host: 127.0.0.1\r\n";
const CLOSE: &str = "Connection: close\r\n";
const JSON: &str = "Content-Type: application/json\r\n";
const PRODUCT: &str = r#"{"product":"demo-order"}"#;
/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// An attack: its name, what is sent, and which statuses are a refusal of it. `closed` is an end without an answer.
struct Row {
    name: &'static str,
    bytes: Vec<u8>,
    refused: &'static [&'static str],
}

fn row(name: &'static str, bytes: impl Into<Vec<u8>>, refused: &'static [&'static str]) -> Row {
    Row {
        name,
        bytes: bytes.into(),
        refused,
    }
}

/// A request line with this before the end of the head.
fn get(target: &str, headers: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{HOST}{CLOSE}{headers}\r\n")
}

fn post(headers: &str, body: &str) -> String {
    format!("POST /v1/checkouts HTTP/1.1\r\n{HOST}{CLOSE}{JSON}{headers}\r\n{body}")
}

const BAD: &[&str] = &["400", "closed"];

fn table() -> Vec<Row> {
    let long = "a".repeat(64 * 1024);
    let many: String = (0..200).map(|n| format!("X-{n}: y\r\n")).collect();
    let chunked = "Transfer-Encoding: chunked\r\n";
    let whole = format!("{:x}\r\n{PRODUCT}\r\n0\r\n\r\n", PRODUCT.len());
    let length = PRODUCT.len();
    let bomb: Vec<u8> = {
        let head = post("Content-Encoding: gzip\r\nContent-Length: 40\r\n", "");
        // The beginning of a file of zeros that unpacks to ten gigabytes.
        let begins = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xec, 0xc1, 1, 1, 0];
        let mut bytes = head.into_bytes();
        bytes.extend(begins);
        bytes.extend([0; 25]);
        bytes
    };
    let utf16: Vec<u8> = get("/", "")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let hello = vec![
        22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3, b'\r', b'\n', b'\r', b'\n',
    ];
    let pipelined = get("/a", "").replace(CLOSE, "").repeat(100);
    vec![
        // Heads and bodies that never end.
        row("nothing at all", "", &["closed", "408"]),
        row("half a method", "GE", &["closed", "408"]),
        row("half a head", "GET /v1", &["closed", "408"]),
        row(
            "a header that never ends",
            "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
            &["closed", "408"],
        ),
        row(
            "a body that never comes",
            post("Content-Length: 24\r\n", ""),
            BAD,
        ),
        row(
            "half a body",
            post("Content-Length: 24\r\n", r#"{"pro"#),
            BAD,
        ),
        row(
            "chunks that never end",
            post(chunked, "5\r\n{\"pro\r\n"),
            BAD,
        ),
        row("half a chunk's size", post(chunked, "5"), BAD),
        // Lengths.
        row(
            "a body without a length",
            post("", PRODUCT),
            &["400", "411"],
        ),
        row(
            "a length that is too short",
            post("Content-Length: 5\r\n", PRODUCT),
            BAD,
        ),
        row(
            "a length below zero",
            post("Content-Length: -1\r\n", PRODUCT),
            BAD,
        ),
        row(
            "a length with a plus",
            post(&format!("Content-Length: +{length}\r\n"), PRODUCT),
            BAD,
        ),
        row(
            "a length in hexadecimal",
            post("Content-Length: 0x18\r\n", PRODUCT),
            BAD,
        ),
        row(
            "a length in words",
            post("Content-Length: many\r\n", PRODUCT),
            BAD,
        ),
        row(
            "an empty length",
            post("Content-Length: \r\n", PRODUCT),
            BAD,
        ),
        row(
            "a length of 2^64",
            post("Content-Length: 18446744073709551616\r\n", PRODUCT),
            BAD,
        ),
        row(
            "a length of 99 GB",
            post("Content-Length: 99999999999\r\n", PRODUCT),
            &["413", "400", "closed"],
        ),
        row(
            "two lengths",
            post(
                &format!("Content-Length: {length}\r\nContent-Length: 5\r\n"),
                PRODUCT,
            ),
            BAD,
        ),
        row(
            "two lengths in one",
            post(&format!("Content-Length: {length}, 5\r\n"), PRODUCT),
            BAD,
        ),
        // A length and chunks: what one server takes for a body is another one's next request.
        row(
            "a length and chunks",
            post(&format!("Content-Length: 5\r\n{chunked}"), "0\r\n\r\n"),
            BAD,
        ),
        row(
            "chunks and a length",
            post(&format!("{chunked}Content-Length: 5\r\n"), "0\r\n\r\n"),
            BAD,
        ),
        row(
            "a smuggled request behind a length and chunks",
            post(
                &format!("Content-Length: 4\r\n{chunked}"),
                &format!("0\r\n\r\n{}", get("/", "")),
            ),
            BAD,
        ),
        row(
            "chunks, then identity",
            post("Transfer-Encoding: chunked, identity\r\n", &whole),
            &["400", "501", "closed"],
        ),
        row(
            "another encoding",
            post("Transfer-Encoding: xchunked\r\n", &whole),
            &["400", "501", "closed"],
        ),
        row(
            "two encodings",
            post(
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                &whole,
            ),
            &["400", "501", "closed"],
        ),
        row(
            "a blank before the colon",
            post("Transfer-Encoding : chunked\r\n", &whole),
            BAD,
        ),
        row(
            "an encoding behind a control character",
            post("Transfer-Encoding: \u{b}chunked\r\n", &whole),
            &["400", "501", "closed"],
        ),
        row(
            "a folded header",
            post("Transfer-Encoding:\r\n chunked\r\n", &whole),
            &["400", "501", "closed"],
        ),
        row(
            "chunks in HTTP/1.0",
            post(chunked, &whole).replace("HTTP/1.1", "HTTP/1.0"),
            BAD,
        ),
        row(
            "a chunk's size that overflows",
            post(chunked, "FFFFFFFFFFFFFFFFFF\r\n"),
            BAD,
        ),
        row(
            "a chunk's size of 2^64 - 1",
            post(chunked, "FFFFFFFFFFFFFFFF\r\n"),
            &["413", "400", "closed"],
        ),
        row(
            "a chunk's size below zero",
            post(chunked, "-5\r\n{}\r\n"),
            BAD,
        ),
        row(
            "a chunk's size with 0x",
            post(chunked, "0x5\r\n{\"a\"}\r\n0\r\n\r\n"),
            BAD,
        ),
        row(
            "a chunk without an end",
            post(chunked, "2\r\n{}0\r\n\r\n"),
            BAD,
        ),
        row(
            "an endless extension of a chunk",
            post(chunked, &format!("2;{long}\r\n{{}}\r\n0\r\n\r\n")),
            BAD,
        ),
        row(
            "endless trailers",
            post(chunked, &format!("2\r\n{{}}\r\n0\r\nX: {long}\r\n\r\n")),
            BAD,
        ),
        row(
            "too many chunks",
            post(chunked, &"1\r\n \r\n".repeat(70_000)),
            &["413", "400", "closed"],
        ),
        // Too large.
        row(
            "a header of 64 kB",
            get("/", &format!("X-Long: {long}\r\n")),
            &["431", "400", "closed"],
        ),
        row(
            "a name of 64 kB",
            get("/", &format!("{long}: x\r\n")),
            &["431", "400", "closed"],
        ),
        row(
            "a path of 64 kB",
            get(&format!("/{long}"), ""),
            &["414", "431", "400", "closed"],
        ),
        row("200 headers", get("/", &many), &["431", "400", "closed"]),
        row(
            "a body over the limit",
            post(
                &format!("Content-Length: {}\r\n", 70_000),
                &"x".repeat(70_000),
            ),
            &["413"],
        ),
        row("a bomb of gzip", bomb, BAD),
        row(
            "a body in deflate",
            post(
                "Content-Encoding: deflate\r\nContent-Length: 2\r\n",
                "\u{3}\0",
            ),
            BAD,
        ),
        // Heads that are none.
        row("nonsense", "nonsense\r\n\r\n", BAD),
        row("HTTP/0.9", "GET /\r\n\r\n", BAD),
        row(
            "HTTP/3.0",
            "GET / HTTP/3.0\r\n\r\n",
            &["400", "505", "closed"],
        ),
        row(
            "HTTP/2 at once",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            &["400", "505", "closed"],
        ),
        row(
            "an upgrade to HTTP/2",
            get(
                "/",
                "Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
            ),
            &["404", "400", "closed"],
        ),
        row("TLS", hello, BAD),
        row("UTF-16", utf16, BAD),
        row("a header without a colon", get("/", "X-None\r\n"), BAD),
        row("a blank in a header's name", get("/", "X None: 1\r\n"), BAD),
        row("NUL in a header", get("/", "X-Nul: a\0b\r\n"), BAD),
        row(
            "a carriage return in a header",
            get("/", "X-Cr: a\rSet: b\r\n"),
            BAD,
        ),
        // Methods.
        row(
            "a method in small letters",
            get("/v1/checkouts", "").replace("GET", "get"),
            &["405", "400"],
        ),
        row(
            "an unknown method",
            get("/v1/checkouts", "").replace("GET", "BREW"),
            &["405", "400"],
        ),
        row(
            "a method that is none",
            get("/", "").replace("GET", "G(T"),
            BAD,
        ),
        row(
            "TRACE",
            get("/v1/checkouts", "").replace("GET", "TRACE"),
            &["405"],
        ),
        row(
            "CONNECT",
            get("evil.example:443", "").replace("GET", "CONNECT"),
            &["404", "405", "421", "400", "closed"],
        ),
        row(
            "OPTIONS of everything",
            get("*", "").replace("GET", "OPTIONS"),
            &["404", "405", "400"],
        ),
        // Where it goes.
        row(
            "another host's URL",
            get("http://evil.example/v1/checkouts", ""),
            &["421"],
        ),
        row(
            "our URL for another host",
            format!("GET http://127.0.0.1/ HTTP/1.1\r\nHost: evil.example\r\n{CLOSE}\r\n"),
            &["421"],
        ),
        row(
            "two hosts",
            get("/", "Host: localhost\r\n"),
            &["421", "400"],
        ),
        row(
            "a host with a user",
            "GET / HTTP/1.1\r\nHost: a@127.0.0.1\r\nConnection: close\r\n\r\n",
            &["421", "400"],
        ),
        row(
            "an empty host",
            "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n",
            &["421", "400"],
        ),
        row("two slashes", get("//v1/checkouts", ""), &["404"]),
        row(
            "dots that are escaped",
            get("/v1/checkouts/%2e%2e", ""),
            &["400", "404"],
        ),
        row(
            "dots that are not",
            get("/v1/../v1/checkouts/x", ""),
            &["404"],
        ),
        row("NUL in a path", get("/v1/checkouts/%00", ""), &["400"]),
        row("a path's parameter", get("/v1/checkouts;a=b", ""), &["404"]),
        row("an escaped slash", get("/v1%2fcheckouts", ""), &["404"]),
        row("a backslash", get("/v1\\checkouts", ""), &["404", "400"]),
        row(
            "an escape that is none",
            get("/v1/checkouts/%zz", ""),
            &["400"],
        ),
        row(
            "a fragment",
            get("/v1/checkouts#x", ""),
            &["401", "400", "404"],
        ),
        // Twice what may be there once.
        row(
            "two origins",
            post(
                &format!(
                    "Origin: https://shop.example\r\nOrigin: https://evil.example\r\nContent-Length: {length}\r\n"
                ),
                PRODUCT,
            ),
            &["403"],
        ),
        row(
            "two content types",
            post(
                &format!("Content-Type: text/plain\r\nContent-Length: {length}\r\n"),
                PRODUCT,
            ),
            &["415"],
        ),
        row(
            "two keys",
            get(
                "/v1/checkouts",
                "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
            ),
            &["401"],
        ),
        row(
            "another content type",
            post(&format!("Content-Length: {length}\r\n"), PRODUCT)
                .replace("application/json", "text/plain"),
            &["415"],
        ),
        row(
            "what is expected of us",
            post("Expect: 200-ok\r\nContent-Length: 0\r\n", ""),
            &["417", "400"],
        ),
        row(
            "a body too large for a 100",
            post("Expect: 100-continue\r\nContent-Length: 99999999\r\n", ""),
            &["413"],
        ),
        // Requests without end.
        row("a hundred requests without waiting", pipelined, &["404"]),
    ]
}

pub(super) fn rows() -> usize {
    table().len() + WITHOUT_END
}

/// Sends bytes and reads until the proxy closes; the status of the first answer, and how many there were.
async fn talk(shop: &TestProxy, bytes: &[u8]) -> (String, usize) {
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    // It may have closed before it was sent everything.
    drop(stream.write_all(bytes).await);
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer));
    // A closed connection may show as an error when unread bytes were left; both are an end.
    drop(read.await.expect("an end"));
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text
        .strip_prefix("HTTP/1.1 ")
        .or(text.strip_prefix("HTTP/1.0 "));
    let status = status.map_or("closed", |rest| &rest[..3]).to_owned();
    (status, text.matches("HTTP/1.1 ").count())
}

async fn impatient() -> TestProxy {
    TestProxy::with(|config| {
        config.limits.header_timeout = Duration::from_millis(300);
        config.limits.body_timeout = Duration::from_millis(300);
    })
    .await
}

#[tokio::test]
async fn no_bytes_get_more_than_a_refusal() {
    let shop = impatient().await;
    let table = table();
    names_are_unique(table.iter().map(|row| row.name));
    for row in &table {
        let (status, answers) = talk(&shop, &row.bytes).await;
        assert!(
            row.refused.contains(&status.as_str()),
            "{}: {status}",
            row.name
        );
        assert!(answers <= 2, "{}: {answers} answers", row.name);
    }
    nothing_was_taken(&shop).await;
}

/// What is not said in bytes: drips, idle connections, a flood of them.
const WITHOUT_END: usize = 4;

#[tokio::test]
async fn clients_without_end_hold_nobody_up() {
    let shop = TestProxy::with(|config| {
        config.limits.header_timeout = Duration::from_millis(300);
        config.limits.body_timeout = Duration::from_millis(300);
        config.limits.connections = 64;
    })
    .await;
    let drips = async |head: &str, byte: &[u8]| {
        let mut stream = TcpStream::connect(shop.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 64];
        for _ in 0..10_000 {
            tokio::select! {
                _ = stream.read(&mut answer) => return,
                () = tokio::time::sleep(Duration::from_millis(20)) => {
                    if stream.write_all(byte).await.is_err() {
                        return;
                    }
                }
            }
        }
        panic!("it may drip for ever");
    };
    drips("GET / HTTP/1.1\r\nX-Drip: ", b"x").await;
    let body = post("Content-Length: 60000\r\n", "{");
    drips(&body, b" ").await;
    // Idle ones, three times as many as may be open, and each new one is answered.
    let mut idle = Vec::new();
    for _ in 0..192 {
        idle.push(TcpStream::connect(shop.address).await.unwrap());
    }
    shop.checkout().await;
    // A flood of connections that ask once and leave.
    for number in 0..192 {
        let mut stream = TcpStream::connect(shop.address).await.unwrap();
        let request = get("/", "");
        let sent = &request.as_bytes()[..number % request.len()];
        drop(stream.write_all(sent).await);
    }
    shop.checkout().await;
    drop(idle);
}
