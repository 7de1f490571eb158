//! Who may call: key, signature over the raw bytes, JSON, account; in this order.

use calypso::sign::sign;
use calypso_sandbox::Settings;
use reqwest::StatusCode;

use crate::desk::{ACCOUNT, Desk, KEY, SECRET, START, settings};

const GET: &str = "/api/v1/invoice";

fn body() -> String {
    format!(
        "{{\"timestamp\":{START},\"account\":\"{ACCOUNT}\",\"payload\":{{\"externalId\":\"x\"}}}}"
    )
}

fn signature(body: &str) -> String {
    sign(&SECRET.into(), body.as_bytes())
}

#[tokio::test]
async fn a_wrong_or_missing_key_is_002_before_anything_else() {
    let desk = Desk::open().await;
    let (body, sign) = (body(), signature(&body()));
    for key in [
        None,
        Some(""),
        Some("x"),
        Some("C529E14832B34B74972365CF7BF02430"),
        Some(SECRET),
    ] {
        desk.send(GET, body.as_bytes(), key, Some(&sign))
            .await
            .refused("002");
        desk.send(GET, b"no json", key, None).await.refused("002");
    }
}

#[tokio::test]
async fn a_wrong_or_missing_signature_is_003_before_the_body_is_read() {
    let desk = Desk::open().await;
    let body = body();
    let good = signature(&body);
    let mut flipped = good.clone().into_bytes();
    flipped[127] = if flipped[127] == b'0' { b'1' } else { b'0' };
    let flipped = String::from_utf8(flipped).unwrap();
    let other_secret = sign(&KEY.into(), body.as_bytes());
    let upper = good.to_uppercase();
    for wrong in [
        None,
        Some(""),
        Some("00"),
        Some(&flipped),
        Some(&other_secret),
        Some(&upper),
        Some(&good[..126]),
    ] {
        desk.send(GET, body.as_bytes(), Some(KEY), wrong)
            .await
            .refused("003");
        desk.send(GET, b"no json", Some(KEY), wrong)
            .await
            .refused("003");
    }
    desk.send(GET, body.as_bytes(), Some(KEY), Some(&good))
        .await
        .refused("004");
}

#[tokio::test]
async fn the_signature_is_of_the_bytes_and_not_of_their_meaning() {
    let desk = Desk::open().await;
    let body = body();
    let good = signature(&body);
    for same in [
        format!("{body}\n"),
        format!(" {body}"),
        body.replace(",\"account\"", ", \"account\""),
    ] {
        desk.send(GET, same.as_bytes(), Some(KEY), Some(&good))
            .await
            .refused("003");
        // Signed as it is, the same spelling passes.
        desk.send_signed(GET, &same).await.refused("004");
    }
}

#[tokio::test]
async fn a_header_that_comes_twice_does_not_count() {
    let desk = Desk::open().await;
    let body = body();
    let good = signature(&body);
    let request = desk
        .client
        .post(format!("{}{GET}", desk.base))
        .header("Key", KEY)
        .header("Sign", &good);
    let answer = request
        .header("Sign", "00")
        .body(body)
        .send()
        .await
        .unwrap();
    assert!(answer.text().await.unwrap().contains("\"003\""));
}

#[tokio::test]
async fn what_is_no_json_object_is_001() {
    let desk = Desk::open().await;
    let twice = body().replace("\"account\"", "\"timestamp\":1,\"account\"");
    let list = format!("[{START},\"{ACCOUNT}\",{{}}]");
    for wrong in [
        "",
        "no json",
        "null",
        "1",
        "\"x\"",
        "{",
        &list,
        &twice,
        &format!("{}x", body()),
    ] {
        let message = desk.send_signed(GET, wrong).await.refused("001");
        assert!(message.starts_with("body=["), "{wrong}: {message}");
    }
    let sign = sign(&SECRET.into(), b"{\"timestamp\":\"\xff\"}");
    desk.send(GET, b"{\"timestamp\":\"\xff\"}", Some(KEY), Some(&sign))
        .await
        .refused("001");
}

#[tokio::test]
async fn deep_nesting_and_large_bodies_are_refused_and_the_sandbox_goes_on() {
    let desk = Desk::open().await;
    let deep = body().replace(
        "{\"externalId\":\"x\"}",
        &format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
    );
    desk.send_signed(GET, &deep).await.refused("001");
    let large = body().replace('x', &"x".repeat(300_000));
    let message = desk.send_signed(GET, &large).await.refused("001");
    assert!(message.starts_with("body=["), "{message}");
    desk.invoice("BTC").await;
}

#[tokio::test]
async fn the_account_must_be_the_merchants() {
    let desk = Desk::open().await;
    let with = |account: &str| body().replace(&format!("\"{ACCOUNT}\""), account);
    for (account, message) in [
        ("null", "account=[must not be null]"),
        ("\"\"", "account=[must not be blank]"),
        ("17", "account=[must be a string]"),
    ] {
        assert_eq!(
            desk.send_signed(GET, &with(account)).await.refused("001"),
            message
        );
    }
    let other = "\"0x0000000000000000000000000000000000000000\"";
    assert_eq!(
        desk.send_signed(GET, &with(other)).await.refused("004"),
        "Account is not found"
    );
    // The case of hexadecimal digits means nothing.
    let upper = format!("\"{}\"", ACCOUNT.to_uppercase().replacen("0X", "0x", 1));
    assert_eq!(
        desk.send_signed(GET, &with(&upper)).await.refused("004"),
        "Invoice is not found"
    );
}

#[tokio::test]
async fn wrong_key_and_sign_can_answer_401() {
    let desk = Desk::with(Settings {
        unauthorized_is_401: true,
        ..settings()
    })
    .await;
    let key = desk.send(GET, b"{}", Some("x"), None).await;
    assert_eq!(
        (key.status, key.json["errorCode"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("002"))
    );
    let sign = desk.send(GET, b"{}", Some(KEY), None).await;
    assert_eq!(
        (sign.status, sign.json["errorCode"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("003"))
    );
    desk.send_signed(GET, "{}").await.refused("001");
}

#[tokio::test]
async fn unknown_paths_and_methods_answer_in_the_gateways_shape() {
    let desk = Desk::open().await;
    assert_eq!(
        desk.call("/api/v1/payout/create", "{}")
            .await
            .refused("004"),
        "Path is not found"
    );
    let answer = desk.read(GET).await;
    assert_eq!(
        answer.refused("001"),
        "method=[GET is not supported, must be POST]"
    );
}
