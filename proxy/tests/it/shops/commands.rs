//! Every command of the program, given to one of two stores that stand in one configuration.

use std::path::{Path, PathBuf};
use std::process::Output;

use super::{GARDEN_KEY, PAYMENT, Two, default_table, garden_table, program_of_both};
use crate::support::MERCHANT_KEY;
use crate::support::hook::{Hook, NOWHERE};

/// What a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// The whole proxy, with all of its stores.
    All,
    /// One store, which has to be named.
    One,
    /// One store where it is named, and all otherwise.
    OneOrAll,
}

const COMMANDS: [(&str, About); 15] = [
    ("backup", About::All),
    ("serve", About::All),
    ("migrate", About::All),
    ("copy", About::All),
    ("check", About::All),
    ("reconcile", About::OneOrAll),
    ("event secret", About::All),
    ("event test", About::One),
    ("event list", About::One),
    (
        "event replay evt_00000000000000000000000000000000",
        About::One,
    ),
    ("attestation key", About::One),
    // It makes a key, and asks no configuration.
    ("attestation new", About::All),
    ("webhook register", About::One),
    ("webhook list", About::One),
    ("webhook remove", About::One),
];

/// What the program says to these words.
async fn run(words: &[&str], config: Option<&Path>) -> Output {
    let mut command = program_of_both();
    command.args(words);
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// The configuration of both stores, on the database of a running proxy.
fn both(two: &Two, directory: &Path) -> PathBuf {
    let text = format!(
        "listen = \"127.0.0.1:0\"\npublic_url = \"http://127.0.0.1:1\"\ndatabase = \"{}\"\n{}{}",
        two.database().display(),
        default_table(&two.gateway),
        garden_table(&two.garden),
    );
    let path = directory.join("proxy.toml");
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn every_command_is_listed_here() {
    let names = async |words: &[&str]| {
        let help = said(&run(&[words, &["--help"]].concat(), None).await);
        let (_, commands) = help.split_once("Commands:\n").unwrap();
        let lines = commands.lines().take_while(|line| !line.is_empty());
        let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let names = names.map(|line| line.split_whitespace().next().unwrap().to_owned());
        names.filter(|name| name != "help").collect::<Vec<_>>()
    };
    let mut there = Vec::new();
    for name in names(&[]).await {
        if ["attestation", "webhook", "event"].contains(&name.as_str()) {
            let deeds = names(&[&name]).await;
            there.extend(deeds.iter().map(|deed| format!("{name} {deed}")));
        } else {
            there.push(name);
        }
    }
    // Without what a command is about.
    let listed = COMMANDS.map(|(name, _)| name.split(' ').take(2).collect::<Vec<_>>().join(" "));
    let mut listed = listed.to_vec();
    there.sort();
    listed.sort();
    assert_eq!(
        there, listed,
        "a command was added that no store is kept from"
    );
}

#[tokio::test]
async fn a_command_for_one_store_asks_which_and_touches_no_other() {
    let two = Two::on_file().await;
    let directory = tempfile::tempdir().unwrap();
    let config = both(&two, directory.path());
    let hook = Hook::register(&two, NOWHERE, false).await;
    for (command, about) in COMMANDS {
        let words: Vec<&str> = command.split(' ').collect();
        if about == About::One {
            let refused = run(&words, Some(&config)).await;
            assert!(
                !refused.status.success() && said(&refused).contains("--store"),
                "{command}: {}",
                said(&refused)
            );
        }
        if about != About::All {
            for name in ["Garden", "gardens", ""] {
                let refused = run(&[&words[..], &["--store", name]].concat(), Some(&config)).await;
                assert!(
                    !refused.status.success() && said(&refused).contains("--store"),
                    "{command} {name:?}: {}",
                    said(&refused)
                );
            }
        }
    }
    let id = hook.id.as_str();
    let others = run(
        &["webhook", "remove", "--store", "garden", "--id", id],
        Some(&config),
    )
    .await;
    assert!(!others.status.success(), "{}", said(&others));
    let others = run(
        &["webhook", "remove", "--store", "garden", "--url", NOWHERE],
        Some(&config),
    )
    .await;
    assert!(said(&others).contains("there is none"), "{}", said(&others));
    let listed = said(&run(&["webhook", "list", "--store", "garden"], Some(&config)).await);
    assert!(listed.starts_with("none"), "{listed}");
    let listed = said(&run(&["webhook", "list", "--store", "default"], Some(&config)).await);
    assert!(
        listed.contains(&format!("{id}  {NOWHERE}  taken")),
        "{listed}"
    );
    // Of both stores money was seen; the books of one are compared.
    for key in [MERCHANT_KEY, GARDEN_KEY] {
        let checkout = two.made_by(key, PAYMENT).await;
        let view = two.choose(&checkout, "TRX").await.expect(200).json();
        let (address, amount) = (&view["invoice"]["address"], &view["invoice"]["amount"]);
        let gateway = if key == GARDEN_KEY {
            &two.garden
        } else {
            &two.gateway
        };
        gateway
            .deposit(
                address.as_str().unwrap(),
                amount.as_str().unwrap(),
                "confirmed",
            )
            .await;
        two.told_to(key, &checkout).await;
    }
    let before = two.asked().await;
    let compared = run(&["reconcile", "--store", "garden"], Some(&config)).await;
    assert!(
        said(&compared).contains("1 invoices"),
        "{}",
        said(&compared)
    );
    let after = two.asked().await;
    assert!(
        before.0 == after.0 && before.1 < after.1,
        "{before:?} {after:?}"
    );
}
