//! `calypso-proxy migrate`

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use calypso_proxy::{Config, Migrated};

/// Brings the database up to date and says from which version to which. Ends with 1 when it cannot.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer is this command's output"
)]
pub(crate) fn run(config: &Path) -> ExitCode {
    match migrated(config) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("calypso-proxy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn migrated(config: &Path) -> anyhow::Result<String> {
    let config = Config::load(config).context("the configuration cannot be used")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let Migrated { from, to } = runtime.block_on(calypso_proxy::migrate(&config.database))?;
    let database = &config.database;
    Ok(match from {
        0 => format!("{database}: made the tables of schema {to}"),
        _ if from == to => format!("{database}: has schema {to} already"),
        _ => format!("{database}: brought from schema {from} to {to}"),
    })
}
