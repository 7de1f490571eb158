//! Class E: bodies that are no JSON, or JSON that says more or less than a request. A table for the merchant's door, which takes the most.

use super::{names_are_unique, nothing_was_taken};
use crate::support::{MERCHANT_KEY, TestProxy};

/// A good request, up to its last brace.
const GOOD: &str = r#""price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001""#;

/// The name of an attack, its bytes, and the code of its refusal.
type Row = (&'static str, Vec<u8>, &'static str);

fn row(name: &'static str, bytes: impl Into<Vec<u8>>, code: &'static str) -> Row {
    (name, bytes.into(), code)
}

fn with(more: &str) -> String {
    format!("{{{GOOD}{more}}}")
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    with(&format!(
        ",\"x\":{}{}",
        open.repeat(depth),
        close.repeat(depth)
    ))
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn table() -> Vec<Row> {
    const NONE: &str = "body_not_json";
    const FIELD: &str = "field_invalid";
    const UNKNOWN: &str = "field_unknown";
    const TWICE: &str = "duplicate_key";
    let good = with("");
    let raw = |hex: &[u8]| {
        let mut bytes = format!("{{{GOOD},\"externalId\":\"").into_bytes();
        bytes.extend_from_slice(hex);
        bytes.extend_from_slice(b"\"}");
        bytes
    };
    vec![
        row("nothing", "", NONE),
        row("blanks", " \t\r\n", NONE),
        row("half a document", &good[..40], NONE),
        row("a comma at the end", format!("{{{GOOD},}}"), NONE),
        row("two commas", with(",,\"externalId\":\"a\""), NONE),
        row("single quotes", good.replace('"', "'"), NONE),
        row("keys without quotes", "{price:1}", NONE),
        row("a comment", format!("{good}// x"), NONE),
        row("a comment inside", with(" /* x */"), NONE),
        row("trailing garbage", format!("{good} x"), NONE),
        row("two documents", format!("{good}{good}"), NONE),
        row("a document a line", format!("{good}\n{good}\n"), NONE),
        row("a list of documents", format!("[{good}]"), FIELD),
        row("a byte order mark", format!("\u{feff}{good}"), NONE),
        row(
            "UTF-16, little end first",
            utf16(&good, u16::to_le_bytes),
            NONE,
        ),
        row(
            "UTF-16, big end first",
            utf16(&good, u16::to_be_bytes),
            NONE,
        ),
        row(
            "UTF-16 with its mark",
            utf16(&format!("\u{feff}{good}"), u16::to_le_bytes),
            NONE,
        ),
        row(
            "UTF-32",
            good.chars()
                .flat_map(|c| u32::from(c).to_le_bytes())
                .collect::<Vec<u8>>(),
            NONE,
        ),
        row("a byte that no text has", raw(b"\xff"), NONE),
        row("a text that breaks off in a letter", raw(b"\xe2\x82"), NONE),
        row("an overlong slash", raw(b"\xc0\xaf"), NONE),
        row("half a pair in UTF-8", raw(b"\xed\xa0\x80"), NONE),
        row("a letter beyond Unicode", raw(b"\xf5\x80\x80\x80"), NONE),
        row(
            "half a pair, escaped",
            with(r#","externalId":"\ud800""#),
            NONE,
        ),
        row(
            "the other half, escaped",
            with(r#","externalId":"\udc00""#),
            NONE,
        ),
        row(
            "a pair the wrong way round",
            with(r#","externalId":"\udc00\ud800""#),
            NONE,
        ),
        row(
            "an escape that there is not",
            with(r#","externalId":"\x41""#),
            NONE,
        ),
        row(
            "an escape that is too short",
            with(r#","externalId":"\u12""#),
            NONE,
        ),
        row("NUL, escaped", with(r#","externalId":"a\u0000b""#), FIELD),
        row("NUL as it is", raw(b"a\0b"), NONE),
        row("a line break in a text", raw(b"a\nb"), NONE),
        row("127 lists", nested("[", "]", 127), NONE),
        row("128 lists", nested("[", "]", 128), NONE),
        row("10 000 lists", nested("[", "]", 10_000), NONE),
        row(
            "10 000 objects",
            nested("{\"a\":", "1}", 5_000).replace("1}", "}"),
            NONE,
        ),
        row(
            "as deep as may be, and unknown",
            nested("[", "]", 100),
            UNKNOWN,
        ),
        row(
            "a text of 1 MiB",
            with(&format!(",\"externalId\":\"{}\"", "x".repeat(1 << 20))),
            "body_too_large",
        ),
        row(
            "a text of 60 000 letters",
            with(&format!(",\"externalId\":\"{}\"", "x".repeat(60_000))),
            FIELD,
        ),
        row(
            "a key of 60 000 letters",
            with(&format!(",\"{}\":1", "x".repeat(60_000))),
            UNKNOWN,
        ),
        row(
            "a list of 30 000",
            with(&format!(",\"currencies\":[{}1]", "1,".repeat(30_000))),
            FIELD,
        ),
        row(
            "5 000 keys",
            with(
                &(0..5_000)
                    .map(|n| format!(",\"k{n}\":1"))
                    .collect::<String>(),
            ),
            UNKNOWN,
        ),
        row(
            "a number of 60 000 digits",
            with(&format!(",\"x\":{}", "9".repeat(60_000))),
            NONE,
        ),
        row("an exponent without end", with(",\"x\":1e999999"), NONE),
        row("NaN", with(",\"x\":NaN"), NONE),
        row("Infinity", with(",\"x\":-Infinity"), NONE),
        row("a number with a leading zero", with(",\"x\":01"), NONE),
        row("a number in hexadecimal", with(",\"x\":0x10"), NONE),
        row("a number with a plus", with(",\"x\":+1"), NONE),
        row("a key twice", with(r#","description":"Order 1002""#), TWICE),
        row(
            "a key twice, once escaped",
            with(r#","descripti\u006fn":"Order 1002""#),
            TWICE,
        ),
        row(
            "a key twice, inside",
            r#"{"price":{"amount":"25.00","amount":"0.01","currency":"EUR"},"description":"x"}"#,
            TWICE,
        ),
        row(
            "a key twice, where nobody looks",
            with(r#","x":{"a":1,"a":2}"#),
            TWICE,
        ),
        row("an empty key twice", with(r#","":1,"":2"#), TWICE),
        row("an unknown key", with(r#","vat":"1""#), UNKNOWN),
        row("a key of another case", with(r#","Price":"1""#), UNKNOWN),
        row("a key with a blank", with(r#","price ":"1""#), UNKNOWN),
        row(
            "a key that looks alike",
            with(",\"pri\u{441}e\":\"1\""),
            UNKNOWN,
        ),
        row(
            "a prototype",
            with(r#","__proto__":{"price":"1"}"#),
            UNKNOWN,
        ),
        row(
            "a constructor",
            with(r#","constructor":{"prototype":{}}"#),
            UNKNOWN,
        ),
        row("no price", r#"{"description":"x"}"#, FIELD),
        row(
            "no description",
            r#"{"price":{"amount":"1","currency":"EUR"}}"#,
            FIELD,
        ),
        row(
            "null for the price",
            r#"{"price":null,"description":"x"}"#,
            FIELD,
        ),
        row(
            "null for the description",
            r#"{"price":{"amount":"1","currency":"EUR"},"description":null}"#,
            FIELD,
        ),
        row(
            "a number for a text",
            r#"{"price":{"amount":"1","currency":"EUR"},"description":1}"#,
            FIELD,
        ),
        row(
            "a list for a text",
            r#"{"price":{"amount":"1","currency":"EUR"},"description":["x"]}"#,
            FIELD,
        ),
        row(
            "an object for a text",
            r#"{"price":{"amount":"1","currency":"EUR"},"description":{"x":1}}"#,
            FIELD,
        ),
        row(
            "a text for an object",
            r#"{"price":"1 EUR","description":"x"}"#,
            FIELD,
        ),
        row(
            "a list for an object",
            r#"{"price":["1","EUR"],"description":"x"}"#,
            FIELD,
        ),
        row(
            "a truth for a text",
            r#"{"price":{"amount":true,"currency":"EUR"},"description":"x"}"#,
            FIELD,
        ),
        row("nothing but null", "null", FIELD),
        row("nothing but a text", "\"x\"", FIELD),
        row("nothing but a number", "1", FIELD),
        row("a form", "product=demo-order", NONE),
        row("XML", "<price>1</price>", NONE),
    ]
}

pub(super) fn rows() -> usize {
    table().len()
}

#[tokio::test]
async fn no_body_but_the_right_one_makes_anything() {
    let shop = TestProxy::start().await;
    let table = table();
    names_are_unique(table.iter().map(|(name, ..)| *name));
    let bearer = format!("Bearer {MERCHANT_KEY}");
    for (number, (name, body, code)) in table.iter().enumerate() {
        let key = format!("key-{number}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", &key),
        ];
        let reply = shop
            .request("POST", "/v1/checkouts", &headers, Some(body))
            .await;
        assert_eq!(reply.code(), *code, "{name}: {}", reply.text());
        // At the other doors nothing of it is taken either, whatever they say.
        let page = [("content-type", "application/json")];
        for path in [
            "/v1/checkouts",
            "/v1/checkouts/00000000-0000-4000-8000-000000000000/invoice",
            "/webhooks/calypso",
        ] {
            let reply = shop.request("POST", path, &page, Some(body)).await;
            assert!((400..500).contains(&reply.status), "{name}: {path}");
            shop.wait(60_000);
        }
    }
    nothing_was_taken(&shop).await;
}
