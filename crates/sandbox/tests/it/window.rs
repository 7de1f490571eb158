//! The time window of a request: three minutes of wall clock either way, bounds included.

use crate::desk::{ACCOUNT, Answer, Desk, START};

async fn at(desk: &Desk, timestamp: &str) -> Answer {
    let body = format!(
        "{{\"timestamp\":{timestamp},\"account\":\"{ACCOUNT}\",\"payload\":{{\"externalId\":\"x\"}}}}"
    );
    desk.send_signed("/api/v1/invoice", &body).await
}

#[tokio::test]
async fn the_bounds_are_exact() {
    let desk = Desk::open().await;
    for inside in [0, 1, -1, 179_999, -179_999, 180_000, -180_000] {
        at(&desk, &(START + inside).to_string())
            .await
            .refused("004");
    }
    for outside in [180_001, -180_001, 3_600_000, -86_400_000] {
        let message = at(&desk, &(START + outside).to_string())
            .await
            .refused("011");
        assert!(
            message.starts_with("Invalid timestamp parameter"),
            "{message}"
        );
    }
    for extreme in [i64::MIN, i64::MAX, 0, -1, 13_292_792_792, START / 1000] {
        at(&desk, &extreme.to_string()).await.refused("011");
    }
}

#[tokio::test]
async fn what_is_no_whole_number_is_001() {
    let desk = Desk::open().await;
    for (wrong, reason) in [
        ("null", "must not be null"),
        ("\"1767607200000\"", "must be an integer of milliseconds"),
        ("1767607200000.5", "must be an integer of milliseconds"),
        ("1.7676072e12", "must be an integer of milliseconds"),
        ("99999999999999999999", "must be an integer of milliseconds"),
        ("[]", "must be an integer of milliseconds"),
    ] {
        assert_eq!(
            at(&desk, wrong).await.refused("001"),
            format!("timestamp=[{reason}]"),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn the_virtual_clock_does_not_move_it() {
    let desk = Desk::open().await;
    desk.advance(86_400).await;
    at(&desk, &START.to_string()).await.refused("004");
    at(&desk, &(START + 86_400_000).to_string())
        .await
        .refused("011");
}

#[tokio::test]
async fn it_is_judged_before_the_account() {
    let desk = Desk::open().await;
    desk.send_signed("/api/v1/invoice", "{\"timestamp\":1}")
        .await
        .refused("011");
    let body = format!("{{\"timestamp\":{START}}}");
    assert_eq!(
        desk.send_signed("/api/v1/invoice", &body)
            .await
            .refused("001"),
        "account=[must not be null]"
    );
}
