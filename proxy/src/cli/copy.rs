//! `calypso-proxy copy`

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use calypso_proxy::{Config, Copied, DatabasePlace, PostgresPlace};

/// Copies the configured SQLite file to a PostgreSQL database and prints each table. Ends with 1 when nothing was copied.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer is this command's output"
)]
pub(crate) fn run(config: &Path, to: &str) -> ExitCode {
    match copied(config, to) {
        Ok((target, tables)) => {
            println!("{:<24} {:>12}", "table", "rows");
            for Copied { table, rows } in &tables {
                println!("{table:<24} {rows:>12}");
            }
            println!("copied to {target}: each row was read back and is the same");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("calypso-proxy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn copied(config: &Path, to: &str) -> anyhow::Result<(PostgresPlace, Vec<Copied>)> {
    let target = match DatabasePlace::postgres(to) {
        Ok(DatabasePlace::Postgres(target)) => target,
        Ok(DatabasePlace::File(_)) => bail!("`--to` is no postgres:// URL"),
        Err(reason) => bail!("`--to` {reason}"),
    };
    let config = Config::load(config).context("the configuration cannot be used")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let tables = runtime.block_on(calypso_proxy::copy(&config.database, &target))?;
    Ok((target, tables))
}
