//! Class B: moments that are none, or at the edge of what is taken, where a stranger's time is read. What a gateway says of times is in
//! `hostile_gateway.rs`, its `Retry-After` in `crates/calypso/src/client/exchange.rs`.

use calypso_sandbox::WallClock;
use checkout::Timestamp;

use super::{names_are_unique, nothing_was_taken};
use crate::support::{Gateway, TestProxy};

const FIELD: &str = "field_invalid";
const PAST: &str = "expiry_in_past";
const FAR: &str = "expiry_too_far";

/// What stands for `expiresAt` in the JSON, and the code of the refusal.
#[rustfmt::skip]
const EXPIRIES: &[(&str, &str, &str)] = &[
    ("seconds", "1795250000", FIELD),
    ("seconds as a text", r#""1795250000""#, FIELD),
    ("milliseconds", "1795250000000", FIELD),
    ("milliseconds as a text", r#""1795250000000""#, FIELD),
    ("zero", "0", FIELD),
    ("below zero", "-1", FIELD),
    ("the smallest i64", "-9223372036854775808", FIELD),
    ("the largest i64", "9223372036854775807", FIELD),
    ("the largest u64", "18446744073709551615", FIELD),
    ("an exponent", "1e9", FIELD),
    ("an exponent as a text", r#""1e9""#, FIELD),
    ("a plus", r#""+1795250000""#, FIELD),
    ("a leading zero", r#""01795250000""#, FIELD),
    ("a word", r#""tomorrow""#, FIELD),
    ("a duration", r#""P1D""#, FIELD),
    ("nothing", r#""""#, FIELD),
    ("a blank before", r#"" 2030-01-01T00:00:00Z""#, FIELD),
    ("a blank after", r#""2030-01-01T00:00:00Z ""#, FIELD),
    ("a blank for the T", r#""2030-01-01 00:00:00Z""#, FIELD),
    ("small letters", r#""2030-01-01t00:00:00z""#, FIELD),
    ("no zone", r#""2030-01-01T00:00:00""#, FIELD),
    ("another zone", r#""2030-01-01T00:00:00+01:00""#, FIELD),
    ("zero as a zone", r#""2030-01-01T00:00:00+00:00""#, FIELD),
    ("no time", r#""2030-01-01""#, FIELD),
    ("no seconds", r#""2030-01-01T00:00Z""#, FIELD),
    ("a week", r#""2030-W01-1T00:00:00Z""#, FIELD),
    ("a year of two digits", r#""30-01-01T00:00:00Z""#, FIELD),
    ("a year of five digits", r#""12030-01-01T00:00:00Z""#, FIELD),
    ("a year below zero", r#""-2030-01-01T00:00:00Z""#, FIELD),
    ("month 13", r#""2030-13-01T00:00:00Z""#, FIELD),
    ("month 0", r#""2030-00-01T00:00:00Z""#, FIELD),
    ("February 30th", r#""2030-02-30T00:00:00Z""#, FIELD),
    ("February 29th of a year without", r#""2027-02-29T00:00:00Z""#, FIELD),
    ("hour 24", r#""2030-01-01T24:00:00Z""#, FIELD),
    ("minute 60", r#""2030-01-01T00:60:00Z""#, FIELD),
    ("a leap second", r#""2026-12-31T23:59:60Z""#, FIELD),
    ("a fraction of ten digits", r#""2030-01-01T00:00:00.0000000001Z""#, FIELD),
    ("a fraction without digits", r#""2030-01-01T00:00:00.Z""#, FIELD),
    ("a comma for the point", r#""2030-01-01T00:00:00,5Z""#, FIELD),
    ("Arabic digits", "\"\u{662}\u{660}30-01-01T00:00:00Z\"", FIELD),
    ("NUL at the end", r#""2030-01-01T00:00:00Z\u0000""#, FIELD),
    ("the first moment", r#""0000-01-01T00:00:00Z""#, PAST),
    ("1970", r#""1970-01-01T00:00:00Z""#, PAST),
    ("the last moment", r#""9999-12-31T23:59:59.999Z""#, FAR),
];

/// What stands for a moment so many milliseconds from now, and the code of the refusal; none when it is taken.
#[rustfmt::skip]
const EDGES: &[(&str, i64, Option<&str>)] = &[
    ("a day ago", -86_400_000, Some(PAST)),
    ("a second ago", -1_000, Some(PAST)),
    ("a millisecond ago", -1, Some(PAST)),
    ("now", 0, Some(PAST)),
    ("in a millisecond", 1, None),
    ("in 30 days", 30 * 86_400_000, None),
    ("a millisecond later", 30 * 86_400_000 + 1, Some(FAR)),
    ("in a century", 36_525 * 86_400_000, Some(FAR)),
];

pub(super) fn rows() -> usize {
    EXPIRIES.len() + EDGES.len()
}

fn body(expires: &str) -> String {
    format!(
        r#"{{"price":{{"amount":"25.00","currency":"EUR"}},"description":"Order 1001","expiresAt":{expires}}}"#
    )
}

#[tokio::test]
async fn no_moment_but_a_plain_one_is_an_expiry() {
    let shop = TestProxy::start().await;
    names_are_unique(EXPIRIES.iter().map(|(name, ..)| *name));
    for (number, (name, expires, code)) in EXPIRIES.iter().enumerate() {
        let reply = shop
            .merchant(&body(expires), &format!("key-{number}"))
            .await;
        assert_eq!(reply.code(), *code, "{name}: {}", reply.text());
    }
    nothing_was_taken(&shop).await;
}

#[tokio::test]
async fn expiries_are_taken_to_the_millisecond() {
    // The sandbox's clock goes on by itself, so this one is held.
    let moment = Timestamp::parse("2026-11-30T12:00:00Z").unwrap();
    let gateway = Gateway::with(WallClock::fixed(moment), |router| router).await;
    let shop = TestProxy::behind(gateway, |_| {}).await;
    for (number, (name, millis, code)) in EDGES.iter().enumerate() {
        let at = Timestamp::from_millis(shop.now().millis() + millis);
        let body = body(&format!("\"{at}\""));
        let reply = shop.merchant(&body, &format!("key-{number}")).await;
        match code {
            Some(code) => assert_eq!(reply.code(), *code, "{name}"),
            None => drop(reply.expect(201)),
        }
    }
}
