//! What commands about a running proxy's database and gateway have in common: how they begin, and how they end.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use calypso_proxy::Config;

/// Does it, and says why it could not be done. Ends with 1 then.
#[expect(
    clippy::print_stderr,
    reason = "why a command failed goes to the terminal"
)]
pub(super) fn run(work: impl Future<Output = anyhow::Result<()>>) -> ExitCode {
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
        .and_then(|runtime| runtime.block_on(work));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("calypso-proxy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The configuration, without the widget's files, which are of no use to a command.
///
/// # Errors
/// When it cannot be used, with the command that says why.
pub(super) fn config(path: &Path) -> anyhow::Result<Config> {
    let mut config = Config::read(path).config.with_context(|| {
        format!(
            "the configuration cannot be used; `calypso-proxy check --config {}` says why",
            path.display()
        )
    })?;
    config.assets = None;
    Ok(config)
}
