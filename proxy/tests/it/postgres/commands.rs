//! The program's commands about the database.

use std::process::Output;

use url::Url;

use super::database::TestDatabase;
use crate::program::{program, write_config};

/// The password where the cluster lets everybody in, whatever it is.
const PASSWORD: &str = "pl4nted-p4ssword";

/// The same URL with a password, which is the cluster's own if it has one.
fn with_password(url: &str) -> String {
    let mut url = Url::parse(url).unwrap();
    if url.password().is_none() {
        url.set_password(Some(PASSWORD)).unwrap();
    }
    url.into()
}

/// What a command has said about the database of this URL, whose password must not be in it.
fn words(output: &Output, url: &str) -> String {
    let said = [&output.stdout[..], &output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    let url = Url::parse(&with_password(url)).unwrap();
    assert!(!said.contains(url.password().unwrap()), "{said}");
    said
}

/// Runs a command with a configuration whose database is the one with this URL.
async fn run(
    command: &'static [&'static str],
    database: Option<&str>,
    directory: &std::path::Path,
) -> (bool, String) {
    let config = write_config(directory, "http://127.0.0.1:9/", 0);
    let mut program = program();
    program.args(command).arg("--config").arg(config);
    if let Some(url) = database {
        program.env("CALYPSO_PROXY_DATABASE", with_password(url));
    }
    let ended = tokio::task::spawn_blocking(move || program.output().unwrap());
    let output = ended.await.unwrap();
    let said = words(&output, database.unwrap_or("postgres://127.0.0.1/"));
    (output.status.success(), said)
}

#[tokio::test]
async fn migrate_says_from_which_version_to_which_and_never_the_password() {
    let (home, directory) = (
        TestDatabase::without_tables().await,
        tempfile::tempdir().unwrap(),
    );
    let migrate = async || run(&["migrate"], Some(home.url()), directory.path()).await;
    let (made, said) = migrate().await;
    assert!(made && said.contains("made the tables of schema"), "{said}");
    let (made, said) = migrate().await;
    assert!(made && said.contains("already"), "{said}");
    super::meddle(home.url(), "UPDATE schema_version SET version = 9999");
    let (made, said) = migrate().await;
    assert!(!made && said.contains("schema version 9999"), "{said}");
    let (made, said) = run(&["check"], Some(home.url()), directory.path()).await;
    assert!(
        !made && said.contains("WRONG database:") && said.contains("9999"),
        "{said}"
    );
    let (made, said) = run(&["migrate"], None, directory.path()).await;
    assert!(
        made && said.contains("proxy.sqlite3: made the tables of schema"),
        "{said}"
    );
}

#[tokio::test]
async fn copy_prints_each_table_and_never_the_password() {
    let (home, directory) = (
        TestDatabase::without_tables().await,
        tempfile::tempdir().unwrap(),
    );
    let config = write_config(directory.path(), "http://127.0.0.1:9/", 0);
    let (made, said) = run(&["migrate"], None, directory.path()).await;
    assert!(made, "{said}");
    let copy = async || {
        let mut program = program();
        program
            .arg("copy")
            .arg("--config")
            .arg(&config)
            .arg("--to")
            .arg(with_password(home.url()));
        let ended = tokio::task::spawn_blocking(move || program.output().unwrap());
        let output = ended.await.unwrap();
        (output.status.success(), words(&output, home.url()))
    };
    for _ in 0..2 {
        // Nothing was in the file, so the target is still empty.
        let (made, said) = copy().await;
        assert!(
            made && said.contains("invoices") && said.contains("read back"),
            "{said}"
        );
    }
    super::meddle(
        home.url(),
        "INSERT INTO customers (store, customer, open_calls, started_at) VALUES ('default', 'c', 0, 0)",
    );
    let (made, said) = copy().await;
    assert!(
        !made && said.contains("its table customers has rows"),
        "{said}"
    );
}
