//! Dates in every form the gateway is known to write (gateway reference §1.6), and the one form that is sent.

use std::time::UNIX_EPOCH;

use checkout::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::start;

/// Reads `YYYY-MM-DDTHH:MM[:SS[.1-9 digits]][Z|±HH:MM|±HHMM|±HH]`. A missing zone means UTC; digits beyond the
/// millisecond are cut off.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let time = text.find('T')?;
    let zone = text[time..]
        .find(['Z', '+', '-'])
        .map_or(text.len(), |at| time + at);
    let (clock, zone) = text.split_at(zone);
    let seconds = if clock.len() == "2022-07-19T08:30".len() {
        ":00"
    } else {
        ""
    };
    let utc = Timestamp::parse(&format!("{clock}{seconds}Z")).ok()?;
    Some(utc.plus_millis(-offset_millis(zone)?))
}

fn offset_millis(zone: &str) -> Option<i64> {
    let (sign, clock) = match zone.split_at_checked(1) {
        None | Some(("Z", "")) => return Some(0),
        Some(("+", clock)) => (1, clock),
        Some(("-", clock)) => (-1, clock),
        Some(_) => return None,
    };
    let (hours, minutes) = match clock.len() {
        2 => (clock, "00"),
        4 => clock.split_at_checked(2)?,
        _ => clock.split_once(':')?,
    };
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

fn two_digits(text: &str) -> Option<i64> {
    match text.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Some(i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
        }
        _ => None,
    }
}

/// Reads the `Date` header of an answer.
pub(crate) fn read_header(text: &str) -> Option<Timestamp> {
    let time = httpdate::parse_http_date(text).ok()?;
    let since_epoch = time.duration_since(UNIX_EPOCH).ok()?;
    let millis = i64::try_from(since_epoch.as_millis()).ok()?;
    Some(Timestamp::from_millis(millis))
}

/// Writes `YYYY-MM-DDTHH:MM:SS.mmmZ`, the form that is safest to send.
pub(crate) fn write(time: Timestamp) -> String {
    let text = time.to_string();
    match text.strip_suffix('Z') {
        Some(whole) if !whole.contains('.') => format!("{whole}.000Z"),
        _ => text,
    }
}

/// For `serialize_with` on a date that is sent only when there is one.
pub(crate) fn serialize<S: Serializer>(time: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    time.map(write).serialize(to)
}

/// A date that may be missing or `null`. A date that is there but of no known form is an error, not a missing one:
/// a payment page must not lose sight of an expiry.
pub(crate) mod optional {
    use super::{Deserialize, Deserializer, Error, Timestamp};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else {
            return Ok(None);
        };
        super::parse(&text).map(Some).ok_or_else(|| {
            D::Error::custom(format_args!(
                "expected a date such as 2022-09-05T06:54:41.421731, got {:?}",
                super::start(&text)
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, read_header, write};

    #[test]
    fn every_form_of_the_reference_is_read() {
        let forms = [
            ("2022-09-05T06:54:41.421731", "2022-09-05T06:54:41.421Z"),
            ("2025-10-30T14:08:39.96068", "2025-10-30T14:08:39.960Z"),
            ("2025-07-05T17:05:34.275Z", "2025-07-05T17:05:34.275Z"),
            ("2022-07-19T08:30Z", "2022-07-19T08:30:00.000Z"),
            ("2022-07-26T09:12:39Z", "2022-07-26T09:12:39.000Z"),
            ("2022-07-26T09:12:39", "2022-07-26T09:12:39.000Z"),
            ("2022-07-26T09:12", "2022-07-26T09:12:00.000Z"),
            ("2022-07-26T09:12:39.1", "2022-07-26T09:12:39.100Z"),
            (
                "2022-07-26T09:12:39.123456789+02:00",
                "2022-07-26T07:12:39.123Z",
            ),
            ("2022-07-26T09:12-0330", "2022-07-26T12:42:00.000Z"),
            ("2022-01-01T00:00:00+01", "2021-12-31T23:00:00.000Z"),
        ];
        for (text, expected) in forms {
            assert_eq!(parse(text).map(write).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let forms = [
            "",
            "T",
            "Z",
            "2022-09-05",
            "2022-09-05 06:54:41",
            "2022-09-05t06:54:41",
            "2022-09-05T06",
            "2022-9-5T06:54:41",
            "2022-02-30T00:00:00",
            "2022-09-05T24:00:00",
            "2022-09-05T06:54:60",
            "2022-09-05T06:54:41.",
            "2022-09-05T06:54:41.1234567890",
            "2022-09-05T06:54:41.12x",
            "2022-09-05T06:54:41ZZ",
            "2022-09-05T06:54:41Zulu",
            "2022-09-05T06:54:41+1",
            "2022-09-05T06:54:41+25:00",
            "2022-09-05T06:54:41+02:60",
            "2022-09-05T06:54:41+é",
            "+022-09-05T06:54:41",
            "2022-09-05T06:54:41+",
            "1662360881421",
            "2022-09-05T٠٦:54:41",
        ];
        for text in forms {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_date_header_is_read() {
        let read = |text| read_header(text).map(write);
        // The form of today, and one that very old servers write.
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
        ] {
            assert_eq!(read(text).as_deref(), Some("1994-11-06T08:49:37.000Z"));
        }
        for text in [
            "",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 anF 1994 08:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Wed, 31 Dec 1969 23:59:59 GMT",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
