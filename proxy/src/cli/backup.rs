//! `calypso-proxy backup`

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use calypso_proxy::{BackedUp, Config};

/// Backs the configured SQLite file up, and says what is in the backup. Ends with 1 when there is none.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer is this command's output"
)]
pub(crate) fn run(config: &Path, to: &Path) -> ExitCode {
    match backed_up(config, to) {
        Ok(BackedUp {
            schema,
            tables,
            rows,
            bytes,
        }) => {
            println!(
                "{}: {rows} rows in {tables} tables of schema {schema}, {bytes} bytes, read through after it was written",
                to.display()
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("calypso-proxy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn backed_up(config: &Path, to: &Path) -> anyhow::Result<BackedUp> {
    let config = Config::load(config).context("the configuration cannot be used")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .context("cannot start the runtime")?;
    Ok(runtime.block_on(calypso_proxy::backup(&config.database, to))?)
}
