//! `calypso-proxy event secret` and `event test`, as an operator runs them.

use std::path::Path;
use std::process::Output;

use axum::http::StatusCode;
use calypso_proxy::EventSecret;

use super::listener::Listener;
use crate::program::{program, write_config};

pub(super) async fn run(
    words: &[&str],
    config: Option<&Path>,
    variables: &[(&str, &str)],
) -> Output {
    let mut command = program();
    command.args(words).envs(variables.iter().copied());
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A configuration whose events go to `url`, signed with a secret that the program made.
pub(super) async fn configured(
    directory: &Path,
    url: &str,
    networks: &str,
) -> (std::path::PathBuf, String) {
    let made = run(&["event", "secret"], None, &[]).await;
    assert!(made.status.success());
    let secret = text(&made.stdout);
    std::fs::write(directory.join("event"), &secret).unwrap();
    let config = write_config(directory, "http://127.0.0.1:9", 0);
    let right = std::fs::read_to_string(&config).unwrap();
    let events = format!(
        "[events]\nurl = \"{url}\"\nsecret_files = [\"event\"]\nallowed_networks = [{networks}]\n[[products]]\n"
    );
    std::fs::write(&config, right.replace("[[products]]\n", &events)).unwrap();
    (config, secret.trim().to_owned())
}

#[tokio::test]
async fn a_secret_that_the_program_makes_is_a_good_one_and_alone_on_its_line() {
    let said = [
        run(&["event", "secret"], None, &[]).await,
        run(&["event", "secret"], None, &[]).await,
    ]
    .map(|output| text(&output.stdout));
    assert_ne!(said[0], said[1]);
    for line in &said {
        let secret = line.strip_suffix('\n').unwrap();
        assert!(EventSecret::parse(secret).is_ok(), "{secret}");
    }
}

#[tokio::test]
async fn a_test_event_arrives_signed_and_what_came_of_it_is_said() {
    let directory = tempfile::tempdir().unwrap();
    for (status, success, sentence) in [
        (StatusCode::NO_CONTENT, true, "taken (204)"),
        (StatusCode::UNAUTHORIZED, false, "refused (401)"),
        (StatusCode::FOUND, false, "redirects are not followed"),
        (StatusCode::GONE, false, "wants no further events"),
    ] {
        let listener = Listener::answering(status).await;
        let (config, secret) = configured(directory.path(), &listener.url(), "\"127.0.0.1\"").await;
        // A proxy that the environment names is not used: it would be told everything, and resolve names by itself.
        let nowhere = "http://127.0.0.1:9";
        let proxies = [
            ("http_proxy", nowhere),
            ("HTTP_PROXY", nowhere),
            ("ALL_PROXY", nowhere),
            ("all_proxy", nowhere),
        ];
        let output = run(&["event", "test"], Some(&config), &proxies).await;
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.success(), success, "{said}");
        assert!(said.contains(sentence), "{said}");
        assert!(
            !said.contains(&secret[6..]) && !said.contains("/hook"),
            "{said}"
        );
        let heard = listener.heard();
        assert_eq!(heard.len(), 1);
        let event: serde_json::Value = serde_json::from_slice(&heard[0].body).unwrap();
        assert_eq!(event["type"], "event.test");
        assert_eq!(event["data"]["store"], "default");
        assert!(said.contains(heard[0].header("webhook-id")), "{said}");
        assert!(heard[0].header("webhook-signature").starts_with("v1,"));
    }
}

#[tokio::test]
async fn a_target_that_is_not_reached_is_said_plainly() {
    let directory = tempfile::tempdir().unwrap();
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", free.local_addr().unwrap());
    drop(free);
    let (config, _) = configured(directory.path(), &url, "\"127.0.0.1\"").await;
    let output = run(&["event", "test"], Some(&config), &[]).await;
    assert!(!output.status.success());
    assert!(text(&output.stdout).contains("nobody takes the connection"));

    let (config, _) =
        configured(directory.path(), "https://localhost/hook", "\"10.0.0.0/8\"").await;
    let output = run(&["event", "test"], Some(&config), &[]).await;
    assert!(!output.status.success());
    let said = text(&output.stdout);
    assert!(
        said.contains("failed: the host has an address that is not called"),
        "{said}"
    );

    // Nobody is told of events by a configuration without a target.
    let config = write_config(directory.path(), "http://127.0.0.1:9", 0);
    let output = run(&["event", "test"], Some(&config), &[]).await;
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("has no `events.url`"));
}
