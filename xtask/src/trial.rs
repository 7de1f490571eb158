//! `cargo xtask trial`: the long forms of the tests in `proxy/tests/it/trials`, with their seed and their size.

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{shell, tools};

/// The trial of the store alone, which is beside the store's own tests.
const ANY_ORDER: &str = "any-order";

/// Every trial: its name, the tests it consists of, and what it shows.
const TRIALS: &[(&str, &str, &str)] = &[
    (
        ANY_ORDER,
        "any_order::",
        "lists of deposits in any order, doubled, contradicted and at once, so many rounds: each shop credits each of its deposits once",
    ),
    (
        "same-key",
        "trials::same_key::",
        "64 ask for the same thing at once, so many rounds: one checkout, one invoice, equal answers",
    ),
    (
        "schedules",
        "trials::schedules::",
        "orders of money, news, polls and crashes, so many: each shop credits exactly what was sent to it",
    ),
    (
        "failover",
        "trials::failover::",
        "a PostgreSQL server dies under load and its standby takes over, so many times: nothing acknowledged is lost",
    ),
    (
        "outages",
        "trials::outages::",
        "disk full, no permission, database or gateway away and back: a named refusal, and nothing lost",
    ),
    (
        "torn-log",
        "sqlite::mutilated::",
        "SQLite's log is cut, flipped and emptied, so many times: a sound file with a beginning of all commits",
    ),
    (
        "stores",
        "shops::pairs::",
        "calls of one store with ids of the other, so many pairs: no answer knows of them, nothing of them is changed, no gateway is asked",
    ),
    (
        "crowds",
        "trials::crowds::",
        "ten times as many buyers as invoices, so many invoices: no more reads of the gateway than for a tenth of them",
    ),
    (
        "events",
        "trials::events::",
        "days of a merchant's server that mostly refuses, with kills and replays, so many: no event is lost, overtaken, or sent twice at once",
    ),
    (
        "backups",
        "trials::backups::",
        "backups under load are restored, so many: nothing acknowledged before one is missing in it, nothing counts twice after it",
    ),
    (
        "storm",
        "trials::storm::",
        "webhooks, many at once and every fifth twice, so many events: each is acknowledged and kept once",
    ),
    (
        "shutdown",
        "trials::shutdown::",
        "the program is told to stop under load, so many times: what was sent is answered, what was answered is kept",
    ),
    (
        "kills",
        "trials::kills::",
        "the program is killed under load, so many times: nothing acknowledged is lost, nothing counted twice",
    ),
    (
        "canary",
        "operating::canary::",
        "secrets and a buyer's name planted in so many requests, most of them wrong: none of it in logs, meters, traces and errors",
    ),
];

/// Options of `cargo xtask trial`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Which one; without it all are listed.
    name: Option<String>,
    /// How many rounds, kills or schedules; without it as many as in a test run.
    #[arg(long)]
    count: Option<u64>,
    /// Which part of all that can happen; without it that of every test run.
    #[arg(long)]
    seed: Option<u64>,
    /// Only tests of it whose names begin so; `docs/TRIALS.md` has them.
    #[arg(long, default_value = "")]
    only: String,
    /// Builds for speed first, in a directory of its own; that takes minutes, and is worth it from a thousand on.
    #[arg(long)]
    optimised: bool,
}

/// Runs one trial and shows what it prints.
///
/// # Errors
/// When something goes wrong in it, its seed stands in the output; or when there is no such trial or test of it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let Some(name) = &options.name else {
        for (name, _, about) in TRIALS {
            println!("{name:<12} {about}");
        }
        return Ok(());
    };
    let Some((_, tests, _)) = TRIALS.iter().find(|(known, ..)| known == name) else {
        let known: Vec<&str> = TRIALS.iter().map(|(known, ..)| *known).collect();
        bail!("there is no trial {name}; there are {}", known.join(", "));
    };
    let filter = format!("{tests}{}", options.only);
    let of_trial = || {
        let mut cargo = workspace.cargo();
        cargo.args(["test", "--package", "calypso-proxy"]);
        if name == ANY_ORDER {
            cargo.arg("--lib");
        } else {
            cargo.args(["--test", "it"]);
        }
        if options.optimised {
            cargo.args(["--profile", "trial"]);
        }
        cargo.args(["--", &filter]);
        cargo
    };
    // The test runner is content with no test at all.
    if !shell::read(of_trial().arg("--list"))?.contains(&filter) {
        bail!("no test of the trial {name} begins with `{}`", options.only);
    }
    let postgres = tools::postgres::Server::start()?;
    let mut cargo = of_trial();
    postgres.tell(&mut cargo);
    // One after the other: each measures how it fares under its own load.
    cargo.args(["--nocapture", "--test-threads", "1"]);
    for (variable, value) in [
        ("CALYPSO_TRIAL_COUNT", options.count),
        ("CALYPSO_TRIAL_SEED", options.seed),
    ] {
        if let Some(value) = value {
            cargo.env(variable, value.to_string());
        }
    }
    shell::run(&mut cargo)
}
