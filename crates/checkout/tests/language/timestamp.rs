//! Moments: the calendar, leap years, extremes, and texts that are none.

use checkout::{Timestamp, TimestampError};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

#[test]
fn known_moments() {
    for (text, millis) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2000-02-29T12:00:00Z", 951_825_600_000),
        ("2001-09-09T01:46:40Z", 1_000_000_000_000),
        ("2024-02-29T23:59:59Z", 1_709_251_199_000),
        ("2024-03-01T00:00:00Z", 1_709_251_200_000),
        ("2026-11-21T08:25:00Z", 1_795_249_500_000),
        ("2038-01-19T03:14:08Z", 2_147_483_648_000),
        ("2100-02-28T23:59:59.001Z", 4_107_542_399_001),
        ("2100-03-01T00:00:00Z", 4_107_542_400_000),
        ("1900-03-01T00:00:00Z", -2_203_891_200_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000),
        ("0000-02-29T00:00:00Z", -62_162_121_600_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] {
        assert_eq!(
            Timestamp::parse(text).map(Timestamp::millis),
            Ok(millis),
            "{text}"
        );
        assert_eq!(Timestamp::from_millis(millis).to_string(), text);
    }
}

#[test]
fn every_day_of_every_year_follows_the_one_before() {
    let mut days = 0_i64;
    for year in 0..=9999_u16 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (month, length) in [
            31,
            if leap { 29 } else { 28 },
            31,
            30,
            31,
            30,
            31,
            31,
            30,
            31,
            30,
            31,
        ]
        .into_iter()
        .enumerate()
        {
            let month = month as u8 + 1;
            for day in 1..=length {
                let moment = Timestamp::from_utc((year, month, day), (0, 0, 0), 0).unwrap();
                assert_eq!(
                    moment.millis_since(Timestamp::MIN),
                    days * 86_400_000,
                    "{year}-{month}-{day}"
                );
                assert_eq!(
                    moment.to_string(),
                    format!("{year:04}-{month:02}-{day:02}T00:00:00Z")
                );
                days += 1;
            }
            let beyond = Timestamp::from_utc((year, month, length + 1), (0, 0, 0), 0);
            assert_eq!(beyond, Err(TimestampError::OutOfRange));
        }
    }
    assert_eq!(days, 3_652_425);
}

#[test]
fn fractions_have_one_to_nine_digits_and_are_cut_to_milliseconds() {
    for (fraction, millis) in [
        (".1", 100),
        (".12", 120),
        (".123", 123),
        (".1239", 123),
        (".999999999", 999),
        (".000", 0),
        (".0009", 0),
        (".047", 47),
    ] {
        assert_eq!(
            Timestamp::parse(&format!("1970-01-01T00:00:00{fraction}Z"))
                .unwrap()
                .millis(),
            millis,
            "{fraction}"
        );
    }
}

#[test]
fn texts_of_another_form_are_malformed() {
    for text in [
        "",
        "Z",
        "2026",
        "2026-11-21",
        "2026-11-21T08:25:00",
        "2026-11-21T08:25Z",
        "2026-11-21 08:25:00Z",
        "2026-11-21t08:25:00Z",
        "2026-11-21T08:25:00z",
        "2026-11-21T08:25:00+00:00",
        "2026-11-21T08:25:00-00:00",
        "2026-11-21T08:25:00.Z",
        "2026-11-21T08:25:00,5Z",
        "2026-11-21T08:25:00.1234567890Z",
        "2026-11-21T08:25:00.12x4Z",
        "2026-11-21T08:25:00ZZ",
        " 2026-11-21T08:25:00Z",
        "2026-11-21T08:25:00Z ",
        "2026-11-21T08:25:00 Z",
        "+2026-11-21T08:25:00Z",
        "-001-11-21T08:25:00Z",
        "12026-11-21T08:25:00Z",
        "26-11-21T08:25:00Z",
        "2026-1-21T08:25:00Z",
        "2026/11/21T08:25:00Z",
        "20261121T082500Z",
        "2026-W47-6T08:25:00Z",
        "2026-11-21T+8:25:00Z",
        "２026-11-21T08:25:00Z",
        "2026-11-21T08:25:0éZ",
        "1795249500",
        "now",
    ] {
        assert_eq!(
            Timestamp::parse(text),
            Err(TimestampError::Malformed),
            "{text}"
        );
    }
}

