//! Backups that are taken while shops make checkouts and buyers pay, and restored into another database: what had been acknowledged before
//! a backup began is there, before the restored proxy has asked the gateway anything; in the end all money sent to it is counted once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use calypso_sandbox::WallClock;
use serde_json::Value;

use super::caller::Caller;
use super::child::Child;
use super::door::Door;
use super::history::{Sent, Told, What, judge, judge_answers};
use super::size::Size;
use super::traffic::Traffic;
use crate::program::PROGRAM;
use crate::support::{GATEWAY_SECRET, Gateway, Home, MERCHANT_KEY};

const CLIENTS: usize = 6;
/// The traffic goes on at most so long before a backup.
const LONGEST_PAUSE: u64 = 250;

/// The settings of a program on this database.
fn settings(database: &str) -> [(&str, &str); 5] {
    [
        ("DATABASE", database),
        ("LIMITS__NETWORK_CHOICES_PER_HOUR", "0"),
        ("PACE__AWAITING_MS", "1000"),
        ("PACE__MOVING_MS", "1000"),
        ("PACE__WATCH_MS", "5000"),
    ]
}

fn database(home: &Home) -> String {
    match home {
        Home::File(place) => place.path().join("proxy.sqlite3").display().to_string(),
        Home::Postgres(database) => database.url().to_owned(),
    }
}

fn succeeded(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

/// As docs/RUNBOOK.md says.
fn back_up(config: &Path, from: &Home, to: &Path) {
    match from {
        Home::File(_) => succeeded(
            Command::new(PROGRAM)
                .args(["backup", "--config"])
                .arg(config)
                .arg("--to")
                .arg(to)
                .env("CALYPSO_PROXY_DATABASE", database(from))
                .env("CALYPSO_PROXY_MERCHANT_KEY", MERCHANT_KEY)
                .env("CALYPSO_PROXY_GATEWAY__SECRET", GATEWAY_SECRET),
        ),
        Home::Postgres(database) => succeeded(
            Command::new("pg_dump")
                .args(["--format=custom", "--file"])
                .arg(to)
                .arg(database.url()),
        ),
    };
}

/// As docs/RUNBOOK.md says, to a database where nothing is yet.
async fn restored(from: &Home, backup: &Path) -> Home {
    if let Home::File(_) = from {
        let home = Home::file();
        std::fs::copy(backup, database(&home)).unwrap();
        return home;
    }
    let home = Home::postgres_without_tables().await;
    succeeded(
        Command::new("pg_restore")
            .args(["--no-owner", "--exit-on-error", "--single-transaction"])
            .args(["--dbname", &database(&home)])
            .arg(backup),
    );
    home
}

/// Has the restored books compared with the gateway, as docs/RUNBOOK.md says.
fn reconcile(config: &Path, home: &Home) {
    let output = Command::new(PROGRAM)
        .args(["reconcile", "--from", "2020-01-01T00:00:00Z", "--config"])
        .arg(config)
        .env("CALYPSO_PROXY_DATABASE", database(home))
        .env("CALYPSO_PROXY_MERCHANT_KEY", MERCHANT_KEY)
        .env("CALYPSO_PROXY_GATEWAY__SECRET", GATEWAY_SECRET)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    // 1 says that there was something new, which a backup under load brings with it.
    assert!(
        [Some(0), Some(1)].contains(&output.status.code()),
        "{said} {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The addresses in these books.
fn addresses(books: &BTreeMap<String, Value>) -> BTreeSet<&str> {
    let invoices = books
        .values()
        .filter_map(|book| book["merchant"]["invoices"].as_array());
    let addresses = invoices
        .flatten()
        .filter_map(|invoice| invoice["address"].as_str());
    addresses.collect()
}

/// Takes so many backups of a proxy under load, restores each, and judges.
async fn backups(usual: u64, home: Home) {
    let size = Size::of("backups", usual);
    let mut dice = size.dice();
    let door = Door::default();
    let gateway = Gateway::with(WallClock::system(), |router| door.before(router)).await;
    let directory = tempfile::tempdir().unwrap();
    let place = database(&home);
    let mut child = Child::prepared(directory.path(), &gateway.base, &settings(&place));
    let opened = child.opened().await;
    let run = Traffic::new(gateway, &opened, Caller::of(child.address)).await;
    drop(opened);
    child.start().await;
    let clients = run.begin(CLIENTS, &mut dice);
    let mut taken = Vec::new();
    let home = Arc::new(home);
    for number in 0..size.count {
        tokio::time::sleep(Duration::from_millis(dice.roll(LONGEST_PAUSE))).await;
        let to = directory.path().join(format!("backup-{number}"));
        let moment = run.scribe.now();
        let (config, from, file) = (child.config.clone(), Arc::clone(&home), to.clone());
        tokio::task::spawn_blocking(move || back_up(&config, &from, &file))
            .await
            .unwrap();
        taken.push((moment, to));
    }
    run.end(clients).await;
    child.kill();
    let (told, sent) = run.scribe.all();
    let (mut answers, mut deposits) = (0, 0);
    for (moment, backup) in taken {
        let known: Vec<Told> = told
            .iter()
            .filter(|told| told.ended < moment)
            .cloned()
            .collect();
        let other = restored(&home, &backup).await;
        let place = database(&other);
        let directory = tempfile::tempdir().unwrap();
        let mut second = Child::prepared(directory.path(), &run.gateway.base, &settings(&place));
        // What it remembers has to be its own.
        door.shut();
        second.start().await;
        let caller = Caller::of(second.address);
        let books = run.books_of(&caller).await;
        let mut looks = known.clone();
        looks.extend(books.values().map(|book| seen_in(book, &run)));
        let wrong = judge_answers(&looks, &books);
        assert!(wrong.is_empty(), "seed {}: {wrong:#?}", size.seed);
        second.kill();
        // It finds what was paid since to what is in it, and counts nothing twice.
        door.open();
        reconcile(&second.config, &other);
        second.start().await;
        let books = run.books_of(&caller).await;
        let there = addresses(&books);
        let to_it: Vec<Sent> = sent
            .iter()
            .filter(|sent| there.contains(&*sent.address))
            .cloned()
            .collect();
        let wrong = judge(&known, &to_it, &books);
        assert!(wrong.is_empty(), "seed {}: {wrong:#?}", size.seed);
        (answers, deposits) = (answers + known.len(), deposits + to_it.len());
    }
    println!(
        "{} backups under load: {answers} answers before them, {deposits} deposits to what is in them: nothing acknowledged is missing, \
         nothing counts twice",
        size.count
    );
    assert!(answers > 0 && deposits > 0, "the run has shown too little");
}

/// A look at a checkout in restored books, after everything that was told before.
fn seen_in(book: &Value, run: &Traffic) -> Told {
    let began = run.scribe.now();
    Told {
        began,
        ended: run.scribe.now(),
        what: What::seen(book),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_has_all_that_was_acknowledged_on_a_file() {
    backups(3, Home::file()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_has_all_that_was_acknowledged_on_postgres() {
    backups(2, Home::postgres().await).await;
}
