//! `cargo xtask test`: every check, in the order in which a failure is cheapest.

mod counting;
mod node_steps;
pub(crate) mod screenshots;
mod steps;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use counting::Count;
use steps::{STEPS, Step};

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Runs this step alone.
    #[arg(long, value_name = "STEP", conflicts_with = "from")]
    only: Option<String>,
    /// Begins at this step.
    #[arg(long, value_name = "STEP")]
    from: Option<String>,
    /// Goes on after a failed step.
    #[arg(long)]
    keep_going: bool,
    /// Names the steps and runs nothing.
    #[arg(long)]
    list: bool,
}

/// How one step ended.
struct Outcome {
    step: &'static Step,
    count: Count,
    took: Duration,
}

/// Runs the steps. The last line says how many checks passed and how many failed: each test of a test run is one, and so
/// is each other step.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.list {
        for step in STEPS {
            println!("{:<16} {}", step.name, step.about);
        }
        return Ok(());
    }
    let chosen = choose(options)?;
    let mut outcomes = Vec::new();
    for step in &chosen {
        println!("\n== {}: {}", step.name, step.about);
        let start = Instant::now();
        let count = (step.run)(workspace).unwrap_or_else(|error| {
            eprintln!("{}: {error:#}", step.name);
            Count {
                passed: 0,
                failed: 1,
            }
        });
        let took = start.elapsed();
        println!("== {} took {}", step.name, seconds(took));
        let failed = count.failed > 0;
        outcomes.push(Outcome { step, count, took });
        if failed && !options.keep_going {
            break;
        }
    }
    let sum = report(&outcomes, &chosen[outcomes.len()..]);
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed > 0 {
        // Not by an error: its text would come after the line that others read as the last one.
        std::process::exit(1);
    }
    Ok(())
}

fn choose(options: &Options) -> Result<Vec<&'static Step>> {
    let position = |name: &str| {
        STEPS
            .iter()
            .position(|step| step.name == name)
            .with_context(|| {
                let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
                format!(
                    "there is no step {name}; the steps are {}",
                    names.join(", ")
                )
            })
    };
    let chosen = match (&options.only, &options.from) {
        (Some(only), _) => {
            let at = position(only)?;
            &STEPS[at..=at]
        }
        (None, Some(from)) => &STEPS[position(from)?..],
        (None, None) => STEPS,
    };
    if chosen.is_empty() {
        bail!("no step is left to run");
    }
    Ok(chosen.iter().collect())
}

fn report(outcomes: &[Outcome], not_run: &[&Step]) -> Count {
    println!(
        "\n{:<12} {:>8} {:>8} {:>9}",
        "step", "passed", "failed", "time"
    );
    let mut sum = Count::default();
    for Outcome { step, count, took } in outcomes {
        println!(
            "{:<12} {:>8} {:>8} {:>9}",
            step.name,
            count.passed,
            count.failed,
            seconds(*took)
        );
        sum += *count;
    }
    for step in not_run {
        println!("{:<12} {:>8}", step.name, "not run");
    }
    sum
}

fn seconds(took: Duration) -> String {
    format!("{}.{} s", took.as_secs(), took.subsec_millis() / 100)
}
