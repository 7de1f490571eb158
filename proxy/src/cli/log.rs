//! The program's log: lines on standard error, as text or JSON.

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

/// What is logged, by the environment variable RUST_LOG; `info` without it.
///
/// # Errors
/// When RUST_LOG is there and says nothing that can be understood.
pub(crate) fn filter() -> Result<EnvFilter> {
    let Some(text) = std::env::var_os("RUST_LOG").filter(|text| !text.is_empty()) else {
        return Ok(EnvFilter::new("info"));
    };
    let text = text
        .into_string()
        .ok()
        .context("environment variable RUST_LOG is not UTF-8 text")?;
    EnvFilter::builder().parse(text).context(
        "environment variable RUST_LOG is no filter: expected a level such as `info`, or parts such as `calypso_proxy=debug`",
    )
}

/// Starts the log. CALYPSO_PROXY_LOG_FORMAT=json makes every line a JSON object; the configuration refuses other words than `json`
/// and `text`.
///
/// # Errors
/// As for [`filter`].
pub(crate) fn start() -> Result<()> {
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter()?)
        .with_writer(std::io::stderr);
    if std::env::var("CALYPSO_PROXY_LOG_FORMAT").is_ok_and(|format| format == "json") {
        log.json().init();
    } else {
        log.with_ansi(false).init();
    }
    Ok(())
}
