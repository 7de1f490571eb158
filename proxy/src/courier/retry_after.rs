//! `Retry-After` of a receiver: seconds or a date; nonsense counts as nothing, and nobody is waited for longer than a day.

use std::time::{Duration, UNIX_EPOCH};

use axum::http::HeaderMap;
use axum::http::header::RETRY_AFTER;
use checkout::Timestamp;

use super::schedule::LONGEST_WAIT;

/// The longest text that is looked at.
const LONGEST: usize = 64;

/// How long the receiver asks to be left alone, at most [`LONGEST_WAIT`]. A date that has passed asks for nothing, and of several headers
/// none counts.
pub(super) fn read(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let mut all = headers.get_all(RETRY_AFTER).iter();
    let (first, None) = (all.next()?, all.next()) else {
        return None;
    };
    let text = first.to_str().ok()?.trim_matches([' ', '\t']);
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let wait = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number beyond 64 bits is a long wait too.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let date = httpdate::parse_http_date(text).ok()?;
        let date = date.duration_since(UNIX_EPOCH).ok()?;
        let now = Duration::from_millis(u64::try_from(now.millis()).unwrap_or(0));
        date.checked_sub(now)?
    };
    (!wait.is_zero()).then_some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{HeaderMap, HeaderValue};
    use checkout::Timestamp;
    use proptest::prelude::{any, prop_assert, proptest};

    use super::read;
    use crate::courier::schedule::LONGEST_WAIT;

    /// 2026-11-30T00:00:00Z.
    const NOW: i64 = 1_796_000_400_000 - 1_796_000_400_000 % 86_400_000;

    fn of(values: &[&[u8]]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("retry-after", HeaderValue::from_bytes(value).unwrap());
        }
        read(&headers, Timestamp::from_millis(NOW))
    }

    #[test]
    fn seconds_and_dates_are_understood_and_nonsense_is_nothing() {
        let day = |seconds: u64| {
            let at = std::time::UNIX_EPOCH
                + Duration::from_millis(NOW.unsigned_abs())
                + Duration::from_secs(seconds);
            httpdate::fmt_http_date(at)
        };
        let (soon, next_week) = (day(90), day(7 * 86_400));
        for (text, expected) in [
            ("1", Some(1)),
            ("120", Some(120)),
            (" 120\t", Some(120)),
            ("000120", Some(120)),
            ("86400", Some(86_400)),
            ("86401", Some(86_400)),
            ("999999999999999999999999999999", Some(86_400)),
            (&soon, Some(90)),
            (&next_week, Some(86_400)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(86_400)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("Mon, 01 Jan 2001 00:00:00 GMT", None),
            ("0", None),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("1e9", None),
            ("0x10", None),
            ("soon", None),
            ("120, 120", None),
            ("2026-11-30T00:02:00Z", None),
            ("Mon, 99 Foo 2026 00:00:00 GMT", None),
        ] {
            assert_eq!(
                of(&[text.as_bytes()]),
                expected.map(Duration::from_secs),
                "{text}"
            );
        }
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[b"1", b"2"]), None);
        assert_eq!(of(&["١٢".as_bytes()]), None);
        assert_eq!(of(&[&[0xff, 0xfe]]), None);
        assert_eq!(of(&["1".repeat(65).as_bytes()]), None);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_bounded(text in any::<Vec<u8>>(), now in any::<i64>()) {
            if let Ok(value) = HeaderValue::from_bytes(&text) {
                let headers = HeaderMap::from_iter([(axum::http::header::RETRY_AFTER, value)]);
                let wait = read(&headers, Timestamp::from_millis(now));
                prop_assert!(wait.is_none_or(|wait| wait > Duration::ZERO && wait <= LONGEST_WAIT));
            }
        }
    }
}
