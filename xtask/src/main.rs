//! Every developer command of the project; `cargo xtask help` lists them.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to a person"
)]

mod arrange;
mod bench;
mod bindgen;
mod browser_start;
mod demo;
mod loader_source;
mod mutants;
mod optimise;
mod reproducible;
mod script;
mod shell;
mod size;
mod slim;
mod stylesheet;
mod supply;
mod test;
mod tidy;
mod tools;
mod trial;
mod trunk;
mod verify_page;
mod widget_build;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Every developer command of the project")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts shop, proxy and sandbox on one port; needs nothing but cargo.
    Demo(demo::Options),
    /// Runs every check, in the order in which a failure is cheapest.
    Test(test::Options),
    /// Builds the widget into dist/widget and starts it once in Chromium.
    Build(widget_build::Options),
    /// Prints the sizes a buyer downloads and fails above the gate.
    Size(size::Options),
    /// Builds the shipped widget twice, in two directories, and compares every byte.
    Reproducible,
    /// Takes pictures of every screen into target/screenshots.
    Screenshots(test::screenshots::Options),
    /// Writes the committed copy of the Rust advisories anew.
    Advisories(supply::Options),
    /// Changes the code that decides about money in small ways and asks whether a test notices; takes hours without `--sample`.
    Mutants(mutants::Options),
    /// Prints what strangers can do to the proxy, as figures, and fails when a goal is missed: `bench clients`, `bench flood`.
    #[command(disable_help_flag = true)]
    Bench(bench::Options),
    /// Runs one of the long trials of the proxy's books; without a name it lists them.
    Trial(trial::Options),
    /// Starts a PostgreSQL for the tests, prints the line to export, and throws it away at Ctrl-C.
    Postgres(tools::postgres::Options),
    /// Checks `trunk build` and `trunk serve`; installing Trunk takes ten minutes.
    Trunk,
    /// Opens the browser once something listens on the port (used by `demo`).
    #[command(hide = true)]
    OpenWhenReady {
        /// The port of the demo.
        port: u16,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a backtrace: the chain of reasons says what to do.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let workspace = Workspace::find()?;
    match command {
        Command::Demo(options) => demo::run(&workspace, &options),
        Command::Test(options) => test::run(&workspace, &options),
        Command::Build(options) => widget_build::run(&workspace, &options),
        Command::Size(options) => size::run(&workspace, &options),
        Command::Reproducible => reproducible::run(&workspace),
        Command::Screenshots(options) => test::screenshots::run(&workspace, &options),
        Command::Advisories(options) => supply::run(&workspace, &options),
        Command::Mutants(options) => mutants::run(&workspace, &options),
        Command::Bench(options) => bench::run(&workspace, &options),
        Command::Trial(options) => trial::run(&workspace, &options),
        Command::Postgres(options) => tools::postgres::serve(&options),
        Command::Trunk => trunk::run(&workspace),
        Command::OpenWhenReady { port } => {
            demo::open_when_ready(port);
            Ok(())
        }
    }
}
