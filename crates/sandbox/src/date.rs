//! Dates as the gateway writes and reads them (gateway reference §1.6).

use checkout::Timestamp;

use crate::dialect::Fractions;

/// Writes a date without a zone, with the fraction's trailing zeros dropped: `2022-09-05T06:54:41.421`.
fn zoneless(moment: Timestamp) -> String {
    let text = moment.to_string();
    let text = text.trim_end_matches('Z');
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

/// Writes a date without a zone, its fraction as a dialect wants it.
pub(crate) fn written(moment: Timestamp, fractions: Fractions) -> String {
    match fractions {
        Fractions::Short => zoneless(moment),
        Fractions::Six => {
            let short = zoneless(moment);
            let (second, fraction) = short.split_once('.').unwrap_or((&short, ""));
            format!("{second}.{fraction:0<6}")
        }
    }
}

/// Reads `YYYY-MM-DDTHH:MM[:SS[.1-9 digits]][Z|±HH:MM|±HHMM]`; a missing zone means UTC, digits beyond the
/// millisecond are cut off. `None` for any other text, for days that do not exist, and before 1970.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_once('T')?;
    let (time, zone) = rest.split_at(rest.find(['Z', '+', '-']).unwrap_or(rest.len()));
    let (clock, fraction) = match time.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (time, None),
    };
    let seconds = match (clock.len(), fraction) {
        (5, None) => ":00",
        (8, _) => "",
        _ => return None,
    };
    let millis = match fraction {
        None => "000".to_owned(),
        Some(digits)
            if (1..=9).contains(&digits.len())
                && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            digits.chars().chain("00".chars()).take(3).collect()
        }
        Some(_) => return None,
    };
    let utc = Timestamp::parse(&format!("{day}T{clock}{seconds}.{millis}Z")).ok()?;
    let moment = utc.millis().checked_sub(offset_millis(zone)?)?;
    (moment >= 0).then(|| Timestamp::from_millis(moment))
}

fn offset_millis(zone: &str) -> Option<i64> {
    let (sign, clock) = match zone.split_at_checked(1) {
        None => return Some(0),
        Some(("Z", rest)) => return rest.is_empty().then_some(0),
        Some(("+", clock)) => (1, clock),
        Some((_, clock)) => (-1, clock),
    };
    let digits: String = match clock.as_bytes() {
        [_, _, b':', _, _] => clock.chars().filter(|sign| *sign != ':').collect(),
        [_, _, _, _] => clock.to_owned(),
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (
        digits.get(..2)?.parse().ok()?,
        digits.get(2..)?.parse().ok()?,
    );
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_of_the_reference() {
        for (text, millis) in [
            ("2022-09-05T06:54:41.421731", 1_662_360_881_421),
            ("2025-10-30T14:08:39.96068", 1_761_833_319_960),
            ("2025-07-05T17:05:34.275Z", 1_751_735_134_275),
            ("2022-07-19T08:30Z", 1_658_219_400_000),
            ("2022-07-26T09:12:39Z", 1_658_826_759_000),
            ("2022-07-26T09:12:39.5+02:00", 1_658_819_559_500),
            ("2022-07-26T09:12-0130", 1_658_832_120_000),
        ] {
            assert_eq!(
                parse(text).map(|moment| moment.millis()),
                Some(millis),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "2022-09-05",
            "2022-09-05 06:54",
            "2022-02-30T00:00Z",
            "2022-09-05T6:54Z",
            "2022-09-05T06:54:41.Z",
            "2022-09-05T06:54:41.1234567890Z",
            "2022-09-05T25:00Z",
            "2022-09-05T06:54ZZ",
            "2022-09-05T06:54+2:00",
            "2022-09-05T06:54+0+:0",
            "1969-12-31T23:59Z",
            "2022-09-05T06:54.5Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn writes_without_zone_and_without_trailing_zeros() {
        assert_eq!(
            zoneless(Timestamp::from_millis(1_662_360_881_420)),
            "2022-09-05T06:54:41.42"
        );
        assert_eq!(
            zoneless(Timestamp::from_millis(1_662_360_881_000)),
            "2022-09-05T06:54:41"
        );
        assert_eq!(
            zoneless(Timestamp::from_millis(1_662_360_880_000)),
            "2022-09-05T06:54:40"
        );
    }

    #[test]
    fn six_digits_are_always_six() {
        for (millis, text) in [
            (1_662_360_881_420, "2022-09-05T06:54:41.420000"),
            (1_662_360_881_001, "2022-09-05T06:54:41.001000"),
            (1_662_360_880_000, "2022-09-05T06:54:40.000000"),
        ] {
            let moment = Timestamp::from_millis(millis);
            assert_eq!(written(moment, Fractions::Six), text);
            assert_eq!(parse(text), Some(moment));
        }
    }
}
