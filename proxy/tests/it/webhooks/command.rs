//! `calypso-proxy webhook`.

use std::path::Path;
use std::process::Output;

use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::program::{program, write_config};
use crate::support::TestProxy;
use crate::support::hook::Hook;

async fn webhook(config: &Path, arguments: &[&str]) -> Output {
    let mut command = program();
    let (deed, rest) = arguments.split_first().unwrap();
    command
        .args(["webhook", deed, "--config"])
        .arg(config)
        .args(rest);
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

#[tokio::test]
async fn the_operator_registers_lists_changes_keys_and_removes() {
    let shop = TestProxy::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &shop.gateway.base, 8085);
    let none = webhook(&config, &["list"]).await;
    assert!(none.status.success() && said(&none).contains("none"));
    let url = "http://127.0.0.1:8085/webhooks/calypso";
    let ids = async || {
        let listed = said(&webhook(&config, &["list"]).await);
        let lines = listed.lines().map(|line| line.split_once("  ").unwrap());
        let ids: Vec<String> = lines
            .map(|(id, rest)| {
                assert_eq!(rest, format!("{url}  taken"));
                id.to_owned()
            })
            .collect();
        ids
    };
    for _ in 0..2 {
        let made = webhook(&config, &["register"]).await;
        assert!(made.status.success(), "{}", said(&made));
    }
    let first = ids().await;
    assert_eq!(first.len(), 1);
    let hook = Hook::of(&shop, &first[0]).await;
    let another = said(&webhook(&config, &["register", "--new-keys"]).await);
    assert!(
        another.contains(&format!("remove --id {}", first[0])),
        "{another}"
    );
    let both = ids().await;
    assert_eq!(both.len(), 2);
    let removed = webhook(&config, &["remove", "--id", &first[0]]).await;
    assert!(removed.status.success());
    let left = ids().await;
    assert!(left.len() == 1 && left != first);
    let nobodys = webhook(&config, &["remove", "--id", &Uuid::nil().to_string()]).await;
    assert!(!nobodys.status.success(), "{}", said(&nobodys));
    let all = webhook(&config, &["remove"]).await;
    assert!(all.status.success() && said(&all).contains(&left[0]));
    assert!(said(&webhook(&config, &["list"]).await).contains("none"));
    let elsewhere = webhook(
        &config,
        &["register", "--url", "https://shop.example/hooks"],
    )
    .await;
    assert!(said(&elsewhere).contains("for https://shop.example/hooks"));
    for wrong in ["shop.example", "ftp://shop.example/", "https:"] {
        let refused = webhook(&config, &["register", "--url", wrong]).await;
        assert!(
            !refused.status.success() && said(&refused).contains("--url"),
            "{wrong}"
        );
    }
    for output in [another, said(&elsewhere), said(&all)] {
        assert!(!output.contains(hook.secret.expose_secret()));
    }
}
