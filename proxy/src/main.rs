//! `calypso-proxy`: the signing proxy as a program.

mod cli;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Keeps the Calypso secret on the merchant's side, decides the price, and remembers.
///
/// Buyers' pages talk to this proxy; the proxy talks to the gateway. Put something that speaks TLS in front of it.
#[derive(Parser)]
#[command(
    name = "calypso-proxy",
    version,
    propagate_version = true,
    max_term_width = 100
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until it is told to stop (SIGINT, SIGTERM or SIGHUP), then lets open requests finish.
    ///
    /// Logs go to standard error: one line each, or JSON with CALYPSO_PROXY_LOG_FORMAT=json. What is logged is set by RUST_LOG,
    /// by default `info`.
    Serve {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        time: Time,
    },
    /// Tells what is right and wrong with a configuration, without serving: values, database, widget files, gateway.
    ///
    /// Ends with 0 when everything is right, with 1 when something is wrong.
    Check {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        time: Time,
    },
}

#[derive(Args)]
struct WithConfig {
    /// The configuration file; `config.example.toml` documents every key.
    ///
    /// Environment variables override it: CALYPSO_PROXY_LISTEN, CALYPSO_PROXY_GATEWAY__BASE_URL and so on. Secrets come from
    /// CALYPSO_PROXY_MERCHANT_KEY and CALYPSO_PROXY_GATEWAY__SECRET, or from the files the configuration names.
    #[arg(long, value_name = "FILE", env = "CALYPSO_PROXY_CONFIG")]
    config: PathBuf,
}

#[derive(Args)]
struct Time {
    /// Takes the time of checkouts, prices and expiries from the sandbox gateway at this address, such as http://127.0.0.1:8090/,
    /// so that moving its clock moves this proxy alike. Refused unless sandbox and gateway are on this computer.
    #[arg(long, value_name = "URL")]
    sandbox_clock: Option<String>,
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Serve { with, time } => {
            cli::serve::run(&with.config, time.sandbox_clock.as_deref())
        }
        Command::Check { with, time } => {
            cli::check::run(&with.config, time.sandbox_clock.as_deref())
        }
    }
}
