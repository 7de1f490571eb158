//! What strangers can do to the proxy, as figures: `cargo xtask bench` builds the programs and runs this.
//!
//! Proxy and sandbox run as programs of their own, as a shop runs them. Everything stays on this computer: each client calls
//! from an address of 127.0.0.0/8, which Linux has all of, so that the proxy's limits by network have something to tell apart.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark talks to a person"
)]

mod answers;
mod attack;
mod clients;
mod closed_page;
mod flood;
mod honest;
mod latency;
mod load;
mod log;
mod open_files;
mod overload;
mod place;
mod programs;
mod push;
mod random;
mod talk;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "What strangers can do to the proxy, as figures")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Clients that never read, never finish a head, or leave at random, beside honest buyers.
    Clients {
        #[command(flatten)]
        programs: programs::Programs,
        #[command(flatten)]
        options: clients::Options,
    },
    /// Anonymous creations without end from one network, beside a payment on a closed page.
    Flood {
        #[command(flatten)]
        programs: programs::Programs,
        #[command(flatten)]
        options: flood::Options,
    },
    /// Four times as many requests as the proxy can answer, at a rate that does not wait for it.
    Overload {
        #[command(flatten)]
        programs: programs::Programs,
        #[command(flatten)]
        options: overload::Options,
    },
    /// Answers a second and how soon, beside a bare server and beside a proxy written with Express.
    Proxy {
        #[command(flatten)]
        programs: programs::Programs,
        #[command(flatten)]
        options: answers::Options,
    },
    /// Thousands of pages that listen to their checkouts' event streams.
    Push {
        #[command(flatten)]
        programs: programs::Programs,
        #[command(flatten)]
        options: push::Options,
    },
}

fn main() -> ExitCode {
    let missed = match Arguments::parse().command {
        Command::Clients { programs, options } => clients::run(&programs, &options),
        Command::Flood { programs, options } => flood::run(&programs, &options),
        Command::Overload { programs, options } => overload::run(&programs, &options),
        Command::Proxy { programs, options } => answers::run(&programs, &options),
        Command::Push { programs, options } => push::run(&programs, &options),
    };
    match missed {
        Ok(missed) if missed.is_empty() => ExitCode::SUCCESS,
        Ok(missed) => {
            for goal in missed {
                eprintln!("missed: {goal}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
