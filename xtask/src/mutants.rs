//! `cargo xtask mutants`: changes the code that decides about money in small ways, and asks whether a test notices each.
//!
//! It works in passes, so that a change costs seconds. The first asks the quick tests of the package alone, which notice nearly every
//! change. What they miss is tried again with all the tests that are about these files, the slow ones among them. Only what passes
//! through every pass counts as missed.
//!
//! All is done in a copy of the checkout, `target/mutation/tree`, which stays from run to run together with what was compiled of it: nobody's
//! files are ever left changed, and only what differs is compiled again.

mod copy;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::shell;
use crate::tools::cargo_subcommand::{self, MUTANTS};
use crate::workspace::Workspace;
use table::{JUDGED, Judged, Pass};

/// Options of `cargo xtask mutants`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Judges this package alone.
    #[arg(long, value_name = "PACKAGE")]
    package: Option<String>,
    /// Judges these files alone, of those that are judged; may be given several times.
    #[arg(long, value_name = "GLOB")]
    file: Vec<String>,
    /// Tries about this many mutants of each package, spread evenly over it, instead of all.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
}

/// Seconds after which tests are taken to hang, at least. Short enough for a change that loops, long enough for a busy machine.
const PATIENCE: &str = "60";

/// The share of viable mutants that tests must notice, in percent.
const GOAL: usize = 95;

/// How the mutants of one package ended.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    caught: usize,
    /// Those of the caught that no test has refused: the tests did not come to their end.
    hung: Vec<String>,
    missed: Vec<String>,
    unviable: usize,
}

impl Outcome {
    fn tried(&self) -> usize {
        self.caught + self.missed.len() + self.unviable
    }
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
    let place = workspace.target("mutation");
    let tree = copy::bring_up_to_date(workspace, &place.join("tree"))?;
    let mutation = Mutation {
        program: cargo_subcommand::find(workspace, &MUTANTS)?,
        tree,
        place,
    };
    let mut too_few = Vec::new();
    for judged in judged {
        let outcome = mutation.judge(judged, options)?;
        let viable = outcome.caught + outcome.missed.len();
        println!(
            "{}: {} of {viable} viable mutants caught, {} did not compile",
            judged.package, outcome.caught, outcome.unviable
        );
        for mutant in &outcome.hung {
            println!("  caught because it ran too long: {mutant}");
        }
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

struct Mutation {
    program: PathBuf,
    /// The copy in which everything happens.
    tree: Workspace,
    place: PathBuf,
}

impl Mutation {
    fn judge(&self, judged: &Judged, options: &Options) -> Result<Outcome> {
        let mut all = Outcome::default();
        for (index, pass) in judged.passes.iter().enumerate() {
            let left = std::mem::take(&mut all.missed);
            let mut chosen = self.files(judged, options);
            if index > 0 {
                if left.is_empty() {
                    break;
                }
                for mutant in &left {
                    chosen.extend(["--re".to_owned(), format!("^{}$", escaped(mutant))]);
                }
            } else if let Some(sample) = options.sample {
                chosen.extend(self.shard(judged, &chosen, sample)?);
            }
            println!("{}: {}", judged.package, pass.says);
            let output = self.place.join(judged.package).join(index.to_string());
            let asked = (index > 0).then_some(left.as_slice());
            let outcome = self.pass(judged, pass, &chosen, asked, &output)?;
            ensure!(
                index == 0 || outcome.tried() == left.len(),
                "{} mutants were to be tried again, and {} were",
                left.len(),
                outcome.tried()
            );
            all.caught += outcome.caught;
            all.hung.extend(outcome.hung);
            all.unviable += outcome.unviable;
            all.missed = outcome.missed;
        }
        Ok(all)
    }

    fn files(&self, judged: &Judged, options: &Options) -> Vec<String> {
        let files: Vec<&str> = if options.file.is_empty() {
            judged.files.to_vec()
        } else {
            options.file.iter().map(String::as_str).collect()
        };
        files
            .into_iter()
            .flat_map(|file| ["--file".to_owned(), file.to_owned()])
            .collect()
    }

    fn shard(&self, judged: &Judged, files: &[String], sample: u32) -> Result<[String; 4]> {
        let mut list = self.command(judged);
        let all = shell::read(list.args(files).arg("--list"))?.lines().count();
        let shards = all.div_ceil(sample as usize).max(1);
        Ok([
            "--shard",
            &format!("0/{shards}"),
            "--sharding",
            "round-robin",
        ]
        .map(str::to_owned))
    }

    fn command(&self, judged: &Judged) -> std::process::Command {
        let mut command = self.tree.command(&self.program);
        command.args(["mutants", "--package", judged.package]);
        command
    }

    fn pass(
        &self,
        judged: &Judged,
        pass: &Pass,
        chosen: &[String],
        asked: Option<&[String]>,
        output: &Path,
    ) -> Result<Outcome> {
        fs::create_dir_all(output)
            .with_context(|| format!("{} cannot be made", output.display()))?;
        let mut command = self.command(judged);
        command
            .args(chosen)
            .args(["--in-place", "--profile", "mutants", "--output"])
            .arg(output)
            .args(["--no-times", "--colors", "never"])
            .args(["--minimum-test-timeout", PATIENCE])
            .env("CARGO_TARGET_DIR", self.place.join("build"))
            .env("CARGO_INCREMENTAL", "1");
        for target in pass.targets {
            command.args(["--cargo-arg", target]);
        }
        // The first ends what is for cargo mutants, the second what is for cargo.
        let status = command
            .args(["--", "--"])
            .args(pass.tests)
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
        let outcomes = serde_json::from_str(&text).context("outcomes.json is not JSON")?;
        read(&outcomes, asked)
    }
}

/// A mutant's name as the regular expression that fits it alone. Not every sign may be escaped: `\\<` is the start of a word.
fn escaped(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// How they ended; where some are `asked` for, these alone: cargo mutants leaves fields out whatever names it is given.
fn read(outcomes: &Value, asked: Option<&[String]>) -> Result<Outcome> {
    let list = outcomes["outcomes"]
        .as_array()
        .context("outcomes.json has no `outcomes`")?;
    let mut read = Outcome::default();
    for outcome in list {
        let Some(name) = outcome["scenario"]["Mutant"]["name"].as_str() else {
            continue;
        };
        if asked.is_some_and(|asked| !asked.iter().any(|asked| asked == name)) {
            continue;
        }
        match outcome["summary"].as_str() {
            // One that hangs does not get past the tests either. On a machine that is busy with something else, look at them.
            Some("Timeout") => {
                read.caught += 1;
                read.hung.push(name.to_owned());
            }
            Some("CaughtMutant") => read.caught += 1,
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

    use super::{Outcome, escaped, read};

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
            hung: vec!["c".to_owned()],
            missed: vec!["b".to_owned()],
            unviable: 1,
        };
        assert_eq!(read(&outcomes, None).unwrap(), wanted);
        let asked = ["b".to_owned(), "d".to_owned()];
        assert_eq!(read(&outcomes, Some(&asked)).unwrap().tried(), 2);
        assert!(read(&json!({"outcomes": [mutant("e", "Failure")]}), None).is_err());
    }

    #[test]
    fn a_mutant_is_named_by_all_of_its_text() {
        let name = "src/a.rs:7:5: replace a(b) -> Option<[u8; 2]> with Some([1; 2])";
        assert_eq!(
            escaped(name),
            r"src/a\.rs:7:5: replace a\(b\) -> Option<\[u8; 2\]> with Some\(\[1; 2\]\)"
        );
    }
}