#[test]
fn dates_and_times_that_do_not_exist_are_out_of_range() {
    for text in [
        "2026-00-21T08:25:00Z",
        "2026-13-21T08:25:00Z",
        "2026-11-00T08:25:00Z",
        "2026-11-31T08:25:00Z",
        "2026-02-29T08:25:00Z",
        "2100-02-29T08:25:00Z",
        "2024-02-30T08:25:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T08:60:00Z",
        "2026-12-31T23:59:60Z",
        "2026-99-99T99:99:99Z",
    ] {
        assert_eq!(
            Timestamp::parse(text),
            Err(TimestampError::OutOfRange),
            "{text}"
        );
    }
    assert_eq!(
        Timestamp::from_utc((10_000, 1, 1), (0, 0, 0), 0),
        Err(TimestampError::OutOfRange)
    );
    assert_eq!(
        Timestamp::from_utc((2026, 1, 1), (0, 0, 0), 1000),
        Err(TimestampError::OutOfRange)
    );
}

#[test]
fn arithmetic_stops_at_the_ends_of_time() {
    for far in [i64::MAX, i64::MAX - 1, Timestamp::MAX.millis() + 1] {
        assert_eq!(Timestamp::from_millis(far), Timestamp::MAX);
        assert_eq!(Timestamp::from_millis(-far), Timestamp::MIN);
        assert_eq!(Timestamp::from_millis(0).plus_seconds(far), Timestamp::MAX);
        assert_eq!(Timestamp::from_millis(0).plus_seconds(-far), Timestamp::MIN);
        assert_eq!(Timestamp::MAX.plus_millis(far), Timestamp::MAX);
        assert_eq!(Timestamp::MIN.plus_millis(-far), Timestamp::MIN);
    }
    assert_eq!(Timestamp::from_millis(i64::MIN), Timestamp::MIN);
    assert_eq!(
        Timestamp::MAX.millis_since(Timestamp::MIN),
        315_569_519_999_999
    );
    assert_eq!(
        Timestamp::MIN.millis_since(Timestamp::MAX),
        -315_569_519_999_999
    );
    let moment = Timestamp::parse("2026-11-21T23:59:59.500Z").unwrap();
    assert_eq!(
        moment.plus_seconds(1).to_string(),
        "2026-11-22T00:00:00.500Z"
    );
    assert_eq!(moment.plus_millis(-500).to_string(), "2026-11-21T23:59:59Z");
}

#[test]
fn in_json_a_moment_is_a_string() {
    let moment: Timestamp = serde_json::from_str("\"2026-11-21T08:25:00.250Z\"").unwrap();
    assert_eq!(
        serde_json::to_string(&moment).unwrap(),
        "\"2026-11-21T08:25:00.250Z\""
    );
    for json in ["0", "1795249500000", "null", "\"2026-11-21\"", "[]"] {
        assert!(serde_json::from_str::<Timestamp>(json).is_err(), "{json}");
    }
}

proptest! {
    #[test]
    fn printing_and_parsing_are_inverse(millis in Timestamp::MIN.millis()..=Timestamp::MAX.millis()) {
        let moment = Timestamp::from_millis(millis);
        prop_assert_eq!(moment.millis(), millis);
        prop_assert_eq!(Timestamp::parse(&moment.to_string()), Ok(moment));
    }

    #[test]
    fn moments_order_as_their_texts(a in any::<i64>(), b in any::<i64>()) {
        let whole = |millis: i64| Timestamp::from_millis(millis / 1_000_000 / 1000 * 1000);
        let (a, b) = (whole(a), whole(b));
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        prop_assert!(Timestamp::parse(&text).is_err());
        prop_assert!(Timestamp::parse(&(text + "Z")).is_err());
    }

    #[test]
    fn nothing_like_a_moment_makes_it_panic(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z") {
        if let Ok(moment) = Timestamp::parse(&text) {
            prop_assert_eq!(Timestamp::parse(&moment.to_string()), Ok(moment));
            prop_assert!(text.starts_with(&moment.to_string()[..19]));
        }
    }
}
