//! `calypso-proxy check` about what lies outside of the configuration: the clock, the gateway's webhooks, the merchant's server.

use std::path::PathBuf;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::any;
use calypso_proxy::{
    Clock as _, EventTarget, GatewayConfig, SystemClock, inspect_clock, inspect_events,
    inspect_webhooks,
};
use checkout::Timestamp;
use url::Url;

use crate::program::{check, write_config};
use crate::support::hook::{Hook, NOWHERE, PATH};
use crate::support::{Gateway, TestProxy, config};

/// A server that answers everything with this, and its origin.
async fn answering(status: StatusCode, body: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(any(move || async move { (status, body) }));
    tokio::spawn(async { axum::serve(listener, router).await });
    origin
}

#[tokio::test]
async fn a_clock_that_is_half_a_minute_wrong_is_told_with_its_difference() {
    let mut gateway = Gateway::start().await;
    let config = gateway_of(&gateway);
    let right = inspect_clock(&config, || SystemClock.now()).await.unwrap();
    assert!(right.starts_with("clock: this computer's is"), "{right}");
    for (seconds, said) in [(100, "ahead"), (-100, "behind")] {
        let now = || SystemClock.now().plus_seconds(seconds);
        let wrong = inspect_clock(&config, now).await.unwrap_err().to_string();
        assert!(wrong.contains(said) && wrong.contains("NTP"), "{wrong}");
    }
    gateway.stop().await;
    let silent = inspect_clock(&config, || Timestamp::from_millis(0)).await;
    assert!(silent.unwrap().contains("not compared"));
}

fn gateway_of(gateway: &Gateway) -> GatewayConfig {
    config(gateway, PathBuf::from("nowhere"))
        .shops
        .remove(0)
        .gateway
}

#[tokio::test]
async fn webhooks_are_followed_to_whoever_answers_at_their_address() {
    let proxy = TestProxy::start().await;
    let gateway = gateway_of(&proxy.gateway);
    let here: Url = format!("http://{}{PATH}", proxy.address).parse().unwrap();
    let none = inspect_webhooks(&gateway, &here).await.unwrap();
    assert!(none.contains("webhook register"), "{none}");

    Hook::register(&proxy, here.as_str(), false).await;
    let ours = inspect_webhooks(&gateway, &here).await.unwrap();
    assert!(ours.contains("where this proxy answers"), "{ours}");

    Hook::register(&proxy, NOWHERE, false).await;
    let nobody = inspect_webhooks(&gateway, &NOWHERE.parse().unwrap()).await;
    assert!(nobody.unwrap().contains("nothing answers now"));

    // What stands in front leads elsewhere: a page for everything, another refusal, another 401.
    for (status, body) in [
        (StatusCode::OK, "<!doctype html>"),
        (StatusCode::UNAUTHORIZED, "{}"),
        (
            StatusCode::FORBIDDEN,
            r#"{"error":{"code":"webhook_not_signed","message":"m","requestId":"r"}}"#,
        ),
    ] {
        let other = format!("{}{PATH}", answering(status, body).await);
        Hook::register(&proxy, &other, false).await;
        let wrong = inspect_webhooks(&gateway, &other.parse().unwrap()).await;
        let wrong = wrong.unwrap_err().to_string();
        assert!(
            wrong.contains(status.as_str()) && wrong.contains("`listen`"),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_merchants_server_is_looked_for_and_told_nothing() {
    const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let unset = inspect_events(None).await.unwrap();
    assert!(unset.contains("`events.url`"), "{unset}");
    // Any answer shows that somebody is there.
    let origin = answering(StatusCode::METHOD_NOT_ALLOWED, "").await;
    let url = format!("{origin}/events");
    let target = EventTarget::new(&url, &[SECRET], &["127.0.0.1"]).unwrap();
    let found = inspect_events(Some(&target)).await.unwrap();
    assert!(found.contains("can be reached"), "{found}");

    // A port that somebody had a moment ago, and nobody has now.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let target = EventTarget::new(&nobody, &[SECRET], &["127.0.0.1"]).unwrap();
    let lost = inspect_events(Some(&target)).await.unwrap_err().to_string();
    assert!(lost.starts_with(&format!("events: {nobody}: ")), "{lost}");
}

/// The program says all three.
#[tokio::test]
async fn check_says_what_it_has_found_outside() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &gateway.base, 0);
    let output = check(&config).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    for line in [
        "ok    clock:",
        "ok    webhooks: none to",
        "ok    events: no server",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
}
