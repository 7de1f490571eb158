//! The program is killed at any moment, over and over, while shops make checkouts, buyers pick and pay, and pages look. What it had
//! acknowledged is there when it comes back, before it has asked the gateway anything; in the end no money is missing or counted twice.

use std::collections::BTreeSet;
use std::time::Duration;

use calypso_sandbox::WallClock;

use super::caller::Caller;
use super::child::Child;
use super::door::Door;
use super::size::Size;
use super::traffic::Traffic;
use super::verdict::verdict;
use crate::support::{Gateway, Home};

const CLIENTS: usize = 6;
/// The program lives at most so long.
const LONGEST_LIFE: u64 = 250;
/// So many checkouts are looked at when it is back.
const LOOKED_AT: usize = 12;

/// Kills so many times, and judges.
async fn kills(usual: u64, home: Home) {
    let size = Size::of("kills", usual);
    let mut dice = size.dice();
    let door = Door::default();
    let gateway = Gateway::with(WallClock::system(), |router| door.before(router)).await;
    let directory = tempfile::tempdir().unwrap();
    let database = match &home {
        Home::File(place) => place.path().join("proxy.sqlite3").display().to_string(),
        Home::Postgres(database) => database.url().to_owned(),
    };
    let mut child = Child::prepared(
        directory.path(),
        &gateway.base,
        &[
            ("DATABASE", &database),
            ("LIMITS__NETWORK_CHOICES_PER_HOUR", "0"),
            ("PACE__AWAITING_MS", "1000"),
            ("PACE__MOVING_MS", "1000"),
            ("PACE__WATCH_MS", "5000"),
        ],
    );
    let opened = child.opened().await;
    let run = Traffic::new(gateway, &opened, Caller::of(child.address)).await;
    drop(opened);
    let clients = run.begin(CLIENTS, &mut dice);
    for _ in 0..size.count {
        // What it remembers has to be its own: nothing can be learned from the gateway meanwhile.
        door.shut();
        child.start().await;
        let ids = run.told_of();
        let newest = ids.iter().rev().take(LOOKED_AT / 2);
        let others = if ids.is_empty() { 0 } else { LOOKED_AT / 2 };
        let any = (0..others).map(|_| dice.place(ids.len()));
        let looked_at: BTreeSet<&String> = newest.chain(any.map(|place| &ids[place])).collect();
        for id in looked_at {
            run.look_at(id).await;
        }
        door.open();
        tokio::time::sleep(Duration::from_millis(dice.roll(LONGEST_LIFE))).await;
        child.kill();
    }
    child.start().await;
    run.end(clients).await;
    child.kill();
    let sent = verdict("kills", &size, &run, &mut child, &door).await;
    assert!(
        sent * 4 > usize::try_from(size.count).unwrap(),
        "the run has shown too little"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_every_kill_on_a_file() {
    kills(10, Home::file()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_every_kill_on_postgres() {
    kills(10, Home::postgres().await).await;
}
