//! `cargo xtask mutants`: changes the code that decides about money in small ways, and asks whether a test notices each.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::shell;
use crate::tools::cargo_subcommand::{self, MUTANTS};
use crate::workspace::Workspace;

/// Options of `cargo xtask mutants`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Judges this package alone.
    #[arg(long, value_name = "PACKAGE")]
    package: Option<String>,
    /// Tries about this many mutants of each package, spread evenly over it, instead of all.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
}

/// What is judged: the code that decides, and not the code that carries.
struct Judged {
    package: &'static str,
    /// Files, as `cargo mutants --file` takes them; none stands for all of the package.
    files: &'static [&'static str],
}

const JUDGED: &[Judged] = &[
    Judged {
        package: "checkout",
        files: &[],
    },
    Judged {
        package: "calypso-proxy",
        files: &[
            "proxy/src/deposit.rs",
            "proxy/src/invoice.rs",
            "proxy/src/reading.rs",
            "proxy/src/readings.rs",
            "proxy/src/view.rs",
        ],
    },
];

/// The share of viable mutants that tests must notice, in percent.
const GOAL: usize = 95;

/// How the mutants of one package ended.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    caught: usize,
    missed: Vec<String>,
    unviable: usize,
}

/// Runs them, one package after the other.
///
/// # Errors
/// When the tests fail without any change, or notice fewer than [`GOAL`] percent.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let judged: Vec<&Judged> = JUDGED
        .iter()
        .filter(|judged| {
            options
                .package
                .as_deref()
                .is_none_or(|name| name == judged.package)
        })
        .collect();
    ensure!(
        !judged.is_empty(),
        "expected one of the packages {}, came {}",
        JUDGED
            .iter()
            .map(|judged| judged.package)
            .collect::<Vec<_>>()
            .join(", "),
        options.package.as_deref().unwrap_or_default()
    );
    let program = cargo_subcommand::find(workspace, &MUTANTS)?;
    let mut too_few = Vec::new();
    for judged in judged {
        let outcome = judge(workspace, &program, judged, options.sample)?;
        let viable = outcome.caught + outcome.missed.len();
        println!(
            "{}: {} of {viable} viable mutants caught, {} did not compile",
            judged.package, outcome.caught, outcome.unviable
        );
        for mutant in &outcome.missed {
            println!("  missed: {mutant}");
        }
        if outcome.caught * 100 < viable * GOAL {
            too_few.push(judged.package);
        }
    }
    ensure!(
        too_few.is_empty(),
        "tests notice fewer than {GOAL} % of the mutants of {}",
        too_few.join(", ")
    );
    Ok(())
}

fn judge(
    workspace: &Workspace,
    program: &Path,
    judged: &Judged,
    sample: Option<u32>,
) -> Result<Outcome> {
    let mutants = || {
        let mut command = workspace.command(program);
        command.args(["mutants", "--package", judged.package]);
        for file in judged.files {
            command.args(["--file", file]);
        }
        command
    };
    let output = workspace.target("mutants").join(judged.package);
    fs::create_dir_all(&output).with_context(|| format!("{} cannot be made", output.display()))?;
    let mut command = mutants();
    if let Some(sample) = sample {
        let all = shell::read(mutants().arg("--list"))?.lines().count();
        let shards = all.div_ceil(sample as usize).max(1);
        command.args([
            "--shard",
            &format!("0/{shards}"),
            "--sharding",
            "round-robin",
        ]);
    }
    let status = command
        .args(["--no-times", "--colors", "never", "--output"])
        .arg(&output)
        .status()
        .context("cargo mutants did not start")?;
    // 2 and 3 are mutants that were missed or ran too long: the outcomes tell.
    ensure!(
        matches!(status.code(), Some(0 | 2 | 3)),
        "cargo mutants ended with {status}: the tests of {} must pass before anything is changed",
        judged.package
    );
    let outcomes = output.join("mutants.out/outcomes.json");
    let text = fs::read_to_string(&outcomes)
        .with_context(|| format!("{} cannot be read", outcomes.display()))?;
    read(&serde_json::from_str(&text).context("outcomes.json is not JSON")?)
}

fn read(outcomes: &Value) -> Result<Outcome> {
    let list = outcomes["outcomes"]
        .as_array()
        .context("outcomes.json has no `outcomes`")?;
    let mut read = Outcome::default();
    for outcome in list {
        let Some(name) = outcome["scenario"]["Mutant"]["name"].as_str() else {
            continue;
        };
        match outcome["summary"].as_str() {
            // One that hangs does not get past the tests either.
            Some("CaughtMutant" | "Timeout") => read.caught += 1,
            Some("MissedMutant") => read.missed.push(name.to_owned()),
            Some("Unviable") => read.unviable += 1,
            other => bail!("{name}: an outcome this command does not know: {other:?}"),
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Outcome, read};

    #[test]
    fn outcomes_are_counted_and_the_missed_ones_named() {
        let mutant = |name: &str, summary: &str| json!({"scenario": {"Mutant": {"name": name}}, "summary": summary});
        let outcomes = json!({"outcomes": [
            {"scenario": "Baseline", "summary": "Success"},
            mutant("a", "CaughtMutant"),
            mutant("b", "MissedMutant"),
            mutant("c", "Timeout"),
            mutant("d", "Unviable"),
        ]});
        let wanted = Outcome {
            caught: 2,
            missed: vec!["b".to_owned()],
            unviable: 1,
        };
        assert_eq!(read(&outcomes).unwrap(), wanted);
        assert!(read(&json!({"outcomes": [mutant("e", "Failure")]})).is_err());
    }
}
